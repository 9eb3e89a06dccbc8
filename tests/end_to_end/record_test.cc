// `quotawatch record` on a real tmux server: live, killed, and from a run.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <set>

#include "base/text.h"
#include "os/host/system_clock.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"
#include "transcript/transcript.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::read_file;

constexpr const char* undated = "❯ go on\n  ⎿  API Error: Request rejected (429)\n";
constexpr const char* done_screen = "❯ go on\n● Done.\n";

// A limit that resets in two hours, as worded on a screen.
std::string dated() {
  const auto now = std::chrono::floor<std::chrono::hours>(os::read_system_clock().wall);
  const auto hour = (now.time_since_epoch().count() + 2) % 24;
  return fmt::format("❯ go on\n  ⎿  You've hit your session limit · resets {}{} (UTC)\n",
                     hour % 12 == 0 ? 12 : hour % 12, hour < 12 ? "am" : "pm");
}

class RecordTest : public testing::Test {
 protected:
  RecordTest() {
    fleet_.config()["pack"] = "auto";
    fleet_.config()["quota"]["reactivate_cooldown"] = "1s";
    fleet_.config()["quota"]["unknown_reset"] = "2s";
    fleet_.config()["accounts"].push_back({{"name", "c"}});
  }

  os::testing_support::ProgramResult record(std::vector<std::string> more) {
    std::vector<std::string> arguments{"record", "--config", fleet_.write_config()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_quotawatch(arguments);
  }

  void pass(RunningProgram& program, Milliseconds time) {
    program.loop().run_until([] { return false; }, time);
  }

  Fleet fleet_;
  std::string path_ = fleet_.path("recorded.transcript");
};

std::string hook_of(std::mt19937& random) {
  static const std::vector<std::string> hooks{"", "sleep 0.05", "sleep 0.35", "exit 3", "sleep 0.15; exit 1"};
  return hooks[random() % hooks.size()];
}

// A random event in the fleet.
void happen(Fleet& fleet, std::mt19937& random, std::set<std::string>& alive) {
  static const std::vector<std::string> sessions{"ccl-auto-1", "ccl-auto-2", "main"};
  const std::string& session = sessions[random() % sessions.size()];
  switch (random() % 8) {
    case 0:
    case 1:
      fleet.show(session, dated());
      break;
    case 2:
    case 3:
      fleet.show(session, undated);
      break;
    case 4:
    case 5:
      fleet.show(session, done_screen);
      break;
    case 6:
      if (alive.erase(session) > 0) fleet.tmux().remove(session);
      return;
    default:
      fleet.set_hook(hook_of(random));
      return;
  }
  alive.insert(session);
}

// Random events in a fleet on real tmux and in real time: what `record --from-run` records replays
// to the decisions of the journal.
class RecordedRunTest : public RecordTest, public testing::WithParamInterface<unsigned> {};

TEST_P(RecordedRunTest, ReplaysToTheDecisionsOfItsJournal) {
  std::mt19937 random(GetParam());
  std::set<std::string> alive;
  fleet_.set_hook(hook_of(random));
  fleet_.show("main", done_screen);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for_message("watching")) << program.messages();
  for (int i = 0; i < 20; ++i) {
    happen(fleet_, random, alive);
    pass(program, Milliseconds{100 + random() % 250});
  }
  const auto recorded = record({"--from-run", "--no-redact", "-o", path_});
  EXPECT_EQ(recorded.exit_status, 0) << recorded.error_output << read_file(path_);
  const auto redacted = record({"--from-run", "-o", path_ + ".redacted"});
  EXPECT_EQ(redacted.exit_status, 0) << redacted.error_output;
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end());

  const auto replayed = run_quotawatch({"replay", "--json", path_});
  EXPECT_EQ(replayed.exit_status, 0) << replayed.error_output << read_file(path_);
  auto decided = decisions_of(program.journal());
  const auto again = decisions_of(parse_journal(replayed.output));
  EXPECT_GT(again.size(), 2U);
  ASSERT_LE(again.size(), decided.size());
  decided.resize(again.size());  // the run continued while it was queried
  EXPECT_EQ(again, decided) << read_file(path_);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecordedRunTest, testing::Values(1U, 2U, 3U));

TEST_F(RecordTest, PanesAsTheyChangeMakeATranscriptThatReplays) {
  const os::testing_support::Variable not_ci("CI", nullptr);
  fleet_.show("main", done_screen);
  RunningProgram program(
      {"record", "--config", fleet_.write_config(), "--session", "main", "--interval", "50ms", "-o", path_});
  ASSERT_TRUE(os::testing_support::eventually([&] { return read_file(path_).find("Done.") != std::string::npos; },
                                              &program.loop()));
  pass(program, Milliseconds{300});
  fleet_.show("main", dated());
  pass(program, Milliseconds{500});
  fleet_.tmux().remove("main");
  pass(program, Milliseconds{300});
  program.signal(SIGTERM);
  const auto end = program.wait_for_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0) << program.messages();
  const auto transcript = load_transcript(path_);
  EXPECT_EQ(transcript.config.dedicated, std::vector<std::string>{"main"});
  EXPECT_EQ(transcript.config.pool.max, 0);
  EXPECT_GE(transcript.until, Milliseconds{1000});
  EXPECT_NE(read_file(path_).find("s gone main\n"), std::string::npos) << read_file(path_);
  // Unchanged screens are not written again: one screen, possibly captured half-drawn once.
  EXPECT_LE(transcript.events.size(), 5U) << read_file(path_);

  EXPECT_EQ(run_quotawatch({"replay", path_}).exit_status, 1) << "nothing is expected";
  ASSERT_EQ(run_quotawatch({"replay", "--bless", path_}).exit_status, 0);
  EXPECT_NE(read_file(path_).find(" switch from=a to=b reset_at="), std::string::npos);
  EXPECT_EQ(run_quotawatch({"replay", path_}).exit_status, 0);
}

TEST_F(RecordTest, ARecordingIsWholeAtAnyMomentAndAfterAKill) {
  // Multi-byte letters over the whole screen, changing all the time.
  fleet_.show("main", done_screen);
  fleet_.tmux().run({"respawn-pane", "-k", "-t", "main",
                     "i=0; while :; do i=$((i+1)); for r in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do "
                     "echo \"漢字 é 🎉 $i $r ┌──────────────────────────────────────────────────────┐"
                     "\"; done; sleep 0.01; done"});
  std::mt19937 random(7);
  for (int i = 0; i < 12; ++i) {
    const std::string path = fmt::format("{}-{}", path_, i);
    RunningProgram program(
        {"record", "--config", fleet_.write_config(), "--session", "main", "--interval", "5ms", "-o", path});
    ASSERT_TRUE(os::testing_support::eventually(
        [&] { return read_file(path).find("screen main") != std::string::npos; }, &program.loop()));
    // Readers find a valid transcript at every moment, and after the last one. On a slow machine it grows as they read.
    constexpr std::uintmax_t enough = 512 * 1024;
    for (auto reads = random() % 150; reads > 0 && std::filesystem::file_size(path) < enough; --reads) {
      ASSERT_NO_THROW(load_transcript(path)) << read_file(path);
      program.loop().turn();
    }
    program.signal(SIGKILL);
    ASSERT_TRUE(program.wait_for_end());
    const auto transcript = load_transcript(path);
    EXPECT_FALSE(transcript.events.empty());
    EXPECT_NE(run_quotawatch({"replay", path}).exit_status, 2);
  }
}

TEST_F(RecordTest, LeavesOutSecretsAndSaysHowMany) {
  fleet_.show("main",
              "mail anna@example.org key sk-ant-api03-SECRET1234\n/home/berta/x SECRET\n"
              "ghp_SECRET0123456789abcd\n");
  const auto recorded = record({"--session", "main", "--for", "50ms", "--interval", "20ms"});
  EXPECT_EQ(recorded.exit_status, 0) << recorded.error_output;
  for (const char* secret : {"anna", "SECRET1234", "berta", "ghp_SECRET"}) {
    EXPECT_EQ(recorded.output.find(secret), std::string::npos) << recorded.output;
  }
  EXPECT_NE(recorded.error_output.find("redacted: 2 secrets, 1 mail address, 1 user name"), std::string::npos)
      << recorded.error_output;
  EXPECT_NE(recorded.output.find("/home/xxxxx/x SECRET"), std::string::npos) << recorded.output;
  // The output on stdout is a transcript, and its last line gives its length.
  EXPECT_GE(parse_transcript(recorded.output, "stdout").until, Milliseconds{50});
  const auto whole = record({"--session", "main", "--for", "50ms", "--no-redact"});
  EXPECT_NE(whole.output.find("anna@example.org"), std::string::npos) << whole.output;
}

TEST_F(RecordTest, FilesArePrivateAndNotReplaced) {
  fleet_.show("main", done_screen);
  ASSERT_EQ(record({"--session", "main", "--for", "20ms", "-o", path_}).exit_status, 0);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto again = record({"--session", "main", "--for", "20ms", "-o", path_});
  EXPECT_EQ(again.exit_status, 2);
  EXPECT_NE(again.error_output.find("--force"), std::string::npos) << again.error_output;
  EXPECT_EQ(record({"--session", "main", "--for", "20ms", "-o", path_, "--force"}).exit_status, 0);
}

TEST_F(RecordTest, EndsWhenItIsLargeEnough) {
  fleet_.show("main", done_screen);
  const auto recorded = record({"--session", "main", "--max-bytes", "200", "-o", path_});
  EXPECT_EQ(recorded.exit_status, 0);
  EXPECT_NE(recorded.error_output.find("--max-bytes is reached"), std::string::npos);
  EXPECT_NO_THROW(load_transcript(path_));
}

TEST_F(RecordTest, SaysWhatIsWrong) {
  const auto config = fleet_.write_config();
  for (const auto& [arguments, part] : std::initializer_list<std::pair<std::vector<std::string>, const char*>>{
           {{"record"}, "nothing to record"},
           {{"record", "--from-run"}, "no config: there is no quotawatch.json"},
           {{"record", "--from-run", "--config", config}, "no monitor runs"},
           {{"record", "--from-run", "--config", config, "--around", "noon"}, "is no time"},
           {{"record", "--last", "5m"}, "--from-run"},
           {{"record", "--session", "main", "--interval", "0s"}, "takes no time"},
           {{"record", "--session", "main", "--for", "soon"}, "--for"},
       }) {
    const auto result = run_quotawatch(arguments);
    EXPECT_EQ(result.exit_status, 2) << result.error_output;
    EXPECT_NE(result.error_output.find(part), std::string::npos) << result.error_output;
  }
}

}  // namespace
}  // namespace quotawatch::testing_support
