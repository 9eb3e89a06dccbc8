// The model of quota.switch_at.
#include <algorithm>
#include <chrono>

#include "model.h"

namespace quotawatch::tests {
namespace {

using std::chrono::minutes;

constexpr Milliseconds five_hours = std::chrono::hours{5};

}  // namespace

WallTime Model::end_of(const Said& said) { return said.resets ? *said.resets : said.at + five_hours; }

bool Model::is_over(const Said& said, WallTime now) { return now >= end_of(said); }

// What a record says is about the account that its program uses. Where a switch reaches running programs, that is sure
// only of what was said after the cooldown.
void Model::note_use(const std::vector<Pane>& panes) {
  heard_.clear();
  if (quota_.switch_at.value == 0 || accounts_.empty()) return;
  for (const auto& pane : panes) {
    const bool speaks = pane.kind == Pane::Kind::screen && !pane.shared && pane.record != Pane::Record::none;
    if (!speaks || !pane.used_percent) continue;
    if (reaches_ == SwitchReach::running) {
      if (in_flight_) continue;
      if (last_done_ && pane.used_at < switches_[*last_done_].done_at + quota_.cooldown) continue;
    }
    heard_.insert(pane.session);
    auto& all = said_[account_of(pane.session)];
    Said said{*pane.used_percent, pane.use_resets, pane.used_at};
    if (!all.empty()) {
      const Said& before = all.back();
      if (said.at < before.at) continue;
      const bool dated = before.resets && said.resets;
      if (dated || said.percent >= before.percent) said.left_until = before.left_until;
      std::erase_if(said.left_until, [&](WallTime end) { return end <= said.at; });
      if (!said.left_until.empty() && !before.resets && said.resets) said.left_until.insert(*said.resets);
    }
    all.push_back(said);
  }
}

std::optional<int> Model::known_use(const std::string& account, WallTime now) const {
  std::optional<int> known;
  const auto up = used_up_.find(account);
  if (up != used_up_.end()) known = now < up->second ? 100 : 0;
  const auto said = said_.find(account);
  if (said == said_.end() || said->second.empty()) return known;
  const int percent = is_over(said->second.back(), now) ? 0 : said->second.back().percent;
  return std::max(percent, known.value_or(0));
}

// Of the account in use, where it was not left for that already.
std::optional<Model::Near> Model::nearest(const std::vector<Pane>& panes, WallTime now) const {
  std::optional<Near> found;
  const auto said = said_.find(active_);
  std::set<WallTime> left_until;
  if (said != said_.end() && !said->second.empty()) left_until = said->second.back().left_until;
  for (const auto& pane : panes) {
    if (!heard_.contains(pane.session) || account_of(pane.session) != active_) continue;
    if (*pane.used_percent < quota_.switch_at.value || (pane.use_resets && now >= *pane.use_resets)) continue;
    const bool left = std::ranges::any_of(left_until, [&](WallTime end) {
      return !pane.use_resets || std::chrono::abs(*pane.use_resets - end) <= minutes{2};
    });
    if (left) continue;
    if (!found || *pane.used_percent > found->percent) found = Near{pane.session, *pane.used_percent, pane.use_resets};
  }
  return found;
}

void Model::switch_early(const std::vector<Pane>& panes, const Count& counted, Moment now, Outcome& outcome) {
  if (suspicion_ || untaken_) return;
  const auto near = nearest(panes, now.wall);
  if (!near) return;
  const auto to = free_account(now.wall, true);
  if (!to) return;
  Event asked = event(EventKind::switch_, now);
  asked.session = near->session;
  asked.rule = witness_rule;
  asked.reset_at = near->resets;
  asked.percent = near->percent;
  asked.window = "5h";
  asked.pool = counted.pool;
  asked.interactive = counted.interactive;
  asked.reason = "near_limit";
  ask(asked, *to, panes, now, outcome);
}

}  // namespace quotawatch::tests
