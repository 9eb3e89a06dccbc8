// Months of a fleet in seconds: the production monitor with the production store and journal on a
// disk, on virtual time, with sessions that keep changing.
//
// Shows effects that appear only after a long time: whether the monitor grows or slows down. Every
// part of a run draws the same choices with other texts and at other times, so that the costs of
// parts can be compared. Used by the endurance tests and by bench/cost.cc.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "os/files/file_state_store.h"
#include "os/files/line_journal.h"
#include "quotawatch/config.h"
#include "quotawatch/judge.h"
#include "quotawatch/monitor.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/virtual_clock.h"
#include "sim/screens/fuzz_screen.h"
#include "sim/screens/random.h"
#include "tests/os/support.h"

namespace quotawatch::endurance {

struct LongRunSetup {
  int sessions = 12;
  int parts = 12;
  Milliseconds part{std::chrono::hours{24 * 30}};
  // Average time between two changes of a session.
  Milliseconds change{std::chrono::minutes{40}};
  // The number of different sentences.
  std::size_t sentences = 1000;
  // The text of the pack to judge by; empty: the built-in ones. Those have automata that grow with
  // what they read, up to a limit; plain packs have none.
  std::string pack = {};
  // Called after the first poll, when `run` gives memory back.
  std::function<void()> settled = {};
};

class LongRun {
 public:
  explicit LongRun(const LongRunSetup& setup);
  ~LongRun();
  LongRun(const LongRun&) = delete;
  LongRun& operator=(const LongRun&) = delete;

  // Called at the end of each part, during the run.
  using AtEndOfPart = std::function<void(const Monitor& monitor)>;

  // Runs to the end. `around`, if not null, wraps the monitor's journal.
  using Around = std::function<std::unique_ptr<Journal>(Journal& inner)>;
  void run(const AtEndOfPart& at_end_of_part, const Around& around = nullptr);

  // Counts, so that a test can check that something happened.
  std::size_t screens_shown() const { return screens_shown_; }
  std::size_t switches_done() const { return switches_done_; }

 private:
  class SoonDone;

  struct Session {
    std::string name;
    ScreenKind program = ScreenKind::claude_code;
    sim::Random random{0};
  };

  void begin_part(int part);
  void plan_change(std::size_t session);
  void change(Session& session);
  void show(const Session& session, sim::ScreenRecipe recipe);
  void show_banner(Session& session);
  void show_notice(Session& session);

  LongRunSetup setup_;
  os::testing_support::Variable folder_variable_;
  os::testing_support::TemporaryFolder folder_;
  Config config_;
  sim::VirtualClock clock_;
  sim::FakeTmux tmux_;
  JudgeCache judges_;
  os::FileStateStore store_;
  os::LineJournal journal_;
  std::unique_ptr<SoonDone> switcher_;
  std::vector<Session> sessions_;
  std::size_t screens_shown_ = 0;
  std::size_t switches_done_ = 0;
};

}  // namespace quotawatch::endurance
