// `replay --html` as a user runs it: the page exists, is complete, and shows the run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "quotawatch/event.h"
#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

namespace fs = std::filesystem;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

// The page's data about its runs.
nlohmann::json data_of(const std::string& path) {
  const std::string page = os::testing_support::read_file(path);
  const std::string begins = R"(<script id="data" type="application/json">)";
  const auto from = page.find(begins) + begins.size();
  return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
}

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(ReplayHtmlTest, WritesAPageWithEachRunAndItsDecisions) {
  const TemporaryFolder folder;
  const auto result = run_quotawatch({"replay", demo(), "--html", folder / "page.html"});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(result.output, "4 passed, 0 failed\n");
  const auto data = data_of(folder / "page.html");
  EXPECT_EQ(data["title"], "4 passed, 0 failed");
  ASSERT_EQ(data["runs"].size(), 4U);
  const auto journal = parse_journal(run_quotawatch({"replay", demo(), "--json"}).output);
  std::size_t decisions = 0;
  for (const auto& run : data["runs"]) decisions += run["decisions"].size();
  EXPECT_GT(decisions, 0U);
  EXPECT_EQ(decisions,
            static_cast<std::size_t>(std::count_if(journal.begin(), journal.end(), [](const JournalLine& line) {
              const auto kind = find_event(line["event"].get<std::string>());
              return kind && is_decision(*kind);
            })));
  EXPECT_EQ(files_in(folder.path()), 1U) << "nothing is left beside it";
}

TEST(ReplayHtmlTest, AFailedRunIsShownWithWhatWasExpected) {
  const TemporaryFolder folder;
  write_file(folder / "one.transcript",
             "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\n"
             "config {\"pool\":{\"dedicated\":[{\"name\":\"main\"}]},\"pack\":\"seed\"}\n"
             "until 1m\n\n@0s screen main 80x24\n|Too many requests\n\n"
             "expect @30s suspect\nexpect @60s clear\n");
  const auto result = run_quotawatch({"replay", folder / "one.transcript", "--html", folder / "page.html"});
  EXPECT_EQ(result.exit_status, 1);
  const auto run = data_of(folder / "page.html")["runs"][0];
  EXPECT_EQ(run["passed"], false);
  EXPECT_NE(run["report"].dump().find("expected"), std::string::npos);
  EXPECT_EQ(run["title"], folder / "one.transcript");
}

TEST(ReplayHtmlTest, ALinkStaysOneAndThePageBehindItIsReplaced) {
  const TemporaryFolder folder;
  write_file(folder / "real.html", "old");
  fs::permissions(folder / "real.html", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.html", folder / "page.html");
  EXPECT_EQ(run_quotawatch({"replay", demo(), "--html", folder / "page.html"}).exit_status, 0);
  EXPECT_TRUE(fs::is_symlink(folder / "page.html"));
  EXPECT_EQ(data_of(folder / "real.html")["runs"].size(), 4U);
  EXPECT_EQ(fs::status(folder / "real.html").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ReplayHtmlTest, AFileThatCannotBeWrittenIsNamed) {
  const TemporaryFolder folder;
  for (const std::string& path : {folder / "no/such/folder.html", folder.path()}) {
    const auto result = run_quotawatch({"replay", demo(), "--html", path});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_NE(result.error_output.find(path + ": cannot be written"), std::string::npos) << result.error_output;
  }
}

}  // namespace
}  // namespace quotawatch::testing_support
