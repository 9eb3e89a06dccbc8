// What can happen to a fleet and its monitor: the events of a transcript, as values.
//
// Read and written by transcripts, drawn by the simulator, carried out by Stage.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/enum_names.h"
#include "quotawatch/account_command.h"
#include "quotawatch/time.h"
#include "transcript/truth.h"

namespace quotawatch {

// What a monitor does that outlives it.
enum class CrashStep {
  save,    // the state is written
  write,   // a line of the journal is
  start,   // the hook starts
  report,  // the hook's end is recorded
};

struct CrashPoint {
  CrashStep step = CrashStep::save;
  bool after = false;           // else before it
  std::size_t passed_over = 0;  // how many such moments go by first

  bool operator==(const CrashPoint&) const = default;
};

// How switch requests that are started from now on end.
struct SwitcherOutcome {
  enum class Kind { ok, fail, hang };
  Kind kind = Kind::ok;
  Milliseconds delay{0};
  std::string why;
  bool operator==(const SwitcherOutcome&) const = default;
};

enum class StateDamage {
  lost,  // both generations are gone
  torn,  // the last one is cut off in its middle
  old,   // the one before stands in the last one's place
};

struct TmuxTrouble {
  enum class Mode {
    up,       // nothing is wrong
    down,     // no server
    slow,     // it answers after a delay; beyond the time-out that is no answer
    garbled,  // what it says is not an answer
  };
  Mode mode = Mode::up;
  Milliseconds delay{0};
  bool operator==(const TmuxTrouble&) const = default;
};

// As transcripts write them.
inline constexpr EnumNames<CrashStep::report> crash_step_names{"save", "write", "start", "report"};
inline constexpr EnumNames<StateDamage::old> state_damage_names{"lost", "torn", "old"};
inline constexpr EnumNames<TmuxTrouble::Mode::garbled> tmux_mode_names{"up", "down", "slow",
                                                                       "garbled"};

// A session's pane shows this from now on.
struct ShowScreen {
  std::string session;
  int columns = 80;
  int rows = 24;
  std::vector<std::string> lines;
  bool operator==(const ShowScreen&) const = default;
};
struct RemoveSession {
  std::string session;
  bool operator==(const RemoveSession&) const = default;
};
struct FailCaptures {
  std::string session;
  std::string why;
  bool operator==(const FailCaptures&) const = default;
};
// Shows from now on the pane of another session (a linked window, a session group).
struct LinkSession {
  std::string session;
  std::string other;
  bool operator==(const LinkSession&) const = default;
};
// The program in its pane has ended, until the pane shows something.
struct EndProgram {
  std::string session;
  bool operator==(const EndProgram&) const = default;
};
// The server goes, answers late or nonsense, or is as it should be (`up`).
using SetServer = TmuxTrouble;
struct SetSwitcher {
  SwitcherOutcome outcome;
  bool operator==(const SetSwitcher&) const = default;
};
struct StepClock {
  Milliseconds by{0};
  bool operator==(const StepClock&) const = default;
};
// The monitor is killed, and started again after a while.
struct Restart {
  Milliseconds down_for{0};
  bool operator==(const Restart&) const = default;
};
// The monitor is killed when it next comes to that point, and started again at once.
struct Crash {
  CrashPoint point;
  bool operator==(const Crash&) const = default;
};
// The monitor's process gets no time for a while.
struct Stall {
  Milliseconds duration{0};
  bool operator==(const Stall&) const = default;
};
// The files of the state are damaged while the monitor is not looking.
struct DamageState {
  StateDamage damage = StateDamage::lost;
  bool operator==(const DamageState&) const = default;
};
// From now on nothing can be saved, or everything again.
struct SetDisk {
  bool full = false;
  bool operator==(const SetDisk&) const = default;
};

// AccountCommand: the operator gives it, to the monitor or on the saved state.

// What is true of a session from now on. Nobody in the fleet learns of it.
struct TellTruth {
  std::string session;
  Truth truth;
  bool operator==(const TellTruth&) const = default;
};

using Action = std::variant<ShowScreen, RemoveSession, FailCaptures, LinkSession, EndProgram,
                            SetServer, SetSwitcher, StepClock, Restart, Crash, Stall, DamageState,
                            SetDisk, AccountCommand, TellTruth>;

// As a transcript writes it, behind the time.
std::string format_action(const Action& action);

}  // namespace quotawatch
