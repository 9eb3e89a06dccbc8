// The state of a run, as derived from its journal and its seams, and the invariants that can be
// checked without knowing the screens.
//
// RunChecker (replay, simulation) feeds it in order of time with everything that passes through the
// seams. With a journal alone it checks less across restarts. Uses none of the decision code.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/config.h"
#include "quotawatch/state.h"
#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"

namespace quotawatch::sim {

// A2: a suspicion expires after this many poll intervals.
constexpr int suspicion_intervals = 3;

class JournalChecker {
 public:
  // A switch that was requested, until its result is known.
  struct Flight {
    std::string id;
    std::string from;
    std::string to;
    std::optional<WallTime> reset_at = std::nullopt;
    WallTime asked_at = {};
    bool unsaved = false;  // it could not be saved when it was asked for
    // The hook has ended and the monitor has its report, journalled or not.
    std::optional<bool> ended_well = std::nullopt;
    Milliseconds ended_at{0};
    WallTime ended_at_wall = {};
  };
  struct Done {
    std::string id;
    std::optional<WallTime> reset_at;
    WallTime at_wall;
    std::string from = {};
    std::string to = {};
    // A manual switch from an account that was out like all others: it is limited again at each
    // poll, which the journal does not show.
    bool reset_unknown = false;
  };

  // `tolerance`: how much two readings of real clocks may differ about the same interval. Virtual
  // time needs none.
  explicit JournalChecker(const Config& config, Milliseconds tolerance = Milliseconds{0});

  // `decided_at`: the time of the decision; with a slow tmux the line is written later.
  void take(const JournalEntry& entry, Milliseconds decided_at);
  void take(const JournalEntry& entry) { take(entry, entry.offset); }

  void hook_started(const SwitchRequest& request, Milliseconds at);
  void hook_ended(const SwitchReport& report, Milliseconds at, WallTime wall);
  // The operator's command is about to be carried out. It will be journalled, unless it has no
  // effect or the monitor is killed.
  void commanded(const AccountCommand& command) { command_ = command; }
  // A poll began.
  void polled(Milliseconds at);
  // The sessions whose own record or hook says, at this poll, that they were refused (W1).
  void heard(std::set<std::string> refused) { refused_in_record_ = std::move(refused); }
  // The last poll certainly saw no limit: this ends suspicion and waiting for an account.
  void calm() {
    suspected_at_.reset();
    waiting_ = false;
    if (untaken_ && !untaken_->requested_again && !untaken_->given_up) untaken_.reset();
  }
  // A poll has looked at who went on: what did not take is over at its reset.
  void forget_untaken(WallTime wall) {
    if (untaken_ && untaken_->reset_at <= wall) untaken_.reset();
  }
  // The last poll may have seen none.
  void perhaps_calm() {
    if (untaken_) untaken_->doubtful = true;
  }
  // True if some session's last verdict is of one refused again, which is looked at between polls.
  bool was_refused_again() const { return !refused_.empty(); }
  // True during which a switch that did not take twice keeps everything from being asked for (A9).
  bool has_given_up(WallTime wall) const { return untaken_ && untaken_->given_up && wall < untaken_->reset_at; }
  // A run began with this state. `whole`: it has everything that the previous run saved.
  void loaded(const std::optional<State>& state, bool whole, Milliseconds at, WallTime wall);

  // A session has gone on since the last switch, so it took (A9). Not `surely`: this cannot be known.
  void prove_switch(bool surely);

  const std::string& active_account() const { return active_; }
  // The account in use is not known for certain.
  bool is_active_unsure() const { return or_activated_.has_value(); }
  // When the switch was asked for that a program might prove to have taken (A9).
  std::optional<WallTime> reached_since() const;
  // The account in use at a moment, as far as the switches since the first run tell (A8).
  std::string active_at(WallTime time) const;
  // From now on nothing can be saved, or everything again.
  void set_disk(bool full) { disk_full_ = full; }
  // The switch that did not take and is to be requested once more (A9).
  struct Untaken {
    std::string from;
    std::string to;
    WallTime reset_at;
    bool requested_again = false;
    bool given_up = false;
    WallTime since = {};    // when its target had become the active account, as it seemed
    bool doubtful = false;  // the monitor may have forgotten it
  };
  const std::optional<Untaken>& untaken() const { return untaken_; }

  const std::optional<Flight>& in_flight() const { return flight_; }
  const std::optional<Done>& last_done() const { return done_; }
  bool in_cooldown(Milliseconds at) const;
  // True if rule 1 allows a poll at this moment to decide.
  bool may_decide(Milliseconds at) const;
  // True if there is an account to switch to, as far as this can be known.
  bool has_free_account(WallTime wall) const;

  // The last journalled verdict of each session.
  const std::map<std::string, std::string>& verdicts() const { return verdicts_; }
  std::vector<Violation>& violations() { return violations_; }

 private:
  void require(bool holds, std::string_view invariant, const std::string& what);
  void begin_run();
  void fall_back(const std::optional<State>& state);
  void check_nothing_lost(const std::optional<State>& state);
  void settle_command(const std::optional<State>& state);
  void settle_untaken(const std::optional<State>& state);
  void settle_active(const std::string& active);
  void leave_quietly();
  void settle_flight(const std::optional<State>& state);
  void adopt_untaken(const std::optional<State>& state);
  void adopt_flight(const SwitchRequest& request);
  void finish_flight(bool done, Milliseconds at, WallTime wall);
  void take_event(const Event& event);
  void check_thresholds(const Event& event);
  void check_switch(const Event& event);
  void check_timing();
  void check_confirmation(const Event& event);
  bool shows_unknown_words_only() const;
  bool is_witnessed() const;
  void check_trigger(const Event& event);
  void check_untaken(const Event& event);
  void check_skip(const Event& event);
  void take_ineffective(const Event& event);
  void take_verdict(const Event& event);
  void check_accounts(const Event& event);
  void check_choice(const Event& event);
  void limit(const Event& event);
  void check_resumed(const Event& event);
  void take_command(const Event& event);
  void begin_cooldown(Done done, Milliseconds at, const std::string& to);
  void end_switch(const Event& event);
  void wait_after_failure(const Event& event);

  const Config& config_;
  Milliseconds tolerance_;
  bool sees_seams_ = false;
  std::size_t run_ = 0;
  Milliseconds at_{0};
  std::vector<Violation> violations_;

  std::optional<Milliseconds> suspected_at_;
  bool waiting_ = false;  // confirmed, and every account is limited
  std::optional<Flight> flight_;
  std::optional<Done> done_;
  std::optional<Milliseconds> cooldown_from_;
  std::optional<Milliseconds> retry_from_;
  Milliseconds next_wait_;  // after the next failure
  bool hook_runs_ = false;
  std::optional<AccountCommand> command_;  // not yet journalled
  int switches_by_hand_ = 0;
  std::string active_;
  std::optional<Activation> or_activated_;  // and then this, if it cannot be known whether
  std::vector<Activation> activations_;
  bool disk_full_ = false;
  std::optional<Untaken> untaken_;
  std::set<std::string> ineffective_;  // ids of switches, and the accounts that they left
  std::set<std::string> charged_now_;  // accounts, by the last poll's verdicts
  // The limits that sessions of other accounts have shown, each charged once (A8).
  std::set<std::tuple<std::string, std::string, std::optional<WallTime>>> charges_;
  std::map<std::string, std::optional<WallTime>> shown_resets_;            // by session
  std::map<std::string, std::pair<std::string, std::string>> ends_by_id_;  // from, to
  std::map<std::string, WallTime> limited_until_;
  // All were out: the account in use is limited again at each poll. Until when, the journal does not say, nor then of
  // those that are left.
  bool limited_again_ = false;
  std::set<std::string> perhaps_limited_;
  std::map<std::string, std::string> verdicts_;
  std::set<std::string> refused_in_record_;
  std::set<std::string> unknown_words_;  // sessions whose banner is known by its shape only
  struct Refused {                       // refused again at the reset that a session's message names
    std::optional<WallTime> reset_at;
    WallTime retry_at;
  };
  std::map<std::string, Refused> refused_;
};

}  // namespace quotawatch::sim
