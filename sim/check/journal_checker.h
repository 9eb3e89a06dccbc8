// What a run has come to, as its journal and its seams tell, and whether it may: the
// invariants that need no knowledge of screens.
//
// Fed in order of time by RunChecker (replay, simulation) with all that passes through
// the seams, or by check_invariants() with a journal alone; without seams less can be told
// over restarts. Not a line of the decision code is used.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/config.h"
#include "quotawatch/state.h"
#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"

namespace quotawatch::sim {

// A2: how many poll intervals a suspicion lasts; what is older is begun again.
constexpr int suspicion_intervals = 3;

class JournalChecker {
 public:
  // A switch that was asked for, until its end is known.
  struct Flight {
    std::string id;
    std::string from;
    std::string to;
    std::optional<WallTime> reset_at = std::nullopt;
    // Its hook has ended and the monitor was told, whether or not it has said so.
    std::optional<bool> ended_well = std::nullopt;
    Milliseconds ended_at{0};
    WallTime ended_at_wall = {};
  };
  struct Done {
    std::string id;
    std::optional<WallTime> reset_at;
    WallTime at_wall;
    // By hand, from an account that was out like all others: it is limited anew at each poll,
    // which the journal does not say.
    bool reset_unknown = false;
  };

  // `tolerance`: by how much two readings of real clocks may disagree about what lies
  // between them. Virtual time needs none.
  explicit JournalChecker(const Config& config, Milliseconds tolerance = Milliseconds{0});

  // `decided_at`: what the monitor took for now; a slow tmux lets it write later.
  void take(const JournalEntry& entry, Milliseconds decided_at);
  void take(const JournalEntry& entry) { take(entry, entry.offset); }

  void hook_started(const SwitchRequest& request, Milliseconds at);
  void hook_ended(const SwitchReport& report, Milliseconds at, WallTime wall);
  // The operator's command is about to be done; a line of the journal will say so, unless
  // nothing came of it or the monitor is killed.
  void commanded(const AccountCommand& command) { command_ = command; }
  // A poll has begun to look.
  void polled(Milliseconds at);
  // One that showed nothing, for certain: it ends suspicion, and waiting for an account.
  void calm() {
    suspected_at_.reset();
    waiting_ = false;
  }
  // A run begins with this state. `whole`: all that the run before it saved.
  void loaded(const std::optional<State>& state, bool whole, Milliseconds at, WallTime wall);

  const std::optional<Flight>& in_flight() const { return flight_; }
  const std::optional<Done>& last_done() const { return done_; }
  bool in_cooldown(Milliseconds at) const;
  // Rule 1 lets a poll at this moment decide.
  bool may_decide(Milliseconds at) const;
  // An account that a switch could go to, as far as anybody can know.
  bool has_free_account(WallTime wall) const;

  // What the journal said last of each session.
  const std::map<std::string, std::string>& verdicts() const { return verdicts_; }
  std::vector<Violation>& violations() { return violations_; }

 private:
  void require(bool holds, std::string_view invariant, const std::string& what);
  void begin_run();
  void fall_back(const std::optional<State>& state);
  void check_nothing_lost(const std::optional<State>& state);
  void settle_command(const std::optional<State>& state);
  void settle_flight(const std::optional<State>& state);
  void adopt_flight(const SwitchRequest& request);
  void finish_flight(bool done, Milliseconds at, WallTime wall);
  void take_event(const Event& event);
  void check_thresholds(const Event& event);
  void check_switch(const Event& event);
  void check_timing();
  void check_confirmation(const Event& event);
  void check_trigger(const Event& event);
  void check_accounts(const Event& event);
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
  std::optional<AccountCommand> command_;  // of which nobody has said yet what came of it
  int switches_by_hand_ = 0;
  std::string active_;
  std::map<std::string, std::pair<std::string, std::string>> ends_by_id_;  // from, to
  std::map<std::string, WallTime> limited_until_;
  // The one that was in use when all were out, and those that were left by hand after it: until
  // when they are limited the journal does not say.
  std::optional<std::string> limited_anew_;
  std::set<std::string> perhaps_limited_;
  std::map<std::string, std::string> verdicts_;
  struct Refused {  // again, at the reset that a session's message names
    std::optional<WallTime> reset_at;
    WallTime retry_at;
  };
  std::map<std::string, Refused> refused_;
};

}  // namespace quotawatch::sim
