// What can happen to a fleet and its monitor: the events of a transcript, as values.
//
// Read and written by transcripts, drawn by the simulator, carried out by Stage.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/time.h"
#include "sim/crash_points.h"
#include "sim/fake_switcher.h"
#include "sim/memory_state_store.h"
#include "sim/troubled_tmux.h"
#include "sim/truth.h"

namespace quotawatch::sim {

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
  FakeSwitcher::Outcome outcome;
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

}  // namespace quotawatch::sim
