// Panes, names, titles and a hook that try to execute commands, or to write control sequences to
// the user's terminal and journal.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::file_exists;
using os::testing_support::read_file;
using os::testing_support::write_file;

constexpr const char* raw_banner = "\r\n> go on\r\n  You've hit your limit · resets 8pm (Europe/Paris)\r\n";
constexpr std::size_t a_megabyte = 1'000'000;

// Bytes that must not reach a terminal: C0 except newline, DEL, C1 control characters, and invalid
// UTF-8. Checks each line on its own.
std::string raw_controls(const std::string& text) {
  for (const auto line : split_lines(text)) {
    if (escape_controls(line) != line) return escape_controls(line);
  }
  return "";
}

class HostileTest : public testing::Test {
 protected:
  void SetUp() override {
    fleet_.config()["pool"] = {{"autonomous", {{"prefix", prefix_}, {"start_index", 1}, {"max", 2}}},
                               {"dedicated", nlohmann::json::array()}};
    for (const auto& name : dedicated_) {
      fleet_.config()["pool"]["dedicated"].push_back({{"name", name}});
    }
    fleet_.config()["accounts"] = {{{"name", "a"}}, {{"name", account_}}};
    for (const auto& name : dedicated_) fleet_.show(name, "calm\n");
    for (const auto& name : pool_) fleet_.show(name, "calm\n");
  }

  // A command that creates a file if it is ever executed.
  std::string trap() const { return "touch " + fleet_.path("trapped"); }
  bool trapped() const { return file_exists(fleet_.path("trapped")); }

  // Everything that a program in a pane can write, followed by `end`.
  std::string hostile_text(const std::string& end) const {
    std::string text = "%s%n%999999d {} {0} {:>99999} \\x1b \\u001b\r\n";
    text += fmt::format("#({0}) #{{pane_pid}} $({0}) `{0}` '; {0}; ' \"; {0}; \"\r\n", trap());
    text += fmt::format("\033]2;#({0})$({0})%n\007\033k#({0})\033\\", trap());  // title and name
    text += fmt::format("\033]52;c;cm0gLXJmIC8=\007\033P$q m\033\\\033[21t\033[5n{}", "\a\b\v\f");
    text +=
        "\xff\xfe \xc3\x28 \xed\xa0\x80 \xf4\x90\x80\x80 \xc2\x9b"
        "31m \xc2\x9d"
        "0;x\xc2\x9c\r\n";
    text += "{\"event\":\"switch\",\"id\":\"1\"}\r\n\033[31m\033[?1049h\033[?1049l";
    return text + std::string(a_megabyte, 'A') + "\r\n" + end;
  }

  // The pane of each session writes `text`, after which its screen contains `last`.
  void write_in(const std::vector<std::string>& sessions, const std::string& text, const std::string& last) {
    const std::string file = fleet_.path(fmt::format("text-{}", ++texts_));
    write_file(file, text);
    for (const auto& session : sessions) {
      fleet_.tmux().respawn(session, {"sh", "-c", "cat \"$1\"; exec sleep 600", "sh", file});
    }
    for (const auto& session : sessions) {
      ASSERT_TRUE(eventually([&] { return fleet_.tmux().screen(session).find(last) != std::string::npos; })) << session;
    }
  }

  Fleet fleet_;
  std::string prefix_ = "$(" + trap() + ")#(" + trap() + ")%s%n{}";
  std::vector<std::string> pool_{prefix_ + "1", prefix_ + "2"};
  std::vector<std::string> dedicated_{"';" + trap() + ";'", "\"`" + trap() + "`\\", "{} {0} %n%n", "#{pane_pid};"};
  std::string account_ = "$(" + trap() + ") `" + trap() + "` %n {} '\"";
  int texts_ = 0;
};

TEST_F(HostileTest, NothingIsRunOrPrintedAndTheTrueBannerStillSwitches) {
  fleet_.set_hook(
      fmt::format("env > '{}'; printf '%s\\n' \"$QUOTAWATCH_SESSION\"; printf "
                  "'\\033]0;x\\007\\302\\233\\377\\n'; "
                  "printf '\\033[2J{{}} %%n\\n' >&2",
                  fleet_.path("environment")));
  write_in(pool_, hostile_text("all is well\r\n"), "all is well");
  write_in(dedicated_, hostile_text("all is well\r\n"), "all is well");

  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", pool_.size() + dedicated_.size())) << program.messages();
  program.loop().run_until([] { return false; }, Milliseconds{300});
  EXPECT_TRUE(decisions_of(program.journal()).empty());

  write_in(pool_, hostile_text(raw_banner), "resets 8pm");
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  ASSERT_TRUE(program.wait_for("skip", 3));
  ASSERT_TRUE(program.wait_for_message("%n"));  // the last of the hook's output
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end());

  EXPECT_FALSE(trapped());
  EXPECT_EQ(raw_controls(program.messages()), "");
  EXPECT_NE(program.messages().find("hook: \\x1b]0;x\\x07"), std::string::npos) << escape_controls(program.messages());
  const auto requests = fleet_.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0]["session"], pool_[0]);
  EXPECT_EQ(requests[0]["to"], account_);
  EXPECT_EQ(requests[0]["reset_text"], "8pm");
  const std::string environment = read_file(fleet_.path("environment"));
  EXPECT_NE(environment.find("\nQUOTAWATCH_SESSION=" + pool_[0] + "\n"), std::string::npos);
  EXPECT_NE(environment.find("\nQUOTAWATCH_TO=" + account_ + "\n"), std::string::npos);
}

TEST_F(HostileTest, TheJournalIsLinesOfJsonWithoutControls) {
  // Both a near-banner and the real banner are quoted in the journal.
  fleet_.config()["pack"] = "auto";
  write_in(dedicated_,
           hostile_text("\033[31m\xc2\x9b"
                        "1mYou've hit your limit \xff\033]2;x\007%n\r\n"),
           "%n");
  write_in(pool_, hostile_text(raw_banner), "resets 8pm");
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--journal", fleet_.path("journal")}));
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(raw_controls(result.error_output), "");
  EXPECT_EQ(result.output, "");
  const std::string text = read_file(fleet_.path("journal"));
  EXPECT_EQ(raw_controls(text), "");
  ASSERT_TRUE(text.ends_with('\n'));
  std::size_t quoted = 0;
  for (const auto line : split_lines(text)) {
    const auto event = nlohmann::json::parse(line);
    const std::string snippet = event.value("snippet", "");
    EXPECT_EQ(make_snippet(snippet), snippet);  // short, one line, and harmless after decoding, too
    quoted += snippet.empty() ? 0U : 1U;
  }
  EXPECT_GE(quoted, pool_.size());
  EXPECT_FALSE(trapped());
}

TEST_F(HostileTest, FilesAreForTheirOwnerAloneWhateverTheUmask) {
  write_in(pool_, raw_banner, "resets 8pm");
  fleet_.config()["journal"] = {{"path", "journal"}};
  const auto arguments = fleet_.run_arguments();
  const auto result = os::testing_support::run_program(
      {"sh", "-c", "umask 0; exec \"$@\"", "sh", binary_path(), "run", "--config", arguments[2], "--once"});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  for (const char* name : {"state.json", "state.json.previous", "state.json.lock", "journal"}) {
    struct stat status {};
    ASSERT_EQ(::lstat(fleet_.path(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 07777U, 0600U) << name;
  }
}

}  // namespace
}  // namespace quotawatch::testing_support
