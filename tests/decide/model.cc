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

// The look at which the banner it shows now came and has stayed since.
const Model::Seen* Model::first_seen(const std::string& session) const {
  const auto looks = looks_at(session);
  const Seen* first = looks.back();
  for (auto look = looks.rbegin(); look != looks.rend(); ++look) {
    if ((*look)->screen.banner != looks.back()->screen.banner) break;
    first = *look;
  }
  return first;
}

std::optional<WallTime> Model::reset_of(const Pane& pane) const {
  const WallTime seen = first_seen(pane.session)->at;
  if (pane.screen.reset_after) return seen + *pane.screen.reset_after;
  if (!pane.screen.reset_clock) return std::nullopt;
  constexpr Milliseconds day = std::chrono::hours{24};
  WallTime candidate{*pane.screen.reset_clock};  // on the first day of 1970
  while (candidate + day * 366 <= seen) candidate += day * 366;
  while (candidate <= seen) candidate += day;
  return candidate;
}

bool Model::is_hit(const Pane& pane, WallTime now) const {
  const bool limit = pane.screen.verdict == Verdict::exhausted ||
                     (pane.screen.verdict == Verdict::throttled && quota_.count_throttled);
  if (!limit) return false;
  const auto reset = reset_of(pane);
  if (!reset) return true;
  const WallTime seen = first_seen(pane.session)->at;
  if (pane.screen.window && *reset > seen + *pane.screen.window + std::chrono::minutes{30})
    return false;
  return now < *reset;
}

// What the session was last seen to show in this run; of one that never was, nothing.
std::optional<std::string> Model::last_shown(const std::string& session) const {
  const auto looks = looks_at(session);
  if (looks.empty() || looks.back()->poll <= run_began_) return std::nullopt;
  return looks.back()->screen.text;
}

// A3.
bool Model::is_stale(const Pane& pane) const {
  if (!last_done_) return false;
  const Asked& last = switches_[*last_done_];
  const auto then = last.shown.find(pane.session);
  bool changed = false;
  for (const auto* look : looks_at(pane.session)) {
    if (look->poll > last.poll && then != last.shown.end() && look->screen.text != then->second) {
      changed = true;
    }
  }
  if (then != last.shown.end() && !changed) return true;
  const auto reset = reset_of(pane);
  return reset && reset == last.request.reset_at &&
         first_seen(pane.session)->under_way == last_done_;
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
  for (const auto& hit : hits) {
    ++(hit.pane->pool ? made.pool : made.interactive);
    if (hit.stale) continue;
    ++(hit.pane->pool ? fresh_pool : fresh_interactive);
    if (!made.first) made.first = &hit;
    if (hit.reset_at && (!made.latest || *hit.reset_at > *made.latest->reset_at))
      made.latest = &hit;
  }
  if (made.pool >= quota_.pool_threshold && fresh_pool > 0) made.blocked = true;
  if (made.interactive >= quota_.interactive_threshold && fresh_interactive > 0)
    made.blocked = true;
  return made;
}

// Looks at every session; true if a capture failed.
bool Model::look(const std::vector<Pane>& panes, Moment now) {
  ++polls_;
  const auto under_way = in_flight_ || !cooling_down(now.steady) ? in_flight_ : last_done_;
  bool unknown = false;
  for (const auto& pane : panes) {
    if (pane.kind == Pane::Kind::failed) unknown = true;
    if (pane.kind != Pane::Kind::screen) continue;
    history_.push_back({polls_, now.wall, under_way, pane.session, pane.screen});
  }
  return unknown;
}

// Rule 2; stale hits are told once.
std::vector<Model::Hit> Model::hits_of(const std::vector<Pane>& panes, Moment now,
                                       Outcome& outcome) {
  std::vector<Hit> hits;
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || pane.shared || !is_hit(pane, now.wall)) continue;
    hits.push_back({&pane, is_stale(pane), reset_of(pane)});
    if (!hits.back().stale || !said_stale_.insert(pane.session).second) continue;
    Event stale = event(EventKind::stale, now);
    stale.session = pane.session;
    stale.rule = "rule of " + pane.screen.banner;
    stale.snippet = pane.screen.banner;
    stale.reset_at = hits.back().reset_at;
    outcome.events.push_back(stale);
  }
  return hits;
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
  if (auto skipped = skip(now)) return {{*skipped}, std::nullopt};
  Outcome outcome;
  const auto hits = hits_of(panes, now, outcome);
  const Count counted = count(hits);
  const bool waits = suspicion_ && suspicion_->confirmed;
  const bool old = suspicion_ && now.steady > suspicion_->since + 3 * quota_.poll_interval;
  if (old && !waits) clear("too_old", counted, now, outcome);
  if (!counted.blocked) {
    if (!unknown && suspicion_) clear("below_thresholds", counted, now, outcome);
    if (!unknown) said_exhausted_ = false;
  } else if (!counted.latest && !suspicion_) {
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
  limited_until_[active_] =
      count.latest ? *count.latest->reset_at : now.wall + quota_.unknown_reset;
  const auto to = accounts_.empty() ? std::optional<std::string>("") : free_account(now.wall);
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
  Event asked = with_trigger(event(EventKind::switch_, now), count);
  asked.id = "#" + std::to_string(switches_.size() + 1);
  asked.from = active_;
  asked.to = *to;
  asked.confirmed = true;
  outcome.events.push_back(asked);
  outcome.request =
      SwitchRequest{*asked.id,      active_, *to, *asked.session, asked.reset_text.value_or(""),
                    asked.reset_at, now.wall};
  in_flight_ = switches_.size();
  switches_.push_back({*outcome.request, polls_, {}, {}});
  for (const auto& pane : panes) {
    if (pane.kind == Pane::Kind::absent) continue;
    if (const auto shown = last_shown(pane.session)) switches_.back().shown[pane.session] = *shown;
  }
  suspicion_.reset();
  said_exhausted_ = false;
}

std::optional<std::string> Model::free_account(WallTime now) const {
  std::optional<std::string> best;
  const auto last_active = [this](const std::string& account) {
    const auto found = std::find(activations_.rbegin(), activations_.rend(), account);
    return activations_.rend() - found;  // 0: never
  };
  for (const auto& account : accounts_) {
    const auto limit = limited_until_.find(account);
    if (account == active_ || (limit != limited_until_.end() && now < limit->second)) continue;
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
  Event told = event(done ? EventKind::switch_done : EventKind::switch_failed, now);
  told.id = id;
  told.from = ended.request.from;
  told.to = ended.request.to;
  if (done) {
    ended.done_at = now.wall;
    last_done_ = in_flight_;
    cooldown_began_ = now.steady;
    active_ = ended.request.to;
    activations_.push_back(active_);
    said_stale_.clear();
    failures_ = 0;
    retry_at_.reset();
  } else {
    Milliseconds wait = quota_.poll_interval;
    for (int doubled = 0; doubled < failures_; ++doubled)
      wait = std::min(wait * 2, quota_.cooldown);
    wait = std::min(wait, quota_.cooldown);
    ++failures_;
    retry_at_ = now.steady + wait;
    told.retry_at = now.wall + wait;
  }
  in_flight_.reset();
  return {{told}, std::nullopt};
}

Outcome Model::restart(Moment now) {
  run_began_ = polls_;
  suspicion_.reset();
  retry_at_.reset();
  failures_ = 0;
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

std::vector<Milliseconds> Model::boundaries(const std::vector<Pane>& panes, Moment now) const {
  std::vector<Milliseconds> gaps{quota_.poll_interval};
  if (cooldown_began_) gaps.push_back(*cooldown_began_ + quota_.cooldown - now.steady);
  if (retry_at_) gaps.push_back(*retry_at_ - now.steady);
  if (suspicion_) gaps.push_back(suspicion_->since + 3 * quota_.poll_interval - now.steady);
  for (const auto& [account, until] : limited_until_) gaps.push_back(until - now.wall);
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || looks_at(pane.session).empty()) continue;
    if (const auto reset = reset_of(pane)) gaps.push_back(*reset - now.wall);
  }
  std::erase_if(gaps, [](Milliseconds gap) { return gap <= Milliseconds{1}; });
  return gaps;
}

}  // namespace quotawatch::tests
