// Holds a whole run against the invariants and against the truth, and counts how good it
// was: an observer of a Stage.
//
// Used by replay, where a transcript tells truths the full set, and by the simulator.
// Restates the rules from the outside; none of the decision code is used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/fleet_record.h"
#include "sim/check/journal_checker.h"
#include "sim/check/reset_checker.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

// How well a run did, counted against the truth.
struct Quality {
  std::uint64_t polls = 0;
  std::uint64_t switches = 0;
  // Of these, asked for while none of the sessions that show a hit was truly held up: by
  // real banners that the rules call fresh because nobody can know better (A3).
  std::uint64_t doubtful_switches = 0;
  // Without a threshold's worth of real, fresh banners.
  std::uint64_t false_switches = 0;
  // Times in which so many sessions were truly held up that a switch was due, and those
  // of these that the rules allowed for two polls without one.
  std::uint64_t exhaustions = 0;
  std::uint64_t missed = 0;
  // From the moment so many were held up, with fresh banners and a switch allowed, to the
  // switch.
  std::uint64_t delays = 0;
  Milliseconds delay_sum{0};
  Milliseconds delay_max{0};

  Quality& operator+=(const Quality& other);
};

class RunChecker final : public StageObserver {
 public:
  explicit RunChecker(const Config& config);

  void captured(const TmuxCapture& capture, Moment began) override;
  void told(const TellTruth& told, Moment now) override;
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

  // After the run. In order of time.
  std::vector<Violation> finish();
  const Quality& quality() const { return quality_; }
  // The session's banner came between the asking for the last switch and the end of its
  // cooldown, of the account just left.
  bool shows_late_banner(const std::string& session) const;

 private:
  struct Poll {
    bool open = false;
    Moment began;
    bool may_decide = false;
    bool acted = false;
  };

  bool enough(const FleetCount& count, bool surely) const;
  void violate(const std::string& invariant, Milliseconds at, const std::string& what);
  bool is_switch_due() const;
  void check_second_look(Moment began);
  void close_poll();
  void check_switch(const JournalEntry& entry);
  void check_evidence(const JournalEntry& entry, const FleetCount& count);
  void check_reset(const JournalEntry& entry);
  void note_delay(Milliseconds at);

  const Config& config_;
  JournalChecker journal_;
  ResetChecker resets_;
  FleetRecord fleet_;
  Quality quality_;
  std::vector<Violation> violations_;
  Poll poll_;
  bool begun_ = false;
  bool restarted_ = false;  // by the action that was performed last
  int owed_polls_ = 0;      // that should have brought a switch, in a row
  Milliseconds owed_at_{0};
  std::optional<Milliseconds> blocked_since_;
  std::optional<SteadyTime> look_again_by_;
  bool hindered_ = false;  // since the last capture
  bool server_in_trouble_ = false;
  Milliseconds held_until_{0};  // the last poll at which the rules allowed none
};

}  // namespace quotawatch::sim
