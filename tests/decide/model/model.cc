#include "model.h"

#include <algorithm>
#include <chrono>

namespace quotawatch::tests {

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
  note_again(panes);
  note_charges(panes, now.wall);
  note_stopped(panes, now);
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

}  // namespace quotawatch::tests
