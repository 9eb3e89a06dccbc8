// The command line as used by people and CI: exit codes, messages, formats, and every kind of bad
// input.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

namespace fs = std::filesystem;
using os::testing_support::ProgramResult;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;
using tests::replaced;

constexpr std::size_t ten_megabytes = 10'000'000;

constexpr const char* passing =
    "quotawatch-transcript 1\n"
    "start 2026-11-23T12:00:00Z\n"
    "config {\"pool\":{\"dedicated\":[{\"name\":\"main\"}]},\"pack\":\"seed\"}\n"
    "until 1m\n\n"
    "# a comment\n"
    "@0s screen main 80x24\n"
    "|Too many requests\n\n"
    "expect @30s suspect session=main\n"
    "expect @60s switch\n"
    "expect @60s switch_done\n";

void expect_refused(const ProgramResult& result, const std::string& place) {
  EXPECT_TRUE(result.ended);
  EXPECT_EQ(result.exit_status, 2) << result.output << result.error_output;
  EXPECT_NE(result.error_output.find("quotawatch: " + place), std::string::npos)
      << "wanted " << place << ", got " << result.error_output.substr(0, 500);
}

TEST(ExplainTest, SaysExhaustedWithTheReset) {
  const auto result =
      run_quotawatch({"explain", "--pack", "seed", "--json", "-"}, "You've hit your limit · resets 8pm");
  ASSERT_EQ(result.exit_status, 0) << result.error_output;
  const auto json = nlohmann::json::parse(result.output);
  EXPECT_EQ(json["verdict"], "exhausted");
  EXPECT_EQ(json["reset_text"], "8pm");
  EXPECT_TRUE(json["reset_at"].is_string());
}

TEST(ExplainTest, SaysServerErrorWhereA500StandsInTheBlock) {
  const auto result = run_quotawatch({"explain", "--pack", "seed", "--json", "-"},
                                     "You've hit your limit · resets 8pm\nAPI Error: 500\n");
  EXPECT_EQ(nlohmann::json::parse(result.output)["verdict"], "server_error");
}

TEST(ExplainTest, DatesTheResetByTheTimeAndZoneGiven) {
  const auto result = run_quotawatch(
      {"explain", "--pack", "seed", "--json", "--at", "2026-11-23T12:00:00Z", "--timezone", "America/New_York"},
      "You've hit your limit · resets 8pm");
  EXPECT_EQ(nlohmann::json::parse(result.output)["reset_at"], "2026-11-24T01:00:00Z");
}

TEST(ExplainTest, AnswersEachJsonLineWithOne) {
  const auto result = run_quotawatch({"explain", "--jsonl", "--pack", "seed"},
                                     "{\"id\": 1, \"screen\": \"too many requests\\nresets 8pm\", \"at\": null}\n"
                                     "\n"
                                     "{\"id\": \"x\", \"screen\": \"fine\", \"at\": \"2026-11-23T12:00:00Z\", "
                                     "\"timezone\": \"UTC\"}");
  ASSERT_EQ(result.exit_status, 0) << result.error_output;
  const auto lines = split_lines(result.output);
  ASSERT_EQ(lines.size(), 2U);
  const auto first = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(first["id"], 1);
  EXPECT_EQ(first["verdict"], "exhausted");
  EXPECT_EQ(first["reset_text"], "8pm");
  EXPECT_TRUE(first["reset_at"].is_null());
  EXPECT_EQ(nlohmann::json::parse(lines[1])["verdict"], "clear");
}

TEST(ExplainTest, ShowsHostileTextOnlyEscaped) {
  for (const char* flag : {"--pack", "--json"}) {
    std::vector<std::string> arguments{"explain", flag};
    if (std::string(flag) == "--pack") arguments.emplace_back("seed");
    const auto result = run_quotawatch(arguments, "\x1b]0;owned\x07\x08 too many requests\n");
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_EQ(result.output.find('\x1b'), std::string::npos);
    EXPECT_EQ(result.output.find("owned"), std::string::npos) << "a terminal would not have shown it";
    EXPECT_EQ(result.output.find('\x08'), std::string::npos);
  }
}

TEST(ReplayTest, EndsWithTheCounts) {
  const TemporaryFolder folder;
  write_file(folder / "good.transcript", passing);
  const auto good = run_quotawatch({"replay", folder.path()});
  EXPECT_EQ(good.exit_status, 0) << good.output;
  EXPECT_EQ(good.output, "1 passed, 0 failed\n");

  write_file(folder / "bad.transcript", replaced(passing, "@60s switch\n", "@60s switch from=z\n"));
  const auto bad = run_quotawatch({"replay", folder.path()});
  EXPECT_EQ(bad.exit_status, 1);
  EXPECT_EQ(split_lines(bad.output).back(), "1 passed, 1 failed");
  EXPECT_NE(bad.output.find("bad.transcript:11"), std::string::npos) << bad.output;
  EXPECT_NE(bad.output.find("from=z"), std::string::npos);
  EXPECT_NE(bad.output.find("| Too many requests"), std::string::npos);
}

TEST(ReplayTest, FilterTakesOnlyWhatMatches) {
  const TemporaryFolder folder;
  write_file(folder / "one.transcript", passing);
  write_file(folder / "two.transcript", replaced(passing, "@60s switch\n", "@60s clear\n"));
  EXPECT_EQ(run_quotawatch({"replay", folder.path(), "--filter", "one"}).exit_status, 0);
  expect_refused(run_quotawatch({"replay", folder.path(), "--filter", "three"}), folder.path());
  expect_refused(run_quotawatch({"replay", folder.path(), "--filter", "("}), "--filter");
}

TEST(ReplayTest, JsonPrintsEveryEventWithFileAndOffset) {
  const TemporaryFolder folder;
  write_file(folder / "one.transcript", passing);
  const auto result = run_quotawatch({"replay", folder.path(), "--json"});
  const auto lines = split_lines(result.output);
  ASSERT_EQ(lines.size(), 4U) << result.output;
  const auto suspect = nlohmann::json::parse(lines[1]);
  EXPECT_EQ(suspect["file"], folder / "one.transcript");
  EXPECT_EQ(suspect["offset"], "30s");
  EXPECT_EQ(suspect["event"], "suspect");
  EXPECT_EQ(suspect["at"], "2026-11-23T12:00:30.000Z");
}

TEST(ExplainTest, AnIdComesBackTheSameAndHarmless) {
  const std::string id = "a\x7f\u0080\u009b\u061c\u200b\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff";
  const nlohmann::json request{{"id", {{"of", id}}}, {"screen", id}};
  const auto result = run_quotawatch({"explain", "--jsonl"}, request.dump() + "\n");
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(nlohmann::json::parse(result.output)["id"]["of"], id);
  const auto line = result.output.substr(0, result.output.size() - 1);
  EXPECT_EQ(escape_controls(line), line);
}

// A million of them once took more than two minutes.
TEST(ExplainTest, EmptyLinesCostNothing) {
  const std::string request = R"({"id": 1, "screen": "x"})"
                              "\n";
  const auto result = run_quotawatch({"explain", "--jsonl"}, std::string(1'000'000, '\n') + request + " \r\n\n");
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(parse_journal(result.output).size(), 1U);
  const auto bad = run_quotawatch({"explain", "--jsonl"}, "\n\n" + request + "\n{}\n");
  expect_refused(bad, "stdin:5: the key \"screen\" is missing");
}

TEST(ExplainTest, ReadsWhatAShellPipesIntoItByName) {
  const auto shell = [](const std::string& script) {
    return os::testing_support::run_program({"bash", "-c", script, "bash", binary_path()});
  };
  constexpr const char* screen = "printf '❯ go on\\n  ⎿  You have hit your limit\\n'";
  auto result = shell(fmt::format("\"$1\" explain --json <(sleep 0.1; {})", screen));
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_NE(result.output.find("go on"), std::string::npos) << result.output;
  result = shell(fmt::format("{} | \"$1\" explain --json /dev/stdin", screen));
  EXPECT_NE(result.output.find("go on"), std::string::npos) << result.output;
  result = shell("\"$1\" explain --jsonl <(echo '{\"id\":1,\"screen\":\"x\"}')");
  EXPECT_NE(result.output.find("\"id\":1"), std::string::npos) << result.output;
  result = shell("\"$1\" replay <(cat '" + demo() + "'/1-*.transcript)");
  EXPECT_EQ(result.output, "1 passed, 0 failed\n") << result.error_output;
}

// It would have waited forever.
TEST(CommandLineTest, APipeWithoutAWriterIsRefused) {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::vector<std::vector<std::string>> commands{{"explain", pipe},
                                                       {"explain", "--jsonl", pipe},
                                                       {"explain", "--pack", pipe, "-"},
                                                       {"run", "--once", "--config", pipe},
                                                       {"status", "--config", pipe},
                                                       {"record", "--config", pipe},
                                                       {"replay", pipe},
                                                       {"patterns", "lint", pipe}};
  for (const auto& command : commands) {
    expect_refused(run_quotawatch(command), pipe + ": is a pipe that nobody writes to");
  }
}

TEST(ReplayTest, JunitHoldsEachCase) {
  const TemporaryFolder folder;
  write_file(folder / "good.transcript", passing);
  write_file(folder / "bad.transcript", replaced(passing, "@60s switch\n", "@60s clear\n"));
  run_quotawatch({"replay", folder.path(), "--junit", folder / "results.xml"});
  const auto xml = os::testing_support::read_file(folder / "results.xml");
  EXPECT_NE(xml.find("tests=\"2\" failures=\"1\" time=\"0."), std::string::npos) << xml;
  EXPECT_NE(xml.find("file=\"" + (folder / "good.transcript") + "\" time=\"0."), std::string::npos) << xml;
}

TEST(ReplayTest, AnAsciicastBecomesATranscriptAndComesBack) {
  const TemporaryFolder folder;
  const std::string cast =
      "{\"version\": 2, \"width\": 80, \"height\": 24, \"timestamp\": 1764532265}\n"
      "[1, \"o\", \"Too many \\u001b[1mrequests\"]\n";
  write_file(folder / "a.cast", cast);
  const auto made = run_quotawatch({"record", "--asciinema", folder / "a.cast", "-o", folder / "a.transcript"});
  EXPECT_EQ(made.exit_status, 0) << made.error_output;
  EXPECT_EQ(run_quotawatch({"record", "--asciinema", folder / "a.cast", "-o", folder / "a.transcript"}).exit_status, 2)
      << "it is not written over";
  const auto played = run_quotawatch({"replay", folder / "a.transcript", "--asciinema", folder / "b.cast"});
  EXPECT_EQ(played.exit_status, 0) << played.output;
  EXPECT_TRUE(has(os::testing_support::read_file(folder / "b.cast"),
                  "[30.0,\"o\",\"\\u001b[H\\u001b[2JToo many requests\"]\n"));
  write_file(folder / "bad.cast", cast + "[0, \"o\", \"back\"]\n");
  expect_refused(run_quotawatch({"record", "--asciinema", folder / "bad.cast"}),
                 (folder / "bad.cast") + ":3: [0]: goes back");
  expect_refused(run_quotawatch({"replay", demo(), "--asciinema", folder / "c.cast"}),
                 "--asciinema: shows one transcript");
}

TEST(ReplayTest, PrintsTheSameWithAnyNumberOfJobs) {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i) {
    write_file(folder / fmt::format("{}.transcript", i),
               i % 3 == 0 ? replaced(passing, "@60s switch\n", "@60s clear\n") : std::string(passing));
  }
  const auto one = run_quotawatch({"replay", folder.path(), "--explain"});
  EXPECT_EQ(one.exit_status, 1);
  const auto several = run_quotawatch({"replay", folder.path(), "--explain", "--jobs", "4"});
  EXPECT_EQ(several.output, one.output);
  EXPECT_EQ(several.exit_status, 1);
}

TEST(ReplayTest, ListsWhatItWouldReplay) {
  const TemporaryFolder folder;
  write_file(folder / "one.transcript", "nothing that could be replayed");
  write_file(folder / "two.transcript", passing);
  const auto all = run_quotawatch({"replay", "--list", folder.path()});
  EXPECT_EQ(all.exit_status, 0) << all.error_output;
  EXPECT_EQ(all.output, (folder / "one.transcript") + "\n" + (folder / "two.transcript") + "\n");
  EXPECT_EQ(run_quotawatch({"replay", "--list", folder.path(), "--filter", "two"}).output,
            (folder / "two.transcript") + "\n");
}

TEST(ReplayTest, HasColoursWhereTheyAreAskedFor) {
  const TemporaryFolder folder;
  write_file(folder / "good.transcript", passing);
  const auto shown = [&](const char* when) {
    return run_quotawatch({"replay", folder.path(), "--color", when}).output;
  };
  EXPECT_EQ(shown("always"), "\x1b[32m1 passed, 0 failed\x1b[0m\n");
  EXPECT_EQ(shown("auto"), "1 passed, 0 failed\n");
  EXPECT_EQ(shown("never"), "1 passed, 0 failed\n");
  EXPECT_EQ(run_quotawatch({"replay", folder.path(), "--color", "red"}).exit_status, 2);
}

TEST(ReplayTest, BlessRewritesOnlyExpectations) {
  const TemporaryFolder folder;
  const os::testing_support::Variable no_ci("CI", nullptr);
  write_file(folder / "one.transcript", replaced(passing, "expect @60s switch\n", "expect @60s clear\n"));
  EXPECT_EQ(run_quotawatch({"replay", folder.path(), "--bless"}).exit_status, 0);
  const auto blessed = os::testing_support::read_file(folder / "one.transcript");
  EXPECT_NE(blessed.find("# a comment\n@0s screen main 80x24\n|Too many requests\n"), std::string::npos);
  EXPECT_NE(blessed.find("expect @60s switch from="), std::string::npos) << blessed;
  EXPECT_EQ(blessed.find("clear"), std::string::npos);
  EXPECT_EQ(run_quotawatch({"replay", folder.path()}).exit_status, 0);
}

TEST(ReplayTest, BlessKeepsTheFieldsTheAuthorChose) {
  const TemporaryFolder folder;
  const os::testing_support::Variable no_ci("CI", nullptr);
  write_file(folder / "one.transcript", replaced(passing, "suspect session=main", "suspect pool=9 rule=zzz"));
  EXPECT_EQ(run_quotawatch({"replay", folder.path(), "--bless"}).exit_status, 0);
  const auto blessed = os::testing_support::read_file(folder / "one.transcript");
  EXPECT_NE(blessed.find("expect @30s suspect pool=0 rule=too-many-requests\n"), std::string::npos) << blessed;
}

TEST(ReplayTest, BlessIsRefusedInCi) {
  const TemporaryFolder folder;
  const os::testing_support::Variable ci("CI", "true");
  write_file(folder / "one.transcript", passing);
  expect_refused(run_quotawatch({"replay", folder.path(), "--bless"}), "--bless");
}

TEST(ReplayTest, NoCasesIsAnError) {
  const TemporaryFolder folder;
  expect_refused(run_quotawatch({"replay", folder.path()}), folder.path());
  expect_refused(run_quotawatch({"replay", folder / "none"}), folder / "none");
}

TEST(UsageTest, HelpAndVersionAreEverywhere) {
  EXPECT_EQ(run_quotawatch({"--version"}).exit_status, 0);
  for (const char* command : {"run", "record", "replay", "explain", "patterns", "status", "account", "simulate"}) {
    const auto help = run_quotawatch({command, "--help"});
    EXPECT_EQ(help.exit_status, 0) << command;
    EXPECT_NE(help.output.find("Usage: "), std::string::npos) << command;
    EXPECT_EQ(help.output.find("TEXT"), std::string::npos) << command << ": an option has no name "
                                                           << "for its value";
  }
}

TEST(UsageTest, WrongUsageEndsWithTwo) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"nonsense"},
                                                                     {"run", "--nonsense"},
                                                                     {"replay"},
                                                                     {"explain", "--pack"},
                                                                     {"run"},
                                                                     {"run", "--pool", "x"},
                                                                     {"run", "--pool", "p:0:0"},
                                                                     {"explain", "--at", "soon"}}) {
    const auto result = run_quotawatch(arguments);
    EXPECT_EQ(result.exit_status, 2) << fmt::format("{}", fmt::join(arguments, " "));
    EXPECT_EQ(result.error_output.rfind("quotawatch: ", 0), 0U) << result.error_output;
  }
}

// Every input of the program, given the same kinds of invalid data.
struct Reader {
  std::string name;
  std::function<ProgramResult(const std::string& path)> read;
};

class BadInputTest : public testing::TestWithParam<Reader> {
 protected:
  ProgramResult read(const std::string& content) {
    write_file(path_, content);
    return GetParam().read(path_);
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "input";
};

TEST_P(BadInputTest, RubbishIsRefusedWithFileAndLine) {
  expect_refused(read(std::string("{\n\0\n}", 5)), path_ + ":");
  expect_refused(read("{\n\"\xe2\x82\"}\n"), path_ + ":");
  expect_refused(read(std::string(ten_megabytes, 'x')), path_ + ":1: ");
  expect_refused(read("\n" + std::string(ten_megabytes, '[')), path_ + ":");
  expect_refused(read("\x7f"
                      "ELF\x02\x01\x01" +
                      std::string(100, '\xff')),
                 path_ + ":");
  expect_refused(read(""), path_ + ":");
  expect_refused(read("{\n  \"x\": tru"), path_ + ":");
}

INSTANTIATE_TEST_SUITE_P(Readers, BadInputTest,
                         testing::Values(Reader{"transcript",
                                                [](const std::string& path) {
                                                  return run_quotawatch({"replay", path});
                                                }},
                                         Reader{"config",
                                                [](const std::string& path) {
                                                  return run_quotawatch({"run", "--once", "--config", path});
                                                }},
                                         Reader{"pack",
                                                [](const std::string& path) {
                                                  return run_quotawatch({"patterns", "lint", path});
                                                }},
                                         Reader{"state",
                                                [](const std::string& path) {
                                                  const std::string config = path + ".config";
                                                  write_file(
                                                      config,
                                                      nlohmann::json{{"state", {{"path", path}}},
                                                                     {"pool", {{"dedicated", {{{"name", "x"}}}}}}}
                                                          .dump());
                                                  return run_quotawatch({"run", "--once", "--config", config});
                                                }}),
                         [](const auto& reader) { return reader.param.name; });

TEST(BadScreenTest, IsRefusedWithItsLine) {
  expect_refused(run_quotawatch({"explain", "-"}, "fine\n\xff\n"), "stdin:2: ");
  expect_refused(run_quotawatch({"explain", "-"}, std::string("a\0b", 3)), "stdin:1: ");
  expect_refused(run_quotawatch({"explain", "-"}, std::string(ten_megabytes, 'x')), "stdin:1: ");
  expect_refused(run_quotawatch({"explain", "--jsonl"}, "{\"id\":1,\"screen\":\"\"}\n{\"id\":2}\n"), "stdin:2: ");
  expect_refused(run_quotawatch({"explain", "--jsonl"}, std::string(ten_megabytes, '[')), "stdin:1: ");
  expect_refused(run_quotawatch({"explain", "--jsonl"}, "{\"screen\": 5}"), "stdin:1: ");
  expect_refused(run_quotawatch({"explain", "--jsonl"}, "{\"screen\": \"\", \"at\": \"2026-02-30T00:00:00Z\"}"),
                 "stdin:1: ");
}

// fixtures/bad: each file, read by the command for its kind, gives exactly the message stored
// beside it. With BLESS=1 in the environment (but not in CI), the messages are rewritten instead,
// to be reviewed in the diff.
class BadFixtureTest : public testing::Test {
 protected:
  static std::string stated(const fs::path& file) {
    return os::testing_support::read_file(file.string() + ".expected");
  }

  static ProgramResult read(const fs::path& file, const TemporaryFolder& folder) {
    const std::string kind = file.parent_path().filename();
    if (kind == "transcripts") return run_quotawatch({"replay", file});
    if (kind == "packs") return run_quotawatch({"patterns", "lint", file});
    if (kind == "configs") return run_quotawatch({"run", "--once", "--config", file});
    fs::copy_file(file, folder / "state.json");
    write_file(folder / "config.json", "{\"pool\":{\"dedicated\":[{\"name\":\"x\"}]}}");
    return run_quotawatch({"run", "--once", "--config", folder / "config.json"});
  }
};

TEST_F(BadFixtureTest, EachGivesItsMessage) {
  const char* root = std::getenv("PROJECT_ROOT");  // NOLINT(concurrency-mt-unsafe)
  if (root != nullptr) fs::current_path(root);
  const bool bless = std::getenv("BLESS") != nullptr && std::getenv("CI") == nullptr;  // NOLINT(concurrency-mt-unsafe)
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator("fixtures/bad")) {
    const fs::path& file = entry.path();
    if (!fs::exists(file.string() + ".expected")) continue;
    const TemporaryFolder folder;
    const auto result = read(file, folder);
    EXPECT_EQ(result.exit_status, 2) << file;
    std::string message = result.error_output;
    if (const auto at = message.find(folder / "state.json"); at != std::string::npos) {
      message.replace(at, (folder / "state.json").size(), file.string());
    }
    if (bless) write_file(file.string() + ".expected", message);
    EXPECT_EQ(message, stated(file)) << file;
    ++seen;
  }
  EXPECT_GE(seen, 40U);
}

}  // namespace
}  // namespace quotawatch::testing_support
