// Checks a whole run against the invariants and the ground truth, and measures how well it did: an
// observer of a Stage.
//
// Used by replay, if a transcript gives complete truths, and by the simulator. Restates the rules
// independently; uses none of the decision code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/early_checker.h"
#include "sim/check/fleet_record.h"
#include "sim/check/journal_checker.h"
#include "sim/check/reset_checker.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

// How well a run did, measured against the ground truth.
struct Quality {
  std::uint64_t polls = 0;
  std::uint64_t switches = 0;
  // Switches requested while no session with a hit was really blocked: real banners that the rules
  // count as fresh because the difference cannot be seen (A3).
  std::uint64_t doubtful_switches = 0;
  // Switches without real, fresh banners in enough sessions for a threshold.
  std::uint64_t false_switches = 0;
  // How often enough sessions were really blocked for a switch; and how often the rules allowed one
  // for two polls and it did not come.
  std::uint64_t exhaustions = 0;
  std::uint64_t missed = 0;
  // From the moment that enough sessions were blocked, with fresh banners and a switch allowed, to
  // the switch.
  std::uint64_t delays = 0;
  Milliseconds delay_sum{0};
  Milliseconds delay_max{0};

  Quality& operator+=(const Quality& other);
};

class RunChecker final : public StageObserver {
 public:
  explicit RunChecker(const Config& config);

  void captured(const TmuxCapture& capture, Moment began) override;
  void truth_set(const SetTruth& set, Moment now) override;
  void journalled(const JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request, Moment now) override;
  void hook_ended(const SwitchReport& report, Moment now) override;
  void loaded(const std::optional<State>& state, bool whole, Moment now) override;
  void killed(Moment now) override;
  void performed(const Action& action, Moment now) override;
  void loaded_by_operator(const std::optional<State>& state, bool whole, Moment now) override {
    loaded(state, whole, now);
  }
  void commanded(const AccountCommand& command, Moment now) override;

  // To be called after the run. Ordered by time.
  std::vector<Violation> finish();
  const Quality& quality() const { return quality_; }
  // True if the session's banner is about the account just left and appeared between the request
  // for the last switch and the end of its cooldown.
  bool shows_late_banner(const std::string& session) const;

 private:
  bool is_paused(WallTime wall) const;
  void check_pause(const JournalEntry& entry);
  struct Poll {
    bool open = false;
    Moment began;
    bool may_decide = false;
    bool acted = false;
  };

  bool enough(const FleetCount& count, bool surely) const;
  void violate(const std::string& invariant, Milliseconds at, const std::string& what);
  bool is_switch_due() const;
  void check_grid(Moment began, bool hindered);
  void note_proof(WallTime wall);
  void count_again();
  void hear(const TmuxCapture& capture);
  bool awaits_proof(WallTime wall) const;
  void check_second_look(Moment began);
  void close_poll();
  void check_switch(const JournalEntry& entry);
  void check_believed(const JournalEntry& entry);
  void check_untaken(const JournalEntry& entry);
  void check_evidence(const JournalEntry& entry, const FleetCount& count);
  void check_reset(const JournalEntry& entry);
  void note_delay(Milliseconds at);

  const Config& config_;
  const std::vector<std::string> names_;  // of the sessions, in the order of captures
  JournalChecker journal_;
  ResetChecker resets_;
  FleetRecord fleet_;
  EarlyChecker early_;
  Quality quality_;
  std::vector<Violation> violations_;
  Poll poll_;
  bool begun_ = false;
  bool restarted_ = false;  // by the last action
  int owed_polls_ = 0;      // in a row that should have brought a switch
  Milliseconds owed_at_{0};
  std::optional<Pause> pause_;
  std::optional<Milliseconds> blocked_since_;
  std::optional<SteadyTime> look_again_by_;
  SteadyTime stalled_until_ = {};  // the monitor's process
  bool hindered_ = false;          // since the last capture
  bool server_faulty_ = false;
  SteadyTime captured_at_;  // the last capture began
  bool held_up_ = false;    // it may have been
  SteadyTime run_began_;
  Answer took_ = Answer::no;    // a session has gone on since the last switch
  Milliseconds held_until_{0};  // the last poll at which the rules did not allow a switch
};

}  // namespace quotawatch::sim
