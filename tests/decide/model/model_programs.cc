#include <algorithm>
#include <chrono>

#include "model.h"

namespace quotawatch::tests {

// The model of rules A8 to A10: whose limit it is, a switch that did not take, the lone session.

// A8: seen in a session until that is gone or it ends, or another one was started in its place.
void Model::note_program(const Pane& pane) {
  if (pane.kind == Pane::Kind::failed) return;
  if (pane.kind != Pane::Kind::screen) {
    programs_.erase(pane.session);
    return;
  }
  const auto known = programs_.find(pane.session);
  if (known == programs_.end()) {
    programs_[pane.session] = {active_, pane.started};
  } else if (known->second.started && pane.started && known->second.started != pane.started) {
    known->second = {active_, pane.started};
    // A conversation may be drawn again; what a plain screen showed is past.
    const Seen* shown = last_banner(pane.session);
    if (shown != nullptr && shown->screen->context == Context::block) charged_.erase(pane.session);
  } else if (pane.started) {
    known->second.started = pane.started;
  }
}

// The account that was active when the session's program was started.
std::string Model::account_of(const std::string& session) const {
  const auto program = programs_.find(session);
  if (reaches_ == SwitchReach::running || accounts_.empty() || program == programs_.end()) return active_;
  if (!program->second.started) return program->second.account;
  std::string account;
  for (const auto& era : eras_) {
    if (era.since <= *program->second.started) account = era.account;
  }
  return account;
}

void Model::limit(const std::string& account, WallTime until) {
  const auto known = limited_until_.find(account);
  if (known == limited_until_.end() || known->second < until) limited_until_[account] = until;
}

// A8: hits of other accounts than the active one. Their accounts are limited at the first look if that
// names a reset in words that are known or that the record confirms, else at the second.
void Model::note_charges(const std::vector<Pane>& panes, WallTime now) {
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || pane.shared || !is_hit(pane, now)) continue;
    const std::string account = account_of(pane.session);
    if (account != active_) charged_.try_emplace(pane.session, Charge{account, polls_});
    const auto charge = charged_.find(pane.session);
    if (charge == charged_.end() || charge->second.learnt) continue;
    const Reset reset = reset_of(pane, now);
    const bool sure = reset.at && (!pane.screen.unknown_wording || is_refused(pane));
    if (!sure && first_seen(pane.session)->poll == polls_) continue;
    charge->second.learnt = true;
    limit(charge->second.account, reset.retry_at ? *reset.retry_at : reset.at.value_or(now + quota_.unknown_reset));
  }
}

std::string Model::standing(WallTime now) const {
  std::string text = charged_now_;
  for (const auto& [account, until] : limited_until_) {
    if (now < until) text += account + " is limited until " + format_wall_ms(until) + "; ";
  }
  return text;
}

// Since when the session has not gone on, as far as this run has seen. What it shows first is new.
SteadyTime Model::active_at(const std::string& session) const {
  SteadyTime at{};
  int before = 0;  // the poll of the look before, if nothing has ended since
  for (const auto* look : looks_at(session)) {
    if (look->poll <= run_began_) continue;
    bool known = before > 0;
    for (int poll = before; poll <= look->poll; ++poll) {
      const auto ended = ended_.find(poll);
      if (ended != ended_.end() && ended->second.contains(session)) known = false;
    }
    before = look->screen ? look->poll : 0;
    if (!look->screen) continue;
    const auto went_on = went_on_.find(look->poll);
    if (!known || (went_on != went_on_.end() && went_on->second.contains(session))) at = look->at.steady;
  }
  return at;
}

// Since when this run has seen nothing but the present banner.
SteadyTime Model::stands_since(const std::string& session) const {
  const auto looks = looks_at(session);
  const Screen& now = *looks.back()->screen;
  const Seen* first = looks.back();
  for (auto look = looks.rbegin(); look != looks.rend(); ++look) {
    if ((*look)->poll <= run_began_) break;
    const auto& then = (*look)->screen;
    if (!then || then->banner != now.banner || then->context != now.context) break;
    if (now.context == Context::conversation && then->text != now.text) break;
    bool ended = false;
    for (int poll = (*look)->poll; poll <= first->poll; ++poll) {
      const auto at = ended_.find(poll);
      ended = ended || (at != ended_.end() && at->second.contains(session));
    }
    if (ended) break;
    first = *look;
  }
  return first->at.steady;
}

// A10.
bool Model::is_lone(const Hit& hit, const std::vector<Pane>& panes, Moment now) const {
  if (quota_.lone_after == Milliseconds{0} || hit.stale || hit.charged || !hit.reset.at || !hit.pane->pool)
    return false;
  if (hit.pane->screen.context == Context::block) return false;
  SteadyTime since = stands_since(hit.pane->session);
  for (const auto& other : panes) {
    if (!other.pool || other.session == hit.pane->session) continue;
    if (account_of(other.session) != account_of(hit.pane->session)) continue;
    if (other.kind == Pane::Kind::failed) return false;
    if (other.kind == Pane::Kind::screen && !other.shared) since = std::max(since, active_at(other.session));
  }
  return now.steady >= since + quota_.lone_after;
}

// A9: the last switch may still turn out not to have taken.
bool Model::awaits_proof(WallTime now) const {
  if (!last_done_) return false;
  const Asked& last = switches_[*last_done_];
  return !last.took && !last.request.to.empty() && last.request.reset_at && now < *last.request.reset_at;
}

// The session's program was not started since the switch was asked for that it might prove.
bool Model::began_before_switch(const std::string& session) const {
  const auto program = programs_.find(session);
  const Asked& last = switches_[*last_done_];
  if (reaches_ == SwitchReach::running || accounts_.empty() || program == programs_.end()) return false;
  const auto& started = program->second.started;
  if (untaken_ && active_ == untaken_->from) return !started || *started < last.request.asked_at;
  return started && *started < eras_.back().since;
}

void Model::note_proof(const std::vector<Pane>& panes, Moment now) {
  if (!awaits_proof(now.wall)) return;
  bool proved = false;
  for (const auto& pane : panes) {
    const bool on = pane.kind == Pane::Kind::screen && pane.went_on && pane.screen.banner.empty();
    // One that the switch did not reach says nothing (A8).
    proved = proved || (on && account_of(pane.session) == active_ && !began_before_switch(pane.session));
  }
  if (!proved) return;
  Asked& last = switches_[*last_done_];
  last.took = true;
  if (!untaken_) return;
  // A later end was seen while the account left was thought to be active again.
  const auto left = limited_until_.find(untaken_->from);
  if (left != limited_until_.end()) left->second = std::min(left->second, untaken_->reset_at);
  untaken_.reset();
  if (active_ == last.request.to || in_flight_) return;
  active_ = last.request.to;
  activations_.push_back(active_);
  eras_.push_back({active_, last.request.asked_at});
}

// It showed a banner when the switch was asked for, and nothing else until it was done.
bool Model::stood_when_done(const Asked& asked, const std::string& session) const {
  const auto then = asked.shown.find(session);
  if (then == asked.shown.end()) return false;
  for (const auto* look : looks_at(session)) {
    if (look->poll <= asked.poll || look->poll > asked.done_poll || !look->screen) continue;
    if (hides(then->second, *look)) continue;
    const bool same = look->screen->banner == then->second.banner && look->screen->text == then->second.text &&
                      look->screen->context == then->second.context;
    if (!same) return false;
  }
  return true;
}

// At every poll, whether it may decide or not.
void Model::note_again(const std::vector<Pane>& panes) {
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen) continue;
    if (pane.screen.banner.empty()) continue;
    if (first_seen(pane.session)->poll == polls_) {
      again_.erase(pane.session);
      charged_.erase(pane.session);
      if (stopped_.contains(pane.session)) again_.insert(pane.session);
    }
  }
}

// They show a limit of the account left.
void Model::note_stopped(const std::vector<Pane>& panes, Moment now) {
  if (!last_done_) return;
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || pane.shared || !is_hit(pane, now.wall)) continue;
    const auto charge = charged_.find(pane.session);
    const bool left = charge == charged_.end() ? is_stale(pane, now.wall)
                                               : charge->second.account == switches_[*last_done_].request.from;
    if (left) stopped_.insert(pane.session);
  }
}

// A9: within two minutes of that by which the last switch was asked for.
bool Model::names_reset_left(const Hit& hit) const {
  const SwitchRequest& last = switches_[*last_done_].request;
  return hit.reset.at && last.reset_at && *hit.reset.at <= *last.reset_at + std::chrono::minutes{2} &&
         *last.reset_at <= *hit.reset.at + std::chrono::minutes{2};
}

std::vector<const Model::Hit*> Model::untaken_hits(const std::vector<Hit>& hits, WallTime now) const {
  if (!awaits_proof(now) || switches_[*last_done_].ineffective) return {};
  const SwitchRequest& last = switches_[*last_done_].request;
  if (active_ != last.to) return {};
  std::vector<const Hit*> found;
  for (const auto& hit : hits) {
    if (hit.stale || hit.charged || !hit.reset.at) continue;
    const bool unsure = hit.pane->screen.unknown_wording && !is_refused(*hit.pane) && !suspicion_;
    const bool near = names_reset_left(hit);
    if (near && unsure) continue;
    if (!near || hit.reset.retry_at) return {};
    if (!again_.contains(hit.pane->session)) continue;
    found.push_back(&hit);
  }
  return found;
}

void Model::report_untaken(const std::vector<const Hit*>& hits, Moment now, Outcome& outcome) {
  Asked& last = switches_[*last_done_];
  last.ineffective = true;
  if (last.request.id == "by hand") last.request.id = "#" + std::to_string(++asked_);
  Event said = event(EventKind::switch_ineffective, now);
  said.id = last.request.id;
  said.from = last.request.from;
  said.to = last.request.to;
  said.account = last.request.from;
  WallTime until = *last.request.reset_at;
  for (const Hit* hit : hits) {
    said.sessions.push_back(hit->pane->session);
    charged_[hit->pane->session] = {last.request.from, polls_, true};
    until = std::max(until, *hit->reset.at);
  }
  said.reset_at = until;
  limit(last.request.from, until);
  const bool second = untaken_ && untaken_->from == last.request.from && untaken_->to == last.request.to;
  untaken_ = Untaken{last.request.from, last.request.to, until, false, second};
  active_ = last.request.from;
  activations_.push_back(active_);
  eras_.pop_back();
  suspicion_.reset();
  said_exhausted_ = false;
  said.retry_at = second ? until : wait_after_failure(now);
  outcome.events.push_back(said);
}

}  // namespace quotawatch::tests
