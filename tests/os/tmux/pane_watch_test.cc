// The kernel tells who draws: on real terminals, without tmux.
#include "os/tmux/pane_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "os/host/system_clock.h"
#include "os/loop/file_descriptor.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using testing_support::eventually;

// A terminal, and a program's end of it to write to.
struct Terminal {
  Terminal() {
    int main_end = -1;
    int program_end = -1;
    char name[64];  // NOLINT: what openpty() takes
    if (::openpty(&main_end, &program_end, name, nullptr, nullptr) != 0) std::abort();
    screen.reset(main_end);
    program.reset(program_end);
    path = name;
  }

  void draw() const { ASSERT_EQ(::write(program.get(), "x", 1), 1); }

  // Else the terminal would be full.
  void forget() const { ASSERT_EQ(::tcflush(program.get(), TCOFLUSH), 0); }

  FileDescriptor screen;
  FileDescriptor program;
  std::string path;
};

class PaneWatchTest : public testing::Test {
 protected:
  // What has been told by the time that anything is, or after `most`.
  std::vector<std::string> told_within(Milliseconds most) {
    loop_.run_until([this] { return told_ > 0; }, most);
    told_ = 0;
    auto told = watch_.take_quiet();
    std::ranges::sort(told);
    return told;
  }

  EventLoop loop_;
  int told_ = 0;
  PaneWatch watch_{loop_, [this] { ++told_; }};
  Terminal a_, b_;
};

using Names = std::vector<std::string>;
constexpr Milliseconds two_ticks = 2 * PaneWatch::tick;
constexpr Milliseconds ten_ticks = 10 * PaneWatch::tick;

TEST_F(PaneWatchTest, TellsOnceWhoDrewAndIsQuiet) {
  watch_.watch({{"a", a_.path}, {"b", b_.path}});
  EXPECT_EQ(told_within(two_ticks), Names{});
  a_.draw();
  EXPECT_EQ(told_within(ten_ticks), Names{"a"});
  EXPECT_EQ(told_within(two_ticks), Names{});
  a_.draw();
  b_.draw();
  EXPECT_EQ(told_within(ten_ticks), (Names{"a", "b"}));
}

TEST_F(PaneWatchTest, OneThatGoesOnDrawingIsLeftAloneUntilItIsQuiet) {
  watch_.watch({{"a", a_.path}});
  for (int i = 0; i < 12; ++i) {
    a_.draw();
    EXPECT_EQ(told_within(PaneWatch::tick / 4), Names{});
  }
  const SteadyTime last = read_system_clock().steady;
  a_.draw();
  EXPECT_EQ(told_within(ten_ticks), Names{"a"});
  EXPECT_LE(read_system_clock().steady - last, two_ticks + PaneWatch::tick);
}

// More than the kernel keeps for us: none is lost, and quiet is seen as ever.
TEST_F(PaneWatchTest, FloodsAreToldOnceTheyAreOver) {
  watch_.watch({{"a", a_.path}, {"b", b_.path}});
  for (int i = 0; i < 5; ++i) {
    for (int write = 0; write < 20'000; ++write) {
      for (const Terminal* terminal : {&a_, &b_}) {
        terminal->draw();
        terminal->forget();
      }
    }
    EXPECT_EQ(told_within(PaneWatch::tick / 4), Names{});
  }
  EXPECT_EQ(told_within(ten_ticks), (Names{"a", "b"}));
  a_.draw();
  EXPECT_EQ(told_within(ten_ticks), Names{"a"});
}

TEST_F(PaneWatchTest, ATerminalThatEndsIsWorthALook) {
  watch_.watch({{"a", a_.path}});
  a_.program.reset();
  a_.screen.reset();
  EXPECT_EQ(told_within(ten_ticks), Names{"a"});
}

TEST_F(PaneWatchTest, SessionsThatShareATerminalAreBothTold) {
  watch_.watch({{"a", a_.path}, {"b", a_.path}});
  a_.draw();
  EXPECT_EQ(told_within(ten_ticks), (Names{"a", "b"}));
}

TEST_F(PaneWatchTest, WhatIsWatchedNoMoreIsNotTold) {
  watch_.watch({{"a", a_.path}, {"b", b_.path}});
  a_.draw();
  watch_.watch({{"b", b_.path}});
  EXPECT_EQ(told_within(2 * two_ticks), Names{});
  b_.draw();
  watch_.watch({{"b", b_.path}});  // again, which forgets nothing
  EXPECT_EQ(told_within(ten_ticks), Names{"b"});
}

TEST_F(PaneWatchTest, ATerminalThatDoesNotExistIsNoHarm) {
  watch_.watch({{"a", "/dev/pts/none"}, {"b", b_.path}});
  b_.draw();
  EXPECT_EQ(told_within(ten_ticks), Names{"b"});
}

}  // namespace
}  // namespace quotawatch::os
