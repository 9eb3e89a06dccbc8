#include "sim/check/early_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "quotawatch/duration.h"

namespace quotawatch::sim {
namespace {

constexpr int hysteresis = 10;
constexpr int unknown = 1000;
constexpr Milliseconds rounding = std::chrono::minutes{2};

}  // namespace

EarlyChecker::EarlyChecker(const Config& config) : config_(config), names_(session_names(config)) {}

void EarlyChecker::require(bool holds, std::string_view invariant, Milliseconds at, const std::string& what) {
  if (!holds) violations_.push_back({std::string(invariant), at, what});
}

bool EarlyChecker::is_of_account_now(const JournalChecker& journal, WallTime said) const {
  if (config_.switch_reaches == SwitchReach::restarted) return true;
  if (journal.in_flight()) return false;
  const auto& last = journal.last_done();
  return !last || said >= last->at_wall + config_.quota.cooldown;
}

void EarlyChecker::captured(const TmuxCapture& capture, const JournalChecker& journal, Moment /*began*/) {
  if (config_.quota.switch_at.value == 0) return;
  said_.clear();
  for (std::size_t i = 0; i < capture.panes.size(); ++i) {
    const PaneCapture& pane = capture.panes[i];
    if (!pane.testimony || pane.testimony->use.empty()) continue;
    if (!is_of_account_now(journal, pane.testimony->use_at)) continue;
    const bool restarted = config_.switch_reaches == SwitchReach::restarted && pane.program_started;
    const std::string account = restarted ? journal.active_at(*pane.program_started) : journal.active_account();
    if (account == journal.active_account()) said_[names_[i]] = pane.testimony->use;
    for (const auto& use : pane.testimony->use) {
      Known& known = known_[account][use.window];
      if (pane.testimony->use_at >= known.at) known = {use.percent, use.reset_at, pane.testimony->use_at};
    }
  }
}

int EarlyChecker::use_of(const Uses& uses, const std::string& account, WallTime now) {
  const auto windows = uses.find(account);
  if (windows == uses.end()) return unknown;
  int most = 0;
  for (const auto& [window, known] : windows->second) {
    const bool over = known.reset_at ? *known.reset_at <= now : window > Milliseconds{0} && known.at + window <= now;
    if (!over) most = std::max(most, known.percent);
  }
  return most;
}

void EarlyChecker::check_switch(const Event& event, const JournalChecker& journal, Milliseconds at) {
  const int switch_at = config_.quota.switch_at.value;
  const int percent = event.percent.value_or(0);
  require(switch_at > 0 && percent >= switch_at, "early", at,
          fmt::format("a switch before the wall at {}%, and it may come at {}%", percent, switch_at));
  const auto said = said_.find(event.session.value_or(""));
  if (event.rule == witness_rule) {
    const bool true_now =
        said != said_.end() && std::ranges::find(said->second, percent, &WindowUse::percent) != said->second.end();
    require(true_now, "early: whose", at, fmt::format("{}% were said of another account, or not at all", percent));
  }
  if (journal.is_active_unsure()) return;
  // What a screen said is known once it has stood for two polls, which the journal does not show.
  const int use = use_of(known_, *event.to, event.at);
  const int most = std::max(switch_at - hysteresis, 0);
  require(use <= most || use_of(warned_, *event.to, event.at) <= most, "early: target", at,
          use == unknown ? fmt::format("a switch to {}, of which nothing is known", *event.to)
                         : fmt::format("a switch to {}, which is known to be at {}%", *event.to, use));
  const bool kept = std::ranges::find(config_.reserve, *event.to) != config_.reserve.end();
  require(!kept, "reserve", at, fmt::format("a switch before the wall to {} in reserve", *event.to));
  if (!event.reset_at) return;
  const auto& left = left_[*event.from];
  const bool again =
      std::ranges::any_of(left, [&](WallTime reset) { return std::chrono::abs(reset - *event.reset_at) <= rounding; });
  require(!again, "early: once", at, fmt::format("{} is left before the wall for one window again", *event.from));
}

void EarlyChecker::take(const Event& event, const JournalChecker& journal, Milliseconds at) {
  const bool wall = (event.kind == EventKind::switch_ && event.reason != "near_limit") ||
                    event.kind == EventKind::exhausted_everywhere;
  if (wall) {
    known_[*event.from][Milliseconds{0}] = {100, event.reset_at.value_or(event.at + config_.quota.unknown_reset),
                                            event.at};
  }
  if (event.kind == EventKind::switch_) {
    asked_.reset();
    if (event.reason == "near_limit") asked_ = event;
    if (asked_ && !doubtful_) check_switch(event, journal, at);
  }
  if (event.kind == EventKind::switch_done && asked_ && asked_->id == event.id && asked_->reset_at) {
    left_[*event.from].push_back(*asked_->reset_at);
  }
  if (event.kind == EventKind::near_limit && event.account && event.percent && event.window) {
    warned_[*event.account][parse_duration(*event.window)] = {*event.percent, event.reset_at, event.at};
  }
  if (event.kind == EventKind::account && event.reason == "free") {
    known_.erase(*event.account);
    left_.erase(*event.account);
  }
}

void EarlyChecker::loaded(const std::optional<State>& state) {
  known_.clear();
  if (!state) {
    left_.clear();
    return;
  }
  for (const auto& [account, windows] : state->use) {
    for (const auto& use : windows) known_[account][use.window] = {use.percent, use.reset_at, use.at};
  }
}

}  // namespace quotawatch::sim
