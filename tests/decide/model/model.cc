#include "model.h"

#include <algorithm>
#include <chrono>

namespace quotawatch::tests {

std::vector<const Model::Seen*> Model::looks_at(const std::string& session) const {
  std::vector<const Seen*> looks;
  for (const auto& seen : history_) {
    if (seen.session == session) looks.push_back(&seen);
  }
  return looks;
}

// True if nothing of the shown conversation is visible although it may continue: in a shell, in a
// program that has just started, or if the session is gone.
bool Model::hides(const Screen& shown, const Seen& look) {
  if (shown.context != Context::conversation) return false;
  return !look.screen || (look.screen->banner.empty() && look.screen->context != Context::conversation);
}

// The look at which the present banner appeared in its conversation.
const Model::Seen* Model::first_seen(const std::string& session) const {
  const auto looks = looks_at(session);
  const Screen& now = *looks.back()->screen;
  const Seen* first = looks.back();
  for (auto look = looks.rbegin(); look != looks.rend(); ++look) {
    if (hides(now, **look)) continue;
    const auto& then = (*look)->screen;
    if (!then || then->banner != now.banner || then->context != now.context) break;
    if (now.context == Context::conversation && then->text != now.text) break;
    first = *look;
  }
  return first;
}

bool Model::was_seen_coming(const Seen& first) const {
  for (const auto* look : looks_at(first.session)) {
    if (look->screen && look->poll > run_began_ && look->poll < first.poll &&
        look->at.steady >= first.at.steady - std::chrono::minutes{5}) {
      return true;
    }
  }
  return false;
}

// The record says the same as the screen (W1).
bool Model::is_refused(const Pane& pane) {
  const bool says_so = pane.record == Pane::Record::refused || pane.record == Pane::Record::refused_until;
  return says_so && pane.screen.verdict == Verdict::exhausted;
}

// The record's reset counts.
Model::Reset Model::reset_of(const Pane& pane, WallTime now) const {
  Reset reset = reset_on_screen(pane, now);
  if (pane.record != Pane::Record::refused_until || !is_refused(pane)) return reset;
  reset.at = reset_in_record();
  reset.expired = now >= *reset.at && !reset.retry_at;
  return reset;
}

Model::Reset Model::reset_on_screen(const Pane& pane, WallTime now) const {
  constexpr Milliseconds day = std::chrono::hours{24};
  const Screen& screen = pane.screen;
  const Seen& first = *first_seen(pane.session);
  const WallTime seen = first.at.wall;
  const Milliseconds longest = screen.window ? *screen.window + std::chrono::minutes{30} : Milliseconds{day * 32};
  if (screen.reset_after) {
    const WallTime end = seen + *screen.reset_after;
    if (end > seen + longest) return {};
    return {end, now >= end, std::nullopt};
  }
  if (!screen.reset_clock) return {};
  WallTime candidate{*screen.reset_clock};  // on the first day of 1970
  while (candidate + day * 366 <= seen) candidate += day * 366;
  while (candidate <= seen) candidate += day;
  const bool beyond = candidate > seen + longest;
  const bool just_before = candidate - day >= seen - std::chrono::minutes{5};
  const bool may_be_tomorrow = screen.context == Context::block && !beyond;
  if (just_before && !may_be_tomorrow && seen_coming_.at(first.poll).contains(pane.session)) {
    return {candidate - day, false, seen + std::chrono::minutes{1}};
  }
  return {candidate, beyond || now >= candidate, std::nullopt};
}

bool Model::is_hit(const Pane& pane, WallTime now) const {
  // W2.
  if (pane.record == Pane::Record::fine) return false;
  if (pane.record == Pane::Record::under_way && pane.screen.verdict == Verdict::exhausted) return false;
  if (pane.screen.unknown_wording && !is_refused(pane) && !quota_.count_unknown_wording) return false;
  const bool limit = pane.screen.verdict == Verdict::exhausted ||
                     (pane.screen.verdict == Verdict::throttled && quota_.count_throttled);
  return limit && !reset_of(pane, now).expired;
}

// The last look at the banner that the session shows, or would show if its hidden conversation
// became visible again.
const Model::Seen* Model::last_banner(const std::string& session) const {
  const Seen* shown = nullptr;
  for (const auto* look : looks_at(session)) {
    if (shown != nullptr && hides(*shown->screen, *look)) continue;
    const bool banner = look->screen && !look->screen->banner.empty();
    shown = banner ? look : nullptr;
  }
  return shown;
}

// What the session showed when the switch was requested, as far as known.
std::optional<Screen> Model::shown_at(const Asked& asked, const std::string& session) const {
  if (const auto then = asked.shown.find(session); then != asked.shown.end()) return then->second;
  const auto banner = asked.banners.find(session);
  if (banner == asked.banners.end()) return std::nullopt;
  for (const auto* look : looks_at(session)) {
    if (look->poll <= asked.poll || !look->screen) continue;
    const bool same = look->screen->banner == banner->second;
    return same && look->screen->context == Context::block ? look->screen : std::nullopt;
  }
  return std::nullopt;
}

// A3.
bool Model::is_stale(const Pane& pane, WallTime now) const {
  if (!last_done_) return false;
  const Asked& last = switches_[*last_done_];
  const auto then = shown_at(last, pane.session);
  bool changed = false;
  for (const auto* look : looks_at(pane.session)) {
    if (look->poll <= last.poll || !then || !look->screen) continue;
    if (hides(*then, *look)) continue;
    const bool same = look->screen->banner == then->banner && look->screen->text == then->text &&
                      look->screen->context == then->context;
    changed = changed || !same;
  }
  if (then && !changed) return true;
  const auto reset = reset_of(pane, now).at;
  return reset && reset == last.request.reset_at && first_seen(pane.session)->under_way == last_done_;
}

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

void Model::note_proof(const std::vector<Pane>& panes, Moment now) {
  if (!awaits_proof(now.wall)) return;
  bool proved = false;
  for (const auto& pane : panes) {
    const bool on = pane.kind == Pane::Kind::screen && pane.went_on && pane.screen.banner.empty();
    // One that still runs on the account left says nothing (A8).
    proved = proved || (on && account_of(pane.session) == active_);
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
void Model::note_again(const std::vector<Pane>& panes, Moment now) {
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen) continue;
    if (pane.screen.banner.empty()) continue;
    if (first_seen(pane.session)->poll == polls_) {
      again_.erase(pane.session);
      charged_.erase(pane.session);
      if (stopped_.contains(pane.session)) again_.insert(pane.session);
    }
    if (pane.shared || charged_.contains(pane.session)) continue;
    if (is_hit(pane, now.wall) && is_stale(pane, now.wall)) stopped_.insert(pane.session);
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
    if (!near || !again_.contains(hit.pane->session) || hit.reset.retry_at) return {};
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

// A1.
WallTime Model::wait_after_failure(Moment now) {
  Milliseconds wait = quota_.poll_interval;
  for (int doubled = 0; doubled < failures_; ++doubled) wait = std::min(wait * 2, quota_.cooldown);
  wait = std::min(wait, quota_.cooldown);
  ++failures_;
  retry_at_ = now.steady + wait;
  return now.wall + wait;
}

// Rule 1.
std::optional<Event> Model::skip(Moment now) const {
  Event skipped = event(EventKind::skip, now);
  if (in_flight_) {
    skipped.reason = "pending";
    skipped.id = in_flight_id();
  } else if (retry_at_ && now.steady < *retry_at_) {
    skipped.reason = "backoff";
    skipped.retry_at = now.wall + (*retry_at_ - now.steady);
  } else if (untaken_ && untaken_->given_up) {
    skipped.reason = "ineffective";
    skipped.retry_at = untaken_->reset_at;
  } else if (cooling_down(now.steady)) {
    skipped.reason = "cooldown";
    skipped.retry_at = now.wall + (*cooldown_began_ + quota_.cooldown - now.steady);
  } else {
    return std::nullopt;
  }
  return skipped;
}

// Rule 3.
Model::Count Model::count(const std::vector<Hit>& hits) const {
  Count made;
  int fresh_pool = 0;
  int fresh_interactive = 0;
  const Hit* lone = nullptr;
  for (const auto& hit : hits) {
    if (hit.charged) continue;
    ++(hit.pane->pool ? made.pool : made.interactive);
    if (hit.stale) continue;
    ++(hit.pane->pool ? fresh_pool : fresh_interactive);
    if (!made.first) made.first = &hit;
    if (!lone && hit.lone) lone = &hit;
    if (is_refused(*hit.pane) || (hit.reset.at && !hit.pane->screen.unknown_wording)) made.sure = true;
    if (hit.reset.at && (!made.latest || *hit.reset.at > *made.latest->reset.at)) made.latest = &hit;
  }
  if (made.pool >= quota_.pool_threshold && fresh_pool > 0) made.blocked = true;
  if (made.interactive >= quota_.interactive_threshold && fresh_interactive > 0) made.blocked = true;
  if (lone && !made.blocked) {
    made.blocked = made.lone = true;
    made.first = lone;
  }
  return made;
}

// Records every session; true if a capture failed.
bool Model::look(const std::vector<Pane>& panes, Moment now) {
  ++polls_;
  const auto under_way = in_flight_ || !cooling_down(now.steady) ? in_flight_ : last_done_;
  bool unknown = false;
  for (const auto& pane : panes) {
    note_program(pane);
    if (pane.kind == Pane::Kind::failed) unknown = true;
    if (pane.kind == Pane::Kind::ended) ended_[polls_].insert(pane.session);
    if (pane.kind == Pane::Kind::screen && pane.went_on) went_on_[polls_].insert(pane.session);
    if (pane.kind == Pane::Kind::failed || pane.kind == Pane::Kind::ended) continue;
    const bool gone = pane.kind == Pane::Kind::absent;
    history_.push_back({polls_, now, under_way, pane.session, gone ? std::nullopt : std::optional(pane.screen)});
    if (!gone && was_seen_coming(history_.back())) seen_coming_[polls_].insert(pane.session);
  }
  seen_coming_[polls_];
  return unknown;
}

// Rule 2.
std::vector<Model::Hit> Model::hits_of(const std::vector<Pane>& panes, Moment now) const {
  std::vector<Hit> hits;
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || pane.shared || !is_hit(pane, now.wall)) continue;
    hits.push_back({&pane, is_stale(pane, now.wall), reset_of(pane, now.wall)});
    const auto charged = charged_.find(pane.session);
    const bool again = untaken_ && !untaken_->requested_again && !untaken_->given_up && charged != charged_.end() &&
                       charged->second.account == untaken_->from;
    hits.back().charged = charged != charged_.end() && !again;
    hits.back().lone = is_lone(hits.back(), panes, now);
  }
  return hits;
}

// A3: once.
void Model::report_stale(const std::vector<Hit>& hits, Moment now, Outcome& outcome) {
  for (const auto& hit : hits) {
    if (!hit.stale || !said_stale_.insert(hit.pane->session).second) continue;
    Event stale = event(EventKind::stale, now);
    stale.session = hit.pane->session;
    stale.rule = rule_of(hit.pane->screen);
    stale.snippet = hit.pane->screen.banner;
    stale.reset_at = hit.reset.at;
    outcome.events.push_back(stale);
  }
}

void Model::clear(const std::string& reason, const Count& counted, Moment now, Outcome& outcome) {
  Event cleared = event(EventKind::clear, now);
  cleared.reason = reason;
  cleared.pool = counted.pool;
  cleared.interactive = counted.interactive;
  outcome.events.push_back(cleared);
  suspicion_.reset();
}

Outcome Model::poll(const std::vector<Pane>& panes, Moment now) {
  const bool unknown = look(panes, now);
  note_proof(panes, now);
  note_use(panes);
  note_again(panes, now);
  note_charges(panes, now.wall);
  charged_now_.clear();
  for (const auto& hit : hits_of(panes, now)) {
    const auto charge = charged_.find(hit.pane->session);
    if (charge != charged_.end()) charged_now_ += hit.pane->session + " is charged to " + charge->second.account + "; ";
  }
  if (untaken_ && untaken_->reset_at <= now.wall) untaken_.reset();
  last_hits_.clear();
  for (const auto& pane : panes) {
    if (pane.kind == Pane::Kind::screen && !pane.shared && is_hit(pane, now.wall)) last_hits_.push_back(pane.session);
  }
  if (auto skipped = skip(now)) return {{*skipped}, std::nullopt};
  Outcome outcome;
  const auto hits = hits_of(panes, now);
  report_stale(hits, now, outcome);
  const Count counted = count(hits);
  const bool waits = suspicion_ && suspicion_->confirmed;
  const bool old = suspicion_ && now.steady > suspicion_->since + 3 * quota_.poll_interval;
  if (old && !waits) clear("too_old", counted, now, outcome);
  if (!counted.blocked) {
    if (!unknown && suspicion_) clear("below_thresholds", counted, now, outcome);
    if (!unknown) said_exhausted_ = false;
    if (!unknown && untaken_ && !untaken_->requested_again) untaken_.reset();
    switch_early(panes, counted, now, outcome);
  } else if (const auto untaken = untaken_hits(hits, now.wall); !untaken.empty()) {
    report_untaken(untaken, now, outcome);
  } else if (!counted.sure && !suspicion_) {
    Event suspect = with_trigger(event(EventKind::suspect, now), counted);
    suspect.confirmed = false;
    outcome.events.push_back(suspect);
    suspicion_ = Suspicion{now.steady, false};
  } else {
    act(counted, panes, now, outcome);
  }
  return outcome;
}

// Rule 5 and A7.
void Model::act(const Count& count, const std::vector<Pane>& panes, Moment now, Outcome& outcome) {
  limited_until_[active_] = !count.latest                  ? now.wall + quota_.unknown_reset
                            : count.latest->reset.retry_at ? *count.latest->reset.retry_at
                                                           : *count.latest->reset.at;
  for (const auto& hit : hits_of(panes, now)) {
    if (!hit.charged || !hit.reset.at) continue;
    const auto& charge = charged_.at(hit.pane->session);
    if (charge.learnt && charge.account == active_) limit(active_, hit.reset.retry_at.value_or(*hit.reset.at));
  }
  if (quota_.switch_at.value > 0 && !accounts_.empty()) used_up_[active_] = limited_until_[active_];
  auto to = accounts_.empty() ? std::optional<std::string>("") : free_account(now.wall);
  if (untaken_ && !accounts_.empty()) {
    const auto limit = limited_until_.find(untaken_->to);
    if (limit == limited_until_.end() || limit->second <= now.wall) to = untaken_->to;
  }
  if (!to) {
    suspicion_ = Suspicion{now.steady, true};
    if (said_exhausted_) return;
    said_exhausted_ = true;
    Event nowhere = with_trigger(event(EventKind::exhausted_everywhere, now), count);
    nowhere.from = active_;
    nowhere.retry_at = next_free();
    outcome.events.push_back(nowhere);
    return;
  }
  ask(with_trigger(event(EventKind::switch_, now), count), *to, panes, now, outcome);
}

void Model::ask(Event asked, const std::string& to, const std::vector<Pane>& panes, Moment now, Outcome& outcome) {
  asked.id = "#" + std::to_string(++asked_);
  asked.from = active_;
  asked.to = to;
  asked.confirmed = true;
  outcome.events.push_back(asked);
  outcome.request =
      SwitchRequest{*asked.id, active_, to, *asked.session, asked.reset_text.value_or(""), asked.reset_at, now.wall};
  in_flight_ = switches_.size();
  switches_.push_back({*outcome.request, polls_, {}, {}, {}});
  for (const auto& pane : panes) {
    const Seen* shown = last_banner(pane.session);
    if (shown == nullptr) continue;
    // For plain screens, a run knows only what it has seen itself.
    if (shown->screen->context == Context::block && shown->poll <= run_began_) continue;
    switches_.back().shown[pane.session] = *shown->screen;
  }
  suspicion_.reset();
  said_exhausted_ = false;
}

// Those in reserve only if there is no other.
std::vector<std::string> Model::free_accounts(WallTime now) const {
  std::vector<std::string> free;
  std::vector<std::string> reserve;
  for (const auto& account : accounts_) {
    const auto limit = limited_until_.find(account);
    if (account == active_ || (limit != limited_until_.end() && now < limit->second)) continue;
    const bool kept = std::count(reserve_.begin(), reserve_.end(), account) > 0;
    (kept ? reserve : free).push_back(account);
  }
  return free.empty() ? reserve : free;
}

// `early`: before the wall, and so of those that are known to be lower.
std::optional<std::string> Model::free_account(WallTime now, bool early) const {
  std::optional<std::string> best;
  const auto last_active = [this](const std::string& account) {
    const auto found = std::find(activations_.rbegin(), activations_.rend(), account);
    return activations_.rend() - found;  // 0: never
  };
  for (const auto& account : free_accounts(now)) {
    const bool reserve = std::count(reserve_.begin(), reserve_.end(), account) > 0;
    const auto use = known_use(account, now);
    if (early && (reserve || !use || *use > std::max(quota_.switch_at.value - 10, 0))) continue;
    if (drains_) return account;
    if (!best || last_active(account) < last_active(*best)) best = account;
  }
  return best;
}

WallTime Model::next_free() const {
  std::vector<WallTime> instants;
  for (const auto& account : accounts_) {
    if (account != active_) instants.push_back(limited_until_.at(account));
  }
  if (instants.empty()) return limited_until_.at(active_);
  return *std::min_element(instants.begin(), instants.end());
}

// A1.
Outcome Model::end(const std::string& id, bool done, Moment now) {
  if (!in_flight_ || in_flight_id() != id) return {};
  Asked& ended = switches_[*in_flight_];
  Event ended_event = event(done ? EventKind::switch_done : EventKind::switch_failed, now);
  ended_event.id = id;
  ended_event.from = ended.request.from;
  ended_event.to = ended.request.to;
  if (done) {
    ended_event.sessions = last_hits_;
    ended.done_at = now.wall;
    ended.done_poll = polls_;
    last_done_ = in_flight_;
    const bool again = untaken_ && untaken_->from == ended.request.from && untaken_->to == ended.request.to;
    if (again) untaken_->requested_again = true;
    if (!again) untaken_.reset();
    stopped_.clear();
    again_.clear();
    for (const auto& [session, shown] : ended.shown) {
      if (stood_when_done(ended, session)) stopped_.insert(session);
    }
    for (auto& said : said_[ended.request.from]) {
      if (quota_.switch_at.value > 0 && said.percent >= quota_.switch_at.value) said.left = true;
    }
    cooldown_began_ = now.steady;
    active_ = ended.request.to;
    activations_.push_back(active_);
    eras_.push_back({active_, ended.request.asked_at});
    said_stale_.clear();
    failures_ = 0;
    retry_at_.reset();
  } else {
    ended_event.retry_at = wait_after_failure(now);
  }
  in_flight_.reset();
  return {{ended_event}, std::nullopt};
}

// A manual switch is done at once.
void Model::use(const std::string& account, Moment now) {
  Asked by_hand{{"by hand", active_, account, "", "", std::nullopt, now.wall}, polls_, now.wall, {}, {}};
  if (const auto limit = limited_until_.find(active_); limit != limited_until_.end()) {
    by_hand.request.reset_at = limit->second;
  }
  for (const auto& seen : history_) {
    const Seen* shown = last_banner(seen.session);
    if (shown == nullptr) continue;
    if (shown->screen->context == Context::block && shown->poll <= run_began_) {
      by_hand.banners[seen.session] = shown->screen->banner;
    } else {
      by_hand.shown[seen.session] = *shown->screen;
    }
  }
  untaken_.reset();
  stopped_.clear();
  again_.clear();
  for (const auto& seen : history_) {
    if (last_banner(seen.session) != nullptr) stopped_.insert(seen.session);
  }
  last_done_ = switches_.size();
  switches_.push_back(std::move(by_hand));
  cooldown_began_ = now.steady;
  active_ = account;
  activations_.push_back(active_);
  eras_.push_back({active_, now.wall});
  said_stale_.clear();
  failures_ = 0;
  retry_at_.reset();
  suspicion_.reset();
  said_exhausted_ = false;
}

// The operator, who frees an account, knows better than what stands on its sessions.
void Model::ignore_standing(const std::string& account) {
  for (const auto& seen : history_) {
    const bool its = account != active_ && account_of(seen.session) == account && last_banner(seen.session) != nullptr;
    if (its) charged_[seen.session] = {account, polls_, true};
  }
  for (auto& [session, charge] : charged_) charge.learnt = charge.learnt || charge.account == account;
}

Outcome Model::obey(const AccountCommand& command, Moment now) {
  const bool known = std::find(accounts_.begin(), accounts_.end(), command.account) != accounts_.end();
  if (!known) return {};
  Event done = event(EventKind::account, now);
  done.account = command.account;
  if (command.kind == AccountCommand::Kind::free) {
    done.reason = "free";
    if (limited_until_.erase(command.account) == 0) return {};
    said_.erase(command.account);
    used_up_.erase(command.account);
    ignore_standing(command.account);
    if (untaken_ && untaken_->from == command.account) untaken_.reset();
  } else {
    if (in_flight_ || command.account == active_) return {};
    done.reason = "use";
    done.from = active_;
    use(command.account, now);
  }
  return {{done}, std::nullopt};
}

void Model::kill() {
  run_began_ = polls_;
  last_hits_.clear();
  suspicion_.reset();
  retry_at_.reset();
  failures_ = 0;
}

Outcome Model::restart(Moment now) {
  kill();
  if (last_done_) {
    const Milliseconds ago = now.wall - switches_[*last_done_].done_at;
    cooldown_began_ = now.steady - std::max(ago, Milliseconds{0});
  }
  if (!in_flight_) return {};
  const SwitchRequest& request = switches_[*in_flight_].request;
  Event resumed = event(EventKind::switch_resumed, now);
  resumed.id = request.id;
  resumed.from = request.from;
  resumed.to = request.to;
  resumed.reset_at = request.reset_at;
  return {{resumed}, request};
}

std::vector<WallTime> Model::switch_times() const {
  std::vector<WallTime> times;
  for (const auto& era : eras_) {
    if (era.since != WallTime::min()) times.push_back(era.since);
  }
  return times;
}

std::vector<Milliseconds> Model::boundaries(const std::vector<Pane>& panes, Moment now) const {
  std::vector<Milliseconds> gaps{quota_.poll_interval};
  if (cooldown_began_) gaps.push_back(*cooldown_began_ + quota_.cooldown - now.steady);
  if (retry_at_) gaps.push_back(*retry_at_ - now.steady);
  if (suspicion_) gaps.push_back(suspicion_->since + 3 * quota_.poll_interval - now.steady);
  for (const auto& [account, until] : limited_until_) gaps.push_back(until - now.wall);
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || looks_at(pane.session).empty()) continue;
    if (!looks_at(pane.session).back()->screen) continue;
    if (!pane.screen.banner.empty()) gaps.push_back(stands_since(pane.session) + quota_.lone_after - now.steady);
    if (const auto reset = reset_of(pane, now.wall).at) {
      gaps.push_back(*reset - now.wall);
      gaps.push_back(*reset + std::chrono::minutes{5} - now.wall);
    }
  }
  std::erase_if(gaps, [](Milliseconds gap) { return gap <= Milliseconds{1}; });
  return gaps;
}

}  // namespace quotawatch::tests
