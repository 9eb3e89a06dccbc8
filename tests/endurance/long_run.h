// Months of a fleet in seconds: the production monitor with the production store and
// journal on a disk, on virtual time, over sessions that never stop changing.
//
// For what only shows after long: whether the monitor grows or slows. The same choices are
// drawn anew for each part of the run, with other texts and at other times, so that what
// one part costs can be held against another. Used by the endurance tests and by bench/cost.cc.
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
  // Between two things that a session shows, on average.
  Milliseconds change{std::chrono::minutes{40}};
  // How many different sentences are said.
  std::size_t sentences = 1000;
  // The text of a pack to judge by; empty: the built-in ones. These have automata that learn
  // from what they read, up to their bounds; plain packs have none.
  std::string pack = {};
  // Called once the first screens were read, when `run` gives memory back.
  std::function<void()> settled = {};
};

class LongRun {
 public:
  explicit LongRun(const LongRunSetup& setup);
  ~LongRun();
  LongRun(const LongRun&) = delete;
  LongRun& operator=(const LongRun&) = delete;

  // Told at the end of each part, in the middle of the run.
  using AtEndOfPart = std::function<void(const Monitor& monitor)>;

  // Runs to the end. `around` stands between the monitor and its journal, where not null.
  using Around = std::function<std::unique_ptr<Journal>(Journal& inner)>;
  void run(const AtEndOfPart& at_end_of_part, const Around& around = nullptr);

  // What happened, so that a test can tell that something did.
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
