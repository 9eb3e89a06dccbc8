// `quotawatch patterns audit`: what a program's own files say of limits, and how it is judged.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

using namespace std::string_literals;
using os::testing_support::ProgramResult;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

class AuditTest : public testing::Test {
 protected:
  // The sentences found in a file of Claude Code's with this content, each with its verdict, joined by "|".
  std::string audited(const std::string& content) {
    write_file(file_, content);
    result_ = run_quotawatch({"patterns", "audit", "--json", file_});
    std::istringstream lines(result_.output);
    std::string line;
    std::string all;
    while (std::getline(lines, line)) {
      const auto json = nlohmann::json::parse(line);
      if (json.contains("sentence")) {
        all += json["verdict"].get<std::string>() + ": " + json["sentence"].get<std::string>() + "|";
      }
    }
    return all;
  }

  const TemporaryFolder folder_;
  const std::string file_ = folder_ / "claude-sdk";
  ProgramResult result_;
};

TEST_F(AuditTest, ReadsTheLiteralsOfATypeFile) {
  EXPECT_EQ(
      audited("declare const LIMITS: readonly [\"You've hit your\", 'Your org is out of usage \u00b7 add funds'];\n"
              "// You've hit your stride.\ndeclare type Part = 'limit' | 'usage';\n"),
      "exhausted: You've hit your session limit|exhausted: Your org is out of usage \u00b7 add funds|");
  EXPECT_EQ(result_.exit_status, 0) << result_.error_output;
}

TEST_F(AuditTest, ReadsABundleAndFillsInWhatItsTemplatesFillIn) {
  EXPECT_EQ(audited("function a(e,t){if(e)return`You've hit your ${t} limit \\xB7 resets ${f(e)}`;"
                    "return\"You\\u2019re out of usage credits\"}"),
            "exhausted: You've hit your session limit \u00b7 resets 8pm|exhausted: You’re out of usage credits|");
  EXPECT_EQ(audited("x=`You've used ${Math.floor(n*100)}% of your ${name(k)} limit`"),
            "warning: You've used 90% of your session limit|");
}

TEST_F(AuditTest, ReadsConstantsInABinaryWhereverOneEnds) {
  EXPECT_EQ(audited("\x7f"
                    "ELF\0\0\1limit\0reads the file.You've hit your weekly limit.Credit balance is too low\0\0"s),
            "exhausted: You've hit your weekly limit.|exhausted: Credit balance is too low|");
  EXPECT_EQ(audited("\x02\x1fYou've hit your session limit \xc0\x80Next\0"s),
            "exhausted: You've hit your session limit|");
}

TEST_F(AuditTest, AReaderOfPiecesMissesNothingBetweenThem) {
  for (const std::size_t before : {65'000U, 65'530U, 1'048'560U, 1'048'576U, 1'049'100U}) {
    EXPECT_EQ(audited(std::string(before, '\0') + "You've hit your weekly limit\0"s + std::string(70'000, '\0')),
              "exhausted: You've hit your weekly limit|")
        << before;
  }
}

TEST_F(AuditTest, LeavesOutWhatLimitsSomethingElseAndWhatIsCode) {
  EXPECT_EQ(audited(R"(a("Disk quota exceeded");b("CPU time limit exceeded");c("usage_limit_reached");
d("You've hit your limit".length>n);e("The limit of the search");f("Usage: claude [options]"))"),
            "exhausted: You've hit your limit|");
}

TEST_F(AuditTest, EndsWithOneWhereASentenceIsNeitherJudgedNorReported) {
  const auto pack = folder_ / "pack.json";
  write_file(pack, R"({"name": "mine", "screen": "claude-code", "programs": ["claude"], "rules": [
    {"id": "weekly", "class": "exhausted", "match": "^you've hit your weekly limit",
     "examples": {"match": ["You've hit your weekly limit"], "miss": ["A weekly limit"]}}]})");
  write_file(file_, R"(a("You've hit your weekly limit", "You're now using your usage allocation"))");
  const auto result = run_quotawatch({"patterns", "audit", "--pack", pack, file_});
  EXPECT_NE(result.output.find(": 2 sentences, drawn on the screens of mine\n"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("exhausted     weekly "), std::string::npos);
  EXPECT_NE(result.output.find("\nnothing "), std::string::npos);
  EXPECT_NE(result.output.find("2 sentences: 1 judged, 0 reported, 1 nothing\n"), std::string::npos);
  EXPECT_EQ(result.exit_status, 1);
  write_file(file_, R"(a("You've hit your weekly limit"))");
  EXPECT_EQ(run_quotawatch({"patterns", "audit", "--pack", pack, file_}).exit_status, 0);
}

TEST_F(AuditTest, ThePathOrAnOptionTellsTheProgram) {
  const auto strange = folder_ / "bundle.js";
  write_file(strange, "x=\"You've hit your usage limit. Try again later\"");
  const auto unknown = run_quotawatch({"patterns", "audit", strange});
  EXPECT_EQ(unknown.exit_status, 2);
  EXPECT_NE(unknown.error_output.find("does not tell whose it is; say so with --program"), std::string::npos);
  const auto audit = run_quotawatch({"patterns", "audit", "--program", "codex", strange});
  EXPECT_EQ(audit.exit_status, 0) << audit.error_output;
  EXPECT_NE(audit.output.find("drawn on the screens of codex"), std::string::npos);
  const auto mistyped = run_quotawatch({"patterns", "audit", "--program", "codx", strange});
  EXPECT_NE(mistyped.error_output.find("did you mean \"codex\"?"), std::string::npos);
}

}  // namespace
}  // namespace quotawatch::testing_support
