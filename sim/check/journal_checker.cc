#include "sim/check/journal_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "quotawatch/duration.h"

namespace quotawatch::sim {

JournalChecker::JournalChecker(const Config& config, Milliseconds tolerance)
    : config_(config), tolerance_(tolerance), next_wait_(config.quota.poll_interval), active_(config.active_account) {}

void JournalChecker::take(const JournalEntry& entry, Milliseconds decided_at) {
  assert(decided_at <= entry.offset);
  assert(entry.run >= run_);
  at_ = decided_at;
  if (entry.run != std::exchange(run_, entry.run) && !sees_seams_) begin_run();
  take_event(entry.event);
}

void JournalChecker::require(bool holds, std::string_view invariant, const std::string& what) {
  if (!holds) violations_.push_back({std::string(invariant), at_, what});
}

// A restart forgets suspicion and backoff. "Every account is out" is journalled once, across
// restarts, so a run may be waiting without journalling it again. Restarts measure the cooldown by
// wall time (A6), which a journal alone does not show.
void JournalChecker::begin_run() {
  suspected_at_.reset();
  retry_from_.reset();
  next_wait_ = config_.quota.poll_interval;
  cooldown_from_.reset();
}

// What a damaged state has lost cannot be required; what it still contains can.
void JournalChecker::fall_back(const std::optional<State>& state) {
  flight_.reset();
  done_.reset();
  activations_ = state ? state->activations : std::vector<Activation>{};
  if (!state) return;
  if (state->in_flight) adopt_flight(*state->in_flight);
  if (const auto& last = state->last_switch) {
    done_ = Done{last->id, last->reset_at, last->done_at, last->from, last->to};
  }
  for (const auto& [session, memory] : state->sessions) {
    if (memory.sighting && !memory.sighting->charged_to.empty()) ineffective_.insert(memory.sighting->charged_to);
  }
  untaken_.reset();
  adopt_untaken(state);
}

void JournalChecker::adopt_untaken(const std::optional<State>& state) {
  if (!state || !state->untaken) return;
  const auto& untaken = *state->untaken;
  untaken_ = Untaken{untaken.from, untaken.to, untaken.reset_at, untaken.requested_again, untaken.given_up};
  if (untaken.activated_at) untaken_->since = *untaken.activated_at;
}

void JournalChecker::loaded(const std::optional<State>& state, bool whole, Milliseconds at, WallTime wall) {
  // The state saved before the first run is all that is known about earlier events.
  const bool takes_over = !std::exchange(sees_seams_, true) || !whole;
  at_ = at;
  begin_run();
  hook_runs_ = false;
  if (takes_over) {
    fall_back(state);
  } else {
    settle_flight(state);
    settle_command(state);
    settle_untaken(state);
    check_nothing_lost(state);
  }
  command_.reset();
  if (done_) cooldown_from_ = at - std::max(wall - done_->at_wall, Milliseconds{0});
  const std::string active = state && !state->active_account.empty() ? state->active_account : config_.active_account;
  settle_active(active);
  active_ = active;
  if (state && !state->untaken) untaken_.reset();
  // That a session went on may not have been saved.
  if (!untaken_) adopt_untaken(state);
  if (untaken_) untaken_->doubtful = true;
  charged_now_.clear();
  // On a full disk, what was said of a switch is not saved, and is said again after a restart.
  if (state && state->last_switch && !state->last_switch->ineffective) ineffective_.erase(state->last_switch->id);
  // A failed switch leaves nothing behind.
  const bool left = state && !state->in_flight && std::ranges::any_of(state->sessions, [](const auto& session) {
                      return session.second.shown_at_request.has_value();
                    });
  require(!left, "single flight", "no switch is in flight, and what was shown at its request is still there");
  limited_until_ = state ? state->limited_until : std::map<std::string, WallTime>{};
  waiting_ = state && state->exhaustion_reported;
  perhaps_limited_.clear();
  // A kill between the journal's line of a charge and the saved state makes it be charged again.
  std::erase_if(charges_, [&](const auto& charge) {
    if (!state) return true;
    const auto memory = state->sessions.find(std::get<0>(charge));
    return memory == state->sessions.end() || !memory->second.sighting || !memory->second.sighting->charged;
  });
  limited_again_ = waiting_;
}

// Everything that was journalled had been saved before.
void JournalChecker::check_nothing_lost(const std::optional<State>& state) {
  const std::string active = state ? state->active_account : config_.active_account;
  require(active == active_ || (or_activated_ && active == or_activated_->to) || untaken_ || !ineffective_.empty(),
          "crash", fmt::format("a restart goes on with account \"{}\" in use, not \"{}\"", active, active_));
  for (const auto& [account, until] : limited_until_) {
    if (charged_now_.contains(account)) continue;  // journalled before it is saved
    require(state && state->limited_until.contains(account), "crash",
            fmt::format("a restart forgot that {} is limited", account));
  }
}

// A kill between saving and journalling leaves lines out of the journal; then the saved state
// decides.
void JournalChecker::settle_flight(const std::optional<State>& state) {
  const bool saved = state && state->in_flight.has_value();
  if (flight_ && saved && flight_->id == state->in_flight->id) {
    flight_->ended_well.reset();
    return;
  }
  if (flight_ && flight_->ended_well) {
    finish_flight(*flight_->ended_well, flight_->ended_at, flight_->ended_at_wall);
  } else if (flight_) {
    require(false, "crash", "a restart lost the switch that was in flight");
    flight_.reset();
  }
  if (!saved) return;
  require(!ends_by_id_.contains(state->in_flight->id), "crash", "a switch that had ended was in flight again");
  adopt_flight(*state->in_flight);
}

// The same for an operator's command.
void JournalChecker::settle_command(const std::optional<State>& state) {
  if (!command_ || !state) return;
  if (command_->kind == AccountCommand::Kind::free) {
    if (!state->limited_until.contains(command_->account)) limited_until_.erase(command_->account);
    return;
  }
  const auto& last = state->last_switch;
  const bool saved =
      state->active_account == command_->account && last && last->to == command_->account && last->from == active_;
  if (!saved) return;
  done_ = Done{last->id, last->reset_at, last->done_at, last->from, last->to};
  activations_.push_back({last->from, last->to, last->done_at});
  active_ = command_->account;
}

// The same for a switch that did not take.
void JournalChecker::settle_untaken(const std::optional<State>& state) {
  if (!state || !state->untaken || !state->last_switch || !state->last_switch->ineffective) return;
  const UntakenSwitch& untaken = *state->untaken;
  const bool last = done_ && done_->from == untaken.from && done_->to == untaken.to && active_ == untaken.to;
  if (!last || !ineffective_.insert(state->last_switch->id).second) return;
  ineffective_.insert(untaken.from);
  active_ = untaken.from;
  if (!activations_.empty()) activations_.pop_back();
  untaken_.reset();
}

// What had to be left open: the account that is in use after all.
void JournalChecker::settle_active(const std::string& active) {
  const auto activated = std::exchange(or_activated_, std::nullopt);
  if (!activated || activated->to != active || active == active_) return;
  leave_quietly();
  activations_.push_back(*activated);
  active_ = active;
  if (untaken_ && untaken_->to == active) untaken_.reset();
}

// The account in use is left without a hit of its own. If all were out, it was limited again at each poll, and until
// when the journal does not say.
void JournalChecker::leave_quietly() {
  if (!std::exchange(limited_again_, waiting_)) return;
  limited_until_.erase(active_);
  perhaps_limited_.insert(active_);
}

void JournalChecker::adopt_flight(const SwitchRequest& request) {
  assert(!flight_ && !request.id.empty());
  flight_ = Flight{request.id, request.from, request.to, request.reset_at, request.asked_at};
  ends_by_id_.emplace(request.id, std::pair(request.from, request.to));
}

void JournalChecker::finish_flight(bool done, Milliseconds at, WallTime wall) {
  assert(flight_);
  if (done) {
    const bool again = untaken_ && untaken_->from == flight_->from && untaken_->to == flight_->to;
    if (again) untaken_->requested_again = true;
    if (!again) untaken_.reset();
    activations_.push_back({flight_->from, flight_->to, flight_->asked_at});
    begin_cooldown({flight_->id, flight_->reset_at, wall, flight_->from, flight_->to}, at, flight_->to);
  }
  flight_.reset();
}

void JournalChecker::begin_cooldown(Done done, Milliseconds at, const std::string& to) {
  done_ = std::move(done);
  cooldown_from_ = at;
  active_ = to;
  or_activated_.reset();
  retry_from_.reset();
  next_wait_ = config_.quota.poll_interval;
}

// A manual switch counts as done. The journal has no id for it, so we make one.
void JournalChecker::take_command(const Event& event) {
  command_.reset();
  const std::string account = event.account.value_or("");
  const auto& known = config_.accounts;
  require(std::ranges::find(known, account) != known.end(), "accounts",
          fmt::format("the operator's word on {}, which the config does not name", account));
  if (event.reason == account_command_name(AccountCommand::Kind::free)) {
    limited_until_.erase(account);
    perhaps_limited_.erase(account);
    if (untaken_ && untaken_->from == account) untaken_.reset();
    // The operator knew what the screens show.
    for (const auto& [session, reset] : shown_resets_) charges_.insert({session, account, reset});
    return;
  }
  untaken_.reset();
  require(!flight_, "single flight", "a manual switch while one was in flight");
  settle_active(event.from.value_or(active_));
  require(account != active_ && event.from == active_, "accounts",
          fmt::format("a manual switch from {} to {}, with {} in use", event.from.value_or(""), account, active_));
  leave_quietly();
  const bool unknown = perhaps_limited_.contains(active_);
  if (unknown) limited_until_.erase(active_);
  Done done{fmt::format("by hand {}", ++switches_by_hand_), std::nullopt, event.at, active_, account, unknown};
  const auto limited = limited_until_.find(active_);
  if (limited != limited_until_.end()) done.reset_at = limited->second;
  activations_.push_back({active_, account, event.at});
  begin_cooldown(std::move(done), at_, account);
  calm();
  limited_again_ = false;
}

void JournalChecker::hook_started(const SwitchRequest& request, Milliseconds at) {
  at_ = at;
  require(!flight_ || !flight_->unsaved, "crash", "a hook was started for a request that could not be saved");
  require(!std::exchange(hook_runs_, true), "single flight", "a second hook was started");
  require(flight_ && flight_->id == request.id, "single flight",
          fmt::format("a hook was started for {}, which is not in flight", request.id));
  const auto [known, fresh] = ends_by_id_.emplace(request.id, std::pair(request.from, request.to));
  require(known->second == std::pair(request.from, request.to), "one id a switch",
          fmt::format("{} was asked for again with another from or to", request.id));
}

void JournalChecker::hook_ended(const SwitchReport& report, Milliseconds at, WallTime wall) {
  hook_runs_ = false;
  if (!flight_ || flight_->id != report.id) return;
  flight_->ended_well = report.done;
  flight_->ended_at = at;
  flight_->ended_at_wall = wall;
}

// A switch that is never carried out, or whose end is never recorded, would stay in flight forever.
void JournalChecker::polled(Milliseconds at) {
  at_ = at;
  command_.reset();
  charged_now_.clear();
  if (!flight_) return;
  require(!flight_->ended_well, "single flight", "a hook ended and its result was not journalled");
  require(flight_->ended_well || hook_runs_, "single flight", "a switch is in flight and no hook runs");
}

bool JournalChecker::in_cooldown(Milliseconds at) const {
  return cooldown_from_ && at - *cooldown_from_ < config_.quota.cooldown;
}

bool JournalChecker::may_decide(Milliseconds at) const {
  return !flight_ && !in_cooldown(at) && (!retry_from_ || at >= *retry_from_);
}

bool JournalChecker::has_free_account(WallTime wall) const {
  if (config_.accounts.empty()) return true;
  if (or_activated_) return false;
  return std::any_of(config_.accounts.begin(), config_.accounts.end(), [&](const auto& account) {
    const auto limited = limited_until_.find(account);
    return account != active_ && !perhaps_limited_.contains(account) &&
           (limited == limited_until_.end() || limited->second <= wall);
  });
}

void JournalChecker::take_event(const Event& event) {
  if (!sees_seams_) forget_untaken(event.at);
  switch (event.kind) {
    case EventKind::suspect:
      check_thresholds(event);
      suspected_at_ = at_;
      break;
    case EventKind::clear:
      suspected_at_.reset();
      // A suspicion that only grew too old does not change what is known about the accounts.
      waiting_ = waiting_ && event.reason == "too_old";
      break;
    case EventKind::exhausted_everywhere:
      check_thresholds(event);
      limit(event);
      waiting_ = true;
      limited_again_ = true;
      break;
    case EventKind::switch_:
      check_switch(event);
      break;
    case EventKind::switch_resumed:
      check_resumed(event);
      break;
    case EventKind::switch_done:
    case EventKind::switch_failed:
      end_switch(event);
      break;
    case EventKind::account:
      take_command(event);
      break;
    case EventKind::verdict:
      assert(event.session);
      take_verdict(event);
      break;
    case EventKind::switch_ineffective:
      take_ineffective(event);
      break;
    case EventKind::skip:
      check_skip(event);
      break;
    default:
      break;
  }
}

// Nothing is put off for longer than the rules say.
void JournalChecker::check_skip(const Event& event) {
  if (!sees_seams_) return;
  const Milliseconds earliest = at_ - tolerance_;
  if (event.reason == "cooldown") {
    require(in_cooldown(earliest), "skip", "a poll is skipped after the end of the cooldown");
  }
  if (event.reason == "pending") require(flight_.has_value(), "skip", "a poll is skipped for no switch in flight");
  if (event.reason == "backoff") {
    require(retry_from_ && earliest < *retry_from_, "skip", "a poll is skipped after the end of the wait");
  }
}

// A limit of another account than the active one is that account's from then on (A8). One without a
// reset, or in unknown words, must be seen twice, which the journal does not show.
void JournalChecker::take_verdict(const Event& event) {
  verdicts_[*event.session] = event.verdict.value_or("");
  refused_.erase(*event.session);
  if (event.retry_at) refused_[*event.session] = {event.reset_at, *event.retry_at};
  shown_resets_[*event.session] = event.reset_at;
  unknown_words_.erase(*event.session);
  if (event.rule == limit_by_shape && event.verdict == "exhausted") unknown_words_.insert(*event.session);
  if (!event.account) return;
  require(config_.switch_reaches == SwitchReach::restarted || ineffective_.contains(*event.account), "accounts",
          fmt::format("a limit of {} is charged to {}", *event.session, *event.account));
  const bool sure = event.reset_at && event.rule != limit_by_shape;
  const bool is_new = charges_.insert({*event.session, *event.account, event.reset_at}).second;
  // One that is known is charged again if the session was refused again: the journal has no words.
  if (!sure || !is_new) {
    perhaps_limited_.insert(*event.account);
    return;
  }
  charged_now_.insert(*event.account);
  WallTime& until = limited_until_[*event.account];
  until = std::max(until, event.retry_at.value_or(*event.reset_at));
}

}  // namespace quotawatch::sim
