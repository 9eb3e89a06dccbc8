// HookSwitcher and FakeSwitcher against the same contract; and the hook's input and output.
#include "os/hooks/hook_switcher.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "os/files/file_state_store.h"
#include "os/host/system_clock.h"
#include "sim/harness/fake_switcher.h"
#include "tests/contracts/switcher_contract.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;

class HookSwitcherWorld {
 public:
  ~HookSwitcherWorld() { switcher_.abandon(); }

  Switcher& switcher() { return switcher_; }
  Clock& clock() { return clock_; }
  void succeed_after(Milliseconds delay) { run("sleep " + seconds(delay)); }
  void fail_after(Milliseconds delay) { run("sleep " + seconds(delay) + "; exit 3"); }
  void hang() { run("sleep 600"); }
  Milliseconds timeout() { return Milliseconds{150}; }
  Milliseconds slack() { return Milliseconds{5000}; }
  void impatient() { switcher_.configure(command_, timeout()); }
  void stall(Milliseconds duration) { std::this_thread::sleep_for(duration); }

 private:
  static std::string seconds(Milliseconds delay) {
    return fmt::format("{}.{:03}", delay.count() / 1000, delay.count() % 1000);
  }
  void run(const std::string& script) {
    const bool hangs = script == "sleep 600";
    command_ = {"sh", "-c", script};
    switcher_.configure(command_, hangs ? timeout() : Milliseconds{20'000});
  }

  os::EventLoop loop_;
  os::SystemClock clock_{loop_};
  std::vector<std::string> command_;
  os::HookSwitcher switcher_{loop_, {}, Milliseconds{0}, [](std::string_view) {}};
};

class FakeSwitcherWorld {
 public:
  Switcher& switcher() { return switcher_; }
  Clock& clock() { return clock_; }
  void succeed_after(Milliseconds delay) { set({Kind::ok, delay, ""}); }
  void fail_after(Milliseconds delay) { set({Kind::fail, delay, "exit status 3"}); }
  void hang() { set({Kind::hang, {}, ""}); }
  Milliseconds timeout() { return Milliseconds{150}; }
  Milliseconds slack() { return Milliseconds{0}; }
  void impatient() {}  // always
  void stall(Milliseconds duration) { clock_.stall_until(clock_.now().steady + duration); }

 private:
  using Kind = SwitcherOutcome::Kind;
  void set(SwitcherOutcome outcome) { switcher_.set_outcome(std::move(outcome)); }

  sim::VirtualClock clock_{WallTime{}, SteadyTime::max()};
  sim::FakeSwitcher switcher_{clock_, timeout()};
};

class HookSwitcherTest : public testing::Test {
 protected:
  ~HookSwitcherTest() override { switcher_.abandon(); }

  SwitchReport run(std::vector<std::string> command, const SwitchRequest& request,
                   Milliseconds timeout = Milliseconds{20'000}) {
    switcher_.configure(std::move(command), timeout);
    switcher_.start(request);
    std::optional<SwitchReport> report;
    loop_.run_until([&] { return (report = switcher_.take_report()).has_value(); }, std::chrono::seconds{30});
    return report.value_or(SwitchReport{"no report", false, "no report"});
  }

  SwitchReport shell(const std::string& script) { return run({"sh", "-c", script}, contracts::make_request("id-1")); }

  TemporaryFolder folder_;
  os::EventLoop loop_;
  std::vector<std::string> log_;
  os::HookSwitcher switcher_{loop_, {}, Milliseconds{0}, [this](std::string_view line) { log_.emplace_back(line); }};
};

using Lines = std::vector<std::string>;

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(HookSwitcher, SwitcherContract, HookSwitcherWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(FakeSwitcher, SwitcherContract, FakeSwitcherWorld);
}  // namespace contracts

namespace {

TEST_F(HookSwitcherTest, GetsTheRequestInItsEnvironmentAndOnItsInput) {
  SwitchRequest request;
  request.id = "id 'one' \"two\"";
  request.from = "$(touch /tmp/no) `x` ${y}";
  request.to = "b\nc=d";
  request.session = "é漢 \\ ; | &";
  request.reset_text = "8pm (Europe/Paris)";
  request.reset_at = parse_wall("2026-11-23T20:00:00Z");
  request.asked_at = *parse_wall("2026-11-23T19:51:05.250Z");
  write_script(folder_ / "hook", "cat >" + folder_ / "input" + "; env -0 >" + folder_ / "env");
  ASSERT_TRUE(run({folder_ / "hook", "an argument"}, request).done);

  const std::string environment = std::string(1, '\0') + read_file(folder_ / "env");
  for (const auto& [name, value] : std::map<std::string, std::string>{{"ID", request.id},
                                                                      {"FROM", request.from},
                                                                      {"TO", request.to},
                                                                      {"SESSION", request.session},
                                                                      {"RESET_TEXT", request.reset_text},
                                                                      {"RESET_AT", "2026-11-23T20:00:00Z"}}) {
    const std::string line = std::string(1, '\0') + "QUOTAWATCH_" + name + "=" + value + std::string(1, '\0');
    EXPECT_NE(environment.find(line), std::string::npos) << name;
  }
  const std::string input = read_file(folder_ / "input");
  EXPECT_EQ(input.find('\n'), input.size() - 1);
  EXPECT_EQ(nlohmann::json::parse(input), nlohmann::json({{"id", request.id},
                                                          {"from", request.from},
                                                          {"to", request.to},
                                                          {"session", request.session},
                                                          {"reset_text", request.reset_text},
                                                          {"reset_at", "2026-11-23T20:00:00Z"},
                                                          {"asked_at", "2026-11-23T19:51:05.250Z"}}));
}

TEST_F(HookSwitcherTest, GetsEmptyTextsForWhatIsNotKnown) {
  const Variable left_over("QUOTAWATCH_RESET_AT", "left over");
  SwitchRequest request;
  request.id = "id-1";
  write_script(folder_ / "hook", "cat; env | grep ^QUOTAWATCH_ | sort");
  ASSERT_TRUE(run({folder_ / "hook"}, request).done);
  EXPECT_EQ(log_,
            (Lines{R"({"id":"id-1","from":"","to":"","session":"","reset_text":"","reset_at":null,)"
                   R"("asked_at":"1970-01-01T00:00:00Z"})",
                   "QUOTAWATCH_FROM=", "QUOTAWATCH_GENERATION=", "QUOTAWATCH_GROUP=", "QUOTAWATCH_ID=id-1", "QUOTAWATCH_RESET_AT=",
                   "QUOTAWATCH_RESET_TEXT=", "QUOTAWATCH_SESSION=", "QUOTAWATCH_TMUX_SOCKET=", "QUOTAWATCH_TO="}));
}

TEST_F(HookSwitcherTest, GetsTheTmuxSocketOfTheSessions) {
  switcher_.set_tmux_socket("mine");
  ASSERT_TRUE(shell("echo $QUOTAWATCH_TMUX_SOCKET").done);
  EXPECT_EQ(log_, Lines{"mine"});
}

TEST_F(HookSwitcherTest, TextThatIsNotUtf8IsStillSent) {
  SwitchRequest request = contracts::make_request("id-1");
  request.reset_text = "caf\xc3";
  ASSERT_TRUE(run({"cat"}, request).done);
  ASSERT_EQ(log_.size(), 1);
  EXPECT_EQ(nlohmann::json::parse(log_[0])["reset_text"], "caf\xef\xbf\xbd");
}

TEST_F(HookSwitcherTest, SaysHowTheHookEnded) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"exit 1", "exit status 1"},
      {"exit 255", "exit status 255"},
      {"kill -9 $$", "killed by signal 9"},
      {"kill -TERM $$", "killed by signal 15"},
  };
  for (const auto& [script, why] : cases) {
    const auto report = shell(script);
    EXPECT_EQ(report.id, "id-1");
    EXPECT_FALSE(report.done);
    EXPECT_EQ(report.why, why);
  }
}

TEST_F(HookSwitcherTest, SaysWhyTheHookCannotStart) {
  const auto request = contracts::make_request("id-1");
  EXPECT_EQ(run({"/no/such/hook"}, request).why, "cannot start \"/no/such/hook\": No such file or directory");
  write_file(folder_ / "text", "hello");
  EXPECT_EQ(run({folder_ / "text"}, request).why, "cannot start \"" + folder_ / "text" + "\": Permission denied");
  EXPECT_EQ(run({}, request).why, "no command is configured");
  SwitchRequest huge = request;
  huge.reset_text = std::string(5'000'000, 'x');
  EXPECT_EQ(run({"true"}, huge).why, "cannot start \"true\": Argument list too long");
  EXPECT_TRUE(run({"true"}, request).done);
}

TEST_F(HookSwitcherTest, ItsInputNeedsNoReader) {
  EXPECT_TRUE(shell("exec <&-; exit 0").done);
  EXPECT_TRUE(shell("exit 0").done);
}

TEST_F(HookSwitcherTest, InheritsNothing) {
  const os::FileStateStore store(folder_ / "state.json", os::FileStateStore::Access::read_write,
                                 [](std::string_view) {});
  ASSERT_TRUE(shell("exec ls -l /proc/self/fd").done);
  for (const auto& line : log_) EXPECT_EQ(line.find("state.json"), std::string::npos) << line;
  EXPECT_GE(log_.size(), 4);
}

TEST_F(HookSwitcherTest, LogsLinesOfBothStreams) {
  ASSERT_TRUE(shell("echo one; printf 'two\\n\\nfour'; echo error >/dev/stderr").done);
  std::ranges::sort(log_);
  EXPECT_EQ(log_, (Lines{"", "error", "four", "one", "two"}));
}

TEST_F(HookSwitcherTest, LogsOnlySoMuch) {
  ASSERT_TRUE(shell("yes 'a line' | head -n 100000; exit 0").done);
  ASSERT_EQ(log_.size(), os::HookOutput::most_lines + 1);
  EXPECT_EQ(log_.back(), "(what the hook says after this is not logged)");
  log_.clear();
  ASSERT_TRUE(shell("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo next").done);
  EXPECT_EQ(log_, (Lines{std::string(os::HookOutput::longest_line, 'x') + "…", "next"}));
}

TEST(HookOutput, CutsLinesBetweenCharactersWhateverThePieces) {
  std::string text;
  while (text.size() < os::HookOutput::longest_line + 100) text += "漢";
  for (std::size_t piece = 1; piece < 9; ++piece) {
    Lines log;
    os::HookOutput output([&](std::string_view line) { log.emplace_back(line); });
    const std::string fed = text + "\n\nend";
    for (std::size_t i = 0; i < fed.size(); i += piece) {
      output.feed(os::HookOutput::Stream::output, std::string_view(fed).substr(i, piece));
    }
    output.finish();
    ASSERT_EQ(log.size(), 3);
    EXPECT_EQ(log[0], text.substr(0, 999) + "…");
    EXPECT_EQ(log[1], "");
    EXPECT_EQ(log[2], "end");
  }
}

TEST(HookOutput, CutsAtTheByteBeyondTheLongest) {
  for (const std::size_t length : {999U, 1000U, 1001U}) {
    Lines log;
    os::HookOutput output([&](std::string_view line) { log.emplace_back(line); });
    output.feed(os::HookOutput::Stream::output, std::string(length, '\xff') + "\n");
    EXPECT_EQ(log, Lines{length > 1000 ? std::string(1000, '\xff') + "…" : std::string(length, '\xff')});
  }
}

TEST(DryRunSwitcher, ReportsAtOnceAndWakesTheClock) {
  os::EventLoop loop;
  os::SystemClock clock(loop);
  os::DryRunSwitcher switcher(loop);
  EXPECT_FALSE(switcher.busy());
  switcher.start(contracts::make_request("id-1"));
  EXPECT_TRUE(switcher.busy());
  EXPECT_EQ(clock.wait_until(SteadyTime::max()), Wake::notified);
  const auto report = switcher.take_report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->id, "id-1");
  EXPECT_TRUE(report->done);
  EXPECT_FALSE(switcher.take_report());
  switcher.start(contracts::make_request("id-2"));
  switcher.abandon();
  EXPECT_FALSE(switcher.busy());
}

}  // namespace
}  // namespace quotawatch
