// The checks of switches: when one may be requested, to which account, and whether it took (A9).
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "quotawatch/duration.h"
#include "sim/check/journal_checker.h"

namespace quotawatch::sim {

std::string JournalChecker::active_at(WallTime time) const {
  std::string active = activations_.empty() ? active_ : activations_.front().from;
  for (const auto& activation : activations_) {
    if (activation.since <= time) active = activation.to;
  }
  return active;
}

std::optional<WallTime> JournalChecker::reached_since() const {
  if (untaken_ && untaken_->from == active_) return untaken_->since;
  return activations_.empty() ? std::nullopt : std::optional(activations_.back().since);
}

void JournalChecker::prove_switch(bool surely) {
  if (!untaken_) return;
  assert(done_);
  // What was seen since of the account left was the limit of the new one.
  if (const auto left = limited_until_.find(untaken_->from);
      left != limited_until_.end() && left->second > untaken_->reset_at) {
    left->second = untaken_->reset_at;
    if (!surely) perhaps_limited_.insert(left->first);
  }
  if (!flight_ && active_ != untaken_->to) or_activated_ = Activation{active_, untaken_->to, untaken_->since};
  if (!surely) {
    untaken_->doubtful = true;
    return;
  }
  settle_active(untaken_->to);
  untaken_.reset();
}

// A9: of the last switch, once, and not while nothing may be decided.
void JournalChecker::take_ineffective(const Event& event) {
  const bool last = done_ && done_->from == event.from && done_->to == event.to;
  require(last, "untaken", "a switch is said not to have taken that was not the last one done");
  require(!flight_, "untaken", "a switch is said not to have taken while one is in flight");
  require(!cooldown_from_ || at_ - *cooldown_from_ + tolerance_ >= config_.quota.cooldown, "untaken",
          "a switch is said not to have taken within its cooldown");
  require(ineffective_.insert(event.id.value_or("")).second, "untaken", "a switch is said twice not to have taken");
  require(event.reset_at && !event.sessions.empty(), "untaken", "nothing says that a switch did not take");
  if (!last || !event.reset_at) return;
  const bool doubtful = !untaken_ || untaken_->doubtful || or_activated_;
  const bool again = untaken_ && untaken_->requested_again && untaken_->from == done_->from;
  const bool second = doubtful && untaken_ ? event.retry_at == event.reset_at : again;
  leave_quietly();
  untaken_ = Untaken{done_->from, done_->to, *event.reset_at, false, second, done_->at_wall};
  if (!done_->reset_at) done_->reset_at = event.reset_at;
  ineffective_.insert(done_->from);
  active_ = done_->from;
  or_activated_.reset();
  if (!activations_.empty()) {
    untaken_->since = activations_.back().since;
    activations_.pop_back();
  }
  WallTime& until = limited_until_[active_];
  until = std::max(until, *event.reset_at);
  suspected_at_.reset();
  waiting_ = false;
  limited_again_ = false;
  if (!second) return wait_after_failure(event);
  require(event.retry_at == event.reset_at, "untaken", "a switch that did not take twice is to be asked for again");
}

// A9: asked for once more with the same target, then not again until that reset.
void JournalChecker::check_untaken(const Event& event) {
  if (!sees_seams_ || !untaken_ || event.at >= untaken_->reset_at || untaken_->doubtful) return;
  require(!untaken_->given_up, "untaken", "a switch after one that did not take twice");
  const auto limited = limited_until_.find(untaken_->to);
  const bool is_free = limited == limited_until_.end() || limited->second <= event.at;
  const bool same = untaken_->requested_again || event.to == untaken_->to || perhaps_limited_.contains(untaken_->to);
  require(!is_free || same, "untaken",
          fmt::format("a switch that did not take is followed by one to {}", event.to.value_or("")));
}

void JournalChecker::check_thresholds(const Event& event) {
  // One session of an otherwise idle pool, whose limit names its reset (A10).
  if (event.reason == "lone") {
    require(event.pool.value_or(0) >= 1 && event.reset_at && config_.quota.lone_after > Milliseconds{0}, "thresholds",
            fmt::format("{} for a lone session with pool {}", event_name(event.kind), event.pool.value_or(0)));
    return;
  }
  const bool enough = event.pool.value_or(0) >= config_.quota.pool_threshold ||
                      event.interactive.value_or(0) >= config_.quota.interactive_threshold;
  require(enough, "thresholds",
          fmt::format("{} with pool {} and interactive {}", event_name(event.kind), event.pool.value_or(0),
                      event.interactive.value_or(0)));
}

void JournalChecker::check_switch(const Event& event) {
  const std::string id = event.id.value_or("");
  const bool early = event.reason == "near_limit";  // before the wall: see EarlyChecker
  check_timing();
  if (!early) {
    check_thresholds(event);
    check_confirmation(event);
    check_trigger(event);
  }
  check_untaken(event);
  settle_active(event.from.value_or(""));
  check_accounts(event);
  require(!flight_, "single flight", "a switch was requested while one was in flight");
  flight_ = Flight{id, event.from.value_or(""), event.to.value_or(""), event.reset_at, event.at, disk_full_};
  const bool fresh = ends_by_id_.emplace(id, std::pair(flight_->from, flight_->to)).second;
  require(fresh, "one id a switch", "an id was used twice");
  if (early) {
    leave_quietly();
  } else {
    limit(event);
  }
  suspected_at_.reset();
  waiting_ = false;
  limited_again_ = false;
}

void JournalChecker::check_timing() {
  if (cooldown_from_) {
    const auto since = at_ - *cooldown_from_;
    require(since + tolerance_ >= config_.quota.cooldown, "cooldown",
            fmt::format("a switch {} after the last one was done", format_offset(since)));
  }
  require(!retry_from_ || at_ + tolerance_ >= *retry_from_, "backoff",
          "a switch during the backoff after a failed one");
}

// Of the limits that the sessions show, as their verdicts were journalled.
bool JournalChecker::shows_unknown_words_only() const {
  const auto is_limit = [this](const std::string& verdict) {
    return verdict == "exhausted" || (verdict == "throttled" && config_.quota.count_throttled);
  };
  const auto known = [&](const auto& shown) { return is_limit(shown.second) && !unknown_words_.contains(shown.first); };
  return !unknown_words_.empty() && std::ranges::none_of(verdicts_, known);
}

// W1: the record of a session says that it was refused, as its verdict does.
bool JournalChecker::is_witnessed() const {
  return std::ranges::any_of(refused_in_record_, [this](const std::string& session) {
    const auto verdict = verdicts_.find(session);
    return verdict != verdicts_.end() && verdict->second == "exhausted";
  });
}

void JournalChecker::check_confirmation(const Event& event) {
  if (waiting_ || is_witnessed() || (event.reset_at && !shows_unknown_words_only())) return;
  const Milliseconds longest = suspicion_intervals * config_.quota.poll_interval + tolerance_;
  const bool confirmed = suspected_at_ && *suspected_at_ < at_ && at_ - *suspected_at_ <= longest;
  require(confirmed, "confirmation", "a switch from a single poll without a reset time in words that a rule knows");
}

void JournalChecker::check_trigger(const Event& event) {
  const std::string verdict = verdicts_[event.session.value_or("")];
  require(verdict == "exhausted" || (verdict == "throttled" && config_.quota.count_throttled), "evidence",
          fmt::format("the switch was triggered by a session whose verdict is {}", verdict));
}

void JournalChecker::check_accounts(const Event& event) {
  const std::string to = event.to.value_or("");
  if (config_.accounts.empty()) {
    require(to.empty(), "accounts", "a switch to an account that no config names");
    return;
  }
  require(to != event.from, "accounts", "a switch to the account it leaves");
  require(!sees_seams_ || event.from == active_, "accounts",
          fmt::format("a switch from {}, which is not in use", event.from.value_or("")));
  const auto limited = limited_until_.find(to);
  require(limited == limited_until_.end() || limited->second <= event.at, "accounts",
          fmt::format("a switch to {}, which is limited", to));
  check_choice(event);
}

// Of those that are certainly free, one in reserve comes last; and of two alike the first, where accounts are drained.
// A switch that did not take goes to the same account again (A9).
void JournalChecker::check_choice(const Event& event) {
  if (!sees_seams_ || untaken_ || event.reason == "near_limit") return;
  const auto in_reserve = [this](const std::string& account) {
    return std::ranges::find(config_.reserve, account) != config_.reserve.end();
  };
  const bool reserve = in_reserve(*event.to);
  bool before = true;  // in the config's order
  for (const auto& account : config_.accounts) {
    before = before && account != event.to;
    const auto limited = limited_until_.find(account);
    const bool is_free = limited == limited_until_.end() || limited->second <= event.at;
    if (account == event.from || account == event.to || !is_free || perhaps_limited_.contains(account)) continue;
    const bool kept = in_reserve(account);
    require(kept || !reserve, "reserve",
            fmt::format("a switch to {} in reserve, while {} is free", *event.to, account));
    const bool comes_first = before && kept == reserve && config_.order == AccountOrder::drain;
    require(!comes_first, "order", fmt::format("a switch to {}, while {} before it is free", *event.to, account));
  }
}

// Limited until the latest reset; if refused again then, until the account may be tried again.
void JournalChecker::limit(const Event& event) {
  const std::string account = event.from.value_or("");
  auto until = event.reset_at.value_or(event.at + config_.quota.unknown_reset);
  for (const auto& name : session_names(config_)) {
    const auto refused = refused_.find(name);
    if (refused == refused_.end() || refused->second.reset_at != event.reset_at) continue;
    until = refused->second.retry_at;
    break;
  }
  limited_until_[account] = until;
  perhaps_limited_.erase(account);
  // A charge to it that still stands may say more (A8).
  for (const auto& [session, charged_to, reset] : charges_) {
    if (charged_to == account && reset && *reset > until && shown_resets_[session] == reset) {
      perhaps_limited_.insert(account);
    }
  }
}

void JournalChecker::check_resumed(const Event& event) {
  require(flight_ && event.id == flight_->id, "one id a switch", "a switch was resumed that was not in flight");
  const bool another = flight_ && event.to && *event.to != flight_->to;
  require(!another, "one id a switch", "a switch was resumed with another target account");
}

void JournalChecker::end_switch(const Event& event) {
  const bool known = flight_ && event.id == flight_->id;
  require(known, "single flight", "the end of a switch that was not in flight");
  if (!known) return;
  finish_flight(event.kind == EventKind::switch_done, at_, event.at);
  if (event.kind == EventKind::switch_failed) wait_after_failure(event);
}

// 1, 2, 4 … intervals, at most the cooldown (A1). A journal alone does not show how many failures a
// restart has forgotten.
void JournalChecker::wait_after_failure(const Event& event) {
  if (!event.retry_at) return;
  Milliseconds wait = *event.retry_at - event.at;
  if (sees_seams_) {
    const Milliseconds due = std::min(next_wait_, config_.quota.cooldown);
    next_wait_ = std::min(2 * next_wait_, config_.quota.cooldown);
    require(wait == due, "backoff",
            fmt::format("a failed switch is waited out for {}, not {}", format_offset(wait), format_offset(due)));
    wait = due;
  }
  retry_from_ = at_ + wait;
}

}  // namespace quotawatch::sim
