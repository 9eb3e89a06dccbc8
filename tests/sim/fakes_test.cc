// The controls of the fakes, for tests and transcripts. Their behaviour as seams is tested in
// tests/contracts.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/harness/fake_switcher.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/memory_state_store.h"

namespace quotawatch::sim {
namespace {

using std::chrono::seconds;
using HookOutcome = SwitcherOutcome::Kind;

class FakeSwitcherTest : public testing::Test {
 protected:
  void start(const std::string& id) {
    SwitchRequest request;
    request.id = id;
    switcher_.start(request);
  }

  // "1 done @5", "1 failed @120: timed out", or "nothing" if no report came.
  std::string wait_for_report() {
    if (clock_.wait_until(SteadyTime{seconds{1000}}) != Wake::notified) return "nothing";
    const auto report = switcher_.take_report();
    if (!report) return "no report";
    return fmt::format("{} {} @{}{}{}", report->id, report->done ? "done" : "failed", clock_.elapsed().count() / 1000,
                       report->why.empty() ? "" : ": ", report->why);
  }

  VirtualClock clock_{*parse_wall("2026-11-23T12:00:00Z"), SteadyTime{seconds{10'000}}};
  FakeSwitcher switcher_{clock_, seconds{120}};
};

TEST_F(FakeSwitcherTest, SucceedsAtOnceByDefault) {
  start("1");
  EXPECT_EQ(wait_for_report(), "1 done @0");
}

TEST_F(FakeSwitcherTest, EndsWithTheGivenOutcome) {
  switcher_.set_outcome({HookOutcome::ok, seconds{5}, ""});
  start("1");
  EXPECT_EQ(wait_for_report(), "1 done @5");
  switcher_.set_outcome({HookOutcome::fail, seconds{0}, "no such account"});
  start("2");
  EXPECT_EQ(wait_for_report(), "2 failed @5: no such account");
  switcher_.set_outcome({HookOutcome::hang, seconds{0}, ""});
  start("3");
  EXPECT_EQ(wait_for_report(), "3 failed @125: timed out");
}

TEST_F(FakeSwitcherTest, ADelayUpToTheTimeoutIsInTime) {
  switcher_.set_outcome({HookOutcome::ok, seconds{120}, ""});
  start("1");
  EXPECT_EQ(wait_for_report(), "1 done @120");
  switcher_.set_outcome({HookOutcome::ok, seconds{120} + Milliseconds{1}, ""});
  start("2");
  EXPECT_EQ(wait_for_report(), "2 failed @240: timed out");
}

TEST_F(FakeSwitcherTest, AnOutcomeIsForRequestsStartedFromThenOn) {
  switcher_.set_outcome({HookOutcome::ok, seconds{5}, ""});
  start("1");
  switcher_.set_outcome({HookOutcome::hang, seconds{0}, ""});
  EXPECT_EQ(wait_for_report(), "1 done @5");
  start("2");
  EXPECT_EQ(wait_for_report(), "2 failed @125: timed out");
}

TEST_F(FakeSwitcherTest, RemembersEveryRequest) {
  start("1");
  wait_for_report();
  start("2");
  switcher_.abandon();
  ASSERT_EQ(switcher_.started().size(), 2U);
  EXPECT_EQ(switcher_.started()[1].id, "2");
  EXPECT_EQ(clock_.wait_until(SteadyTime{seconds{1000}}), Wake::deadline);
}

TEST(FakeTmuxTest, ShowsAScreenUntilItIsReplaced) {
  FakeTmux tmux;
  tmux.show("a", "first\n", 80, 24);
  const auto first = tmux.capture({"a", "b"});
  ASSERT_EQ(first.panes.size(), 2U);
  EXPECT_TRUE(first.server_up);
  EXPECT_EQ(*first.panes[0].text, "first\n");
  EXPECT_EQ(first.panes[0].columns, 80);
  EXPECT_EQ(first.panes[1].status, PaneCapture::Status::absent);
  EXPECT_EQ(tmux.capture({"a"}).panes[0].text, first.panes[0].text) << "without a copy";
  tmux.fail("a", "no answer");
  EXPECT_EQ(tmux.capture({"a"}).panes[0].status, PaneCapture::Status::failed);
  EXPECT_EQ(tmux.capture({"a"}).panes[0].why, "no answer");
  tmux.show("a", "second\n", 10, 2);
  EXPECT_EQ(*tmux.capture({"a"}).panes[0].text, "second\n");
  tmux.remove("a");
  EXPECT_EQ(tmux.capture({"a"}).panes[0].status, PaneCapture::Status::absent);
}

TEST(FakeTmuxTest, KnowsSessionsByTheirExactNames) {
  FakeTmux tmux;
  tmux.show("a-10", "at work\n", 80, 24);
  const auto capture = tmux.capture({"a-1", "a-10", "a-100"});
  EXPECT_EQ(capture.panes[0].status, PaneCapture::Status::absent);
  EXPECT_EQ(capture.panes[1].status, PaneCapture::Status::screen);
  EXPECT_EQ(capture.panes[2].status, PaneCapture::Status::absent);
}

TEST(FakeTmuxTest, AServerThatIsDownFailsAllAndForgetsNone) {
  FakeTmux tmux;
  tmux.show("a", "first\n", 80, 24);
  tmux.set_server_up(false, "no server");
  const auto down = tmux.capture({"a", "b"});
  EXPECT_FALSE(down.server_up);
  EXPECT_EQ(down.why, "no server");
  ASSERT_EQ(down.panes.size(), 2U);
  for (const auto& pane : down.panes) EXPECT_EQ(pane.status, PaneCapture::Status::failed);
  tmux.set_server_up(true);
  EXPECT_EQ(*tmux.capture({"a"}).panes[0].text, "first\n");
}

TEST(MemoryStateStoreTest, FailsOnRequest) {
  MemoryStateStore store;
  EXPECT_FALSE(store.load());
  State state;
  state.active_account = "a";
  EXPECT_EQ(store.save(state), std::nullopt);
  store.fail_with("disk full");
  state.active_account = "b";
  EXPECT_EQ(store.save(state), "disk full");
  store.fail_with(std::nullopt);
  EXPECT_EQ(store.load()->active_account, "a");
}

TEST(MemoryJournalTest, NotesTheMomentAndTheRun) {
  VirtualClock clock(*parse_wall("2026-11-23T12:00:00Z"), SteadyTime{seconds{100}});
  MemoryJournal journal(clock);
  journal.write({});
  clock.wait_until(SteadyTime{seconds{30}});
  journal.begin_run();
  journal.write({});
  ASSERT_EQ(journal.entries().size(), 2U);
  EXPECT_EQ(journal.entries()[0].offset, seconds{0});
  EXPECT_EQ(journal.entries()[0].run, 0U);
  EXPECT_EQ(journal.entries()[1].offset, seconds{30});
  EXPECT_EQ(journal.entries()[1].run, 1U);
}

}  // namespace
}  // namespace quotawatch::sim
