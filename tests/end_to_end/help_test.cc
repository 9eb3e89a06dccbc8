// Help of every command, mistyped command lines, and where config and tmux server are looked for.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/display_width.h"
#include "base/text.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::run_program;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

// The commands that a help lists.
std::vector<std::string> commands_in(const std::string& help) {
  std::vector<std::string> commands;
  bool listed = false;
  for (const auto line : split_lines(help)) {
    if (!line.starts_with("  ")) listed = line == "Commands:";
    if (listed && line.starts_with("  ") && line[2] != ' ')
      commands.emplace_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return commands;
}

void check_help(std::vector<std::string> command) {
  auto asked = command;
  asked.emplace_back("--help");
  const auto help = run_quotawatch(asked);
  EXPECT_EQ(help.exit_status, 0);
  std::size_t examples = 0;
  for (const auto line : split_lines(help.output)) {
    EXPECT_LE(display_width(line), 80U) << line;
    examples += line.starts_with("  quotawatch ") ? 1U : 0U;
  }
  EXPECT_EQ(examples, command.empty() ? 0U : 2U) << help.output;
  EXPECT_EQ(help.output.find(" TEXT"), std::string::npos) << help.output;
  auto by_name = command;
  by_name.insert(by_name.begin(), "help");
  EXPECT_EQ(run_quotawatch(by_name).output, help.output);
  for (const auto& next : commands_in(help.output)) {
    auto deeper = command;
    deeper.push_back(next);
    check_help(deeper);
  }
}

TEST(HelpTest, EveryCommandHasItInEightyColumnsWithTwoExamples) { check_help({}); }

TEST(HelpTest, VersionsAreShownForBothNames) {
  const auto version = run_quotawatch({"--version"});
  EXPECT_TRUE(version.output.starts_with("quotawatch ")) << version.output;
  EXPECT_EQ(run_quotawatch({"-V"}).output, version.output);
  EXPECT_EQ(run_quotawatch({"run", "-V"}).output, version.output);
}

TEST(HelpTest, AMistypedCommandOrOptionIsMetWithTheNearestOne) {
  struct Case {
    std::vector<std::string> arguments;
    const char* said;
  };
  for (const auto& [arguments, said] : std::vector<Case>{
           {{"statsu"}, "\"statsu\": no such command; did you mean status?; `quotawatch --help`"},
           {{"run", "--confg", "x"}, "\"--confg\": no such option; did you mean --config?; `quotawatch run --help`"},
           {{"run", "--confg=x"}, "\"--confg\": no such option; did you mean --config?"},
           {{"patterns", "lnt", "x"}, "\"lnt\": no such command; did you mean lint?; `quotawatch patterns --help`"},
           {{"replay", "x", "--explian"}, "did you mean --explain?"},
           {{"help", "stats"}, "did you mean status?"},
       }) {
    const auto result = run_quotawatch(arguments);
    EXPECT_EQ(result.exit_status, 2) << said;
    EXPECT_TRUE(has(result.error_output, said));
  }
}

// `quotawatch ARGUMENTS` in a folder and with a few variables.
os::testing_support::ProgramResult run_in(const std::string& folder, const std::string& variables,
                                          const std::string& arguments) {
  return run_program({"sh", "-c",
                      "cd \"$0\" && env -u TMUX HOME=\"$0\" " + variables + " " + binary_path() + " " + arguments,
                      folder});
}

TEST(ConfigSearchTest, IsTheSameForAllCommands) {
  const TemporaryFolder folder;
  const auto config = [](const char* session) {
    return std::string(R"({"pool":{"dedicated":[{"name":")") + session + R"("}]},"tmux":{"socket_name":"qw-none"}})";
  };
  const auto watched = [&](const std::string& variables) {
    return run_in(folder.path(), variables, "run --once --dry-run").output;
  };
  EXPECT_TRUE(has(run_in(folder.path(), "", "status").error_output, "no config: there is no quotawatch.json"));
  std::filesystem::create_directories(folder / ".config/quotawatch");
  write_file(folder / ".config/quotawatch/quotawatch.json", config("at-home"));
  EXPECT_TRUE(has(watched(""), "\"session\":\"at-home\""));
  std::filesystem::create_directories(folder / "xdg/quotawatch");
  write_file(folder / "xdg/quotawatch/quotawatch.json", config("xdg"));
  EXPECT_TRUE(has(watched("XDG_CONFIG_HOME=\"$0\"/xdg"), "\"session\":\"xdg\""));
  write_file(folder / "quotawatch.json", config("here"));
  EXPECT_TRUE(has(watched(""), "\"session\":\"here\""));
  write_file(folder / "named.json", config("named"));
  EXPECT_TRUE(has(watched("QUOTAWATCH_CONFIG=named.json"), "\"session\":\"named\""));
  EXPECT_TRUE(has(run_in(folder.path(), "QUOTAWATCH_CONFIG=none.json", "status").error_output, "none.json"));
  for (const char* command : {"status", "resume x", "account free x", "record --from-run", "pause"}) {
    EXPECT_EQ(run_in(folder.path(), "QUOTAWATCH_CONFIG=none.json", command).exit_status, 2) << command;
  }
}

TEST(ConfigSearchTest, APathMayBeginInTheHomeFolder) {
  const TemporaryFolder folder;
  write_file(folder / "quotawatch.json",
             R"({"pool":{"dedicated":[{"name":"main"}]},"journal":{"path":"~/there.jsonl"}})");
  EXPECT_TRUE(has(run_in(folder.path(), "", "log").error_output, (folder / "there.jsonl") + ": no such journal"));
}

TEST(SocketTest, IsTheOneOfTmuxUnlessNamed) {
  Fleet fleet;
  fleet.show("main", dated_banner);
  const TemporaryFolder folder;
  const std::string arguments = "run --dedicated main --once --dry-run";
  const std::string socket = fleet.tmux().socket_name();
  EXPECT_TRUE(has(run_in(folder.path(), "", arguments + " --socket " + socket).output, "\"verdict\":\"exhausted\""));
  const auto server = run_program({"tmux", "-L", socket, "display-message", "-p", "#{socket_path}"});
  const std::string path(trim(server.output));
  EXPECT_TRUE(has(run_in(folder.path(), "", arguments + " --socket " + path).output, "\"verdict\":\"exhausted\""));
  const auto inside = run_in(folder.path(), "TMUX=" + path + ",1,0", arguments);
  EXPECT_TRUE(has(inside.output, "\"verdict\":\"exhausted\"")) << inside.error_output;
  EXPECT_TRUE(has(inside.error_output, "on tmux socket " + socket));
}

TEST(QuietTest, OnlyWarningsAreSaidAndWithVerboseObservations) {
  Fleet fleet;
  fleet.config()["pool"] = {{"dedicated", {{{"name", "main"}}}}};
  fleet.show("main", dated_banner);
  const auto quiet = run_quotawatch(fleet.run_arguments({"--once", "-q"}));
  EXPECT_EQ(quiet.error_output, "") << quiet.error_output;
  const auto verbose = run_quotawatch(fleet.run_arguments({"--once", "-v"}));
  EXPECT_TRUE(has(verbose.error_output, "verdict session=main"));
}

}  // namespace
}  // namespace quotawatch::testing_support
