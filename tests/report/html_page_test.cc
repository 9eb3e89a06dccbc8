// The HTML page: its data is complete and escaped, its screens are stored once.
#include "report/page/html_page.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/page/page_redaction.h"
#include "sim/replay/replay.h"

namespace quotawatch::tests {
namespace {

using Json = nlohmann::json;

constexpr std::string_view data_begins = R"(<script id="data" type="application/json">)";
constexpr std::string_view data_ends = "</script>";

Transcript transcript_of(const std::string& events) {
  return parse_transcript(
      "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\ntimezone Europe/Paris\n"
      R"(config {"pool":{"dedicated":[{"name":"main"},{"name":"other"}]},"pack":"seed"})"
      "\nuntil 30m\n\n" +
          events,
      "test.transcript");
}

std::string page_of(const Transcript& transcript, const std::vector<sim::Violation>& violations = {},
                    std::string_view title = "a title") {
  JudgeCache judges;
  return html_page(transcript, sim::play(transcript, judges), violations, title);
}

std::string data_text(const std::string& page) {
  const auto begin = page.find(data_begins);
  EXPECT_NE(begin, std::string::npos);
  const auto from = begin + data_begins.size();
  return page.substr(from, page.find(data_ends, from) - from);
}

Json run_of(const std::string& page) { return Json::parse(data_text(page))["runs"][0]; }

std::string screen_text(const Json& run, std::size_t screen) {
  std::string text;
  for (std::size_t row = 2; row < run["screens"][screen].size(); ++row) {
    text += run["texts"][run["screens"][screen][row].get<std::size_t>()].get<std::string>() + "\n";
  }
  return text;
}

constexpr const char* page_story =
    "@0s screen main 80x24\n|busy\n|You've hit your limit · resets 8pm\n"
    "@0s screen other 80x24\n|busy\n|fine\n|\n"
    "@2m screen main 80x24\n|back\n";

TEST(HtmlPage, ShowsARunOfGroupsGroupByGroup) {
  const auto transcript = parse_transcript(
      "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\ntimezone Europe/Paris\n"
      R"(config {"pack":"seed","groups":[{"name":"one","pool":{"dedicated":[{"name":"main"}]}},)"
      R"({"name":"two","pool":{"dedicated":[{"name":"other"}]}}]})"
      "\nuntil 30m\n\n@0s screen main 80x24\n|You've hit your limit · resets 8pm\n"
      "@0s screen other 80x24\n|busy\n@5m screen other 80x24\n|You've hit your limit · resets 9pm\n",
      "test.transcript");
  const auto runs = Json::parse(data_text(page_of(transcript)))["runs"];
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0]["title"], "a title, group one");
  EXPECT_EQ(runs[1]["title"], "a title, group two");
  EXPECT_NE(runs[0].dump().find("resets 8pm"), std::string::npos);
  EXPECT_EQ(runs[0].dump().find("resets 9pm"), std::string::npos) << "the other group's screens and decisions";
  EXPECT_NE(runs[1].dump().find("resets 9pm"), std::string::npos);
}

TEST(HtmlPage, HasNoSecretsOnceTheyWereTakenOut) {
  auto transcript = transcript_of(
      "@0s screen main 80x24\n|password=hunter2\n|mail anna@example.org\n|You've hit your limit · resets 8pm\n");
  JudgeCache judges;
  auto journal = sim::play(transcript, judges);
  journal.front().event.snippet = "for anna@example.org";
  Redactor redactor;
  redact_run(transcript, journal, redactor);
  const auto page = html_page(transcript, journal, {}, "a title");
  EXPECT_EQ(page.find("hunter2"), std::string::npos);
  EXPECT_EQ(page.find("anna@"), std::string::npos);
  EXPECT_NE(page.find("You've hit your limit · resets 8pm"), std::string::npos);
}

TEST(HtmlPage, HoldsTheRunAndItsDecisions) {
  const auto run = run_of(page_of(transcript_of(page_story)));
  EXPECT_EQ(run["zone"], "Europe/Paris");
  EXPECT_EQ(run["until"], 1'800'000);
  EXPECT_EQ(run["start"], 1'795'435'200'000);
  ASSERT_EQ(run["decisions"].size(), 2U);
  const auto& asked = run["decisions"][0];
  EXPECT_EQ(asked["event"], "switch");
  EXPECT_EQ(asked["offset"], 30'000);
  EXPECT_EQ(asked["session"], "main");
  EXPECT_EQ(asked["reset_at"], "2026-11-23T19:00:00Z");
  EXPECT_EQ(asked["why"], "the screen names when the limit resets");
  ASSERT_EQ(run["lanes"].size(), 5U);
  EXPECT_EQ(run["lanes"][3]["name"], "main");
}

TEST(HtmlPage, KeepsTheScreensOfTheMomentAndNoOthers) {
  const auto run = run_of(page_of(transcript_of(page_story)));
  ASSERT_EQ(run["screens"].size(), 2U);
  EXPECT_EQ(run["decisions"][0]["screens"], Json::parse("[[0,0],[1,1]]"));
  EXPECT_EQ(screen_text(run, 0), "busy\nYou've hit your limit · resets 8pm\n");
  EXPECT_EQ(screen_text(run, 1), "busy\nfine\n") << "blank rows at the bottom are left out";
  EXPECT_FALSE(run["decisions"][1].contains("screens"));
}

TEST(HtmlPage, KeepsAScreenThatIsShownAgainOnce) {
  const auto run =
      run_of(page_of(transcript_of("@0s screen main 80x24\n|Too many requests\n@45s screen main 80x24\n|fine\n"
                                   "@75s screen main 80x24\n|Too many requests\n@100s screen main 80x24\n|fine\n")));
  ASSERT_EQ(run["decisions"].size(), 4U);  // suspect, clear, twice
  EXPECT_EQ(run["decisions"][0]["screens"], run["decisions"][2]["screens"]);
  EXPECT_EQ(run["screens"].size(), 1U);
}

TEST(HtmlPage, AScreenWhoseCapturesFailIsNotShown) {
  const auto run =
      run_of(page_of(transcript_of("@0s screen main 80x24\n|You've hit your limit · resets 8pm\n"
                                   "@0s screen other 80x24\n|old\n@10s fail other timed out\n")));
  EXPECT_EQ(run["decisions"][0]["screens"], Json::parse("[[0,0]]"));
}

TEST(HtmlPage, ViolationsStandAmongTheDecisionsWithTheirScreens) {
  const auto run = run_of(page_of(transcript_of(page_story), {{"cooldown", std::chrono::minutes{3}, "too soon"}}));
  EXPECT_FALSE(run["passed"].get<bool>());
  const auto& broken = run["decisions"][2];
  EXPECT_EQ(broken["event"], "violation");
  EXPECT_EQ(broken["reason"], "cooldown");
  EXPECT_EQ(broken["why"], "too soon");
  EXPECT_EQ(screen_text(run, broken["screens"][0][1].get<std::size_t>()), "back\n");
}

TEST(HtmlPage, HostileTextIsDataAndNothingElse) {
  const std::string hostile =
      "@0s screen main 80x24\n|</script><script>document.title='owned'</script><!--\n"
      "|\x1bZ0;owned\x07 \xc2\x9b \xe2\x80\xae txet \"quoted\" \\ &amp;\n"
      "|You've hit your limit · resets 8pm </script><svg onload=1>\n";
  const auto page = page_of(transcript_of(hostile), {}, "</title><script>1</script> & \x1b[0m");
  const auto plain = page_of(transcript_of(page_story));
  const auto count = [](const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  for (const char* tag : {"<script", "</script", "<!--", "<svg", "<title", "</title"}) {
    EXPECT_EQ(count(page, tag), count(plain, tag)) << tag;
  }
  EXPECT_EQ(data_text(page).find('<'), std::string::npos);
  for (const char* control : {"\x1b", "\x07", "\xc2\x9b", "\xe2\x80\xae"}) {
    EXPECT_EQ(page.find(control), std::string::npos);
  }
  EXPECT_NE(page.find("<title>&lt;/title&gt;&lt;script&gt;1&lt;/script&gt; &amp; \\x1b[0m</title>"), std::string::npos);
  const auto text = screen_text(run_of(page), 0);
  EXPECT_NE(text.find("</script><script>document.title='owned'</script><!--\n"), std::string::npos);
  EXPECT_NE(text.find("\\x1bZ0;owned\\x07 \\x9b \\u202e txet \"quoted\" \\ &amp;\n"), std::string::npos) << text;
}

TEST(HtmlPage, ForbidsItselfToLoadAnything) {
  const auto page = page_of(transcript_of(page_story));
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(page.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(page.find("innerHTML"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
}

TEST(HtmlPage, SeveralRunsStandOnOnePage) {
  const auto transcript = transcript_of(page_story);
  JudgeCache judges;
  const auto journal = sim::play(transcript, judges);
  const std::vector<sim::Violation> none;
  const auto page = html_page(
      {{"one", transcript, journal, none, true, ""}, {"two", transcript, journal, none, false, "line 1\nline 2\n"}},
      "both");
  const auto data = Json::parse(data_text(page));
  ASSERT_EQ(data["runs"].size(), 2U);
  EXPECT_EQ(data["runs"][1]["title"], "two");
  EXPECT_EQ(data["runs"][1]["report"], Json::parse(R"(["line 1", "line 2"])"));
  EXPECT_EQ(data["runs"][0]["report"], Json::array());
}

// More screens than there is room for: those that a decision is about stay, the others are dropped.
TEST(HtmlPage, ScreensOfBystandersAreLeftOutWhenThereIsNoMoreRoom) {
  std::string events;
  for (int i = 1; i < 29; ++i) {
    events += fmt::format("@{}s screen main 80x24\n|Too many requests {}\n", i * 60, i);
    events += fmt::format("@{}s screen other 200x60\n", i * 60);
    for (int row = 0; row < 60; ++row) {
      events += fmt::format("|{} {} {}\n", std::string(1700, 'x'), i, row);
    }
    events += fmt::format("@{}s screen main 80x24\n|fine\n", i * 60 + 15);
  }
  const auto page = page_of(transcript_of(events));
  EXPECT_LT(page.size(), 2'300'000U);
  const auto run = run_of(page);
  std::size_t suspicions = 0;
  std::size_t left_out = 0;
  for (const auto& decision : run["decisions"]) {
    if (!decision.contains("screens")) continue;
    ++suspicions;
    EXPECT_GE(decision["screens"][0][1], 0);
    left_out += decision["screens"][1][1] == -1 ? 1U : 0U;
  }
  EXPECT_EQ(suspicions, 28U);
  EXPECT_GT(left_out, 5U);
  EXPECT_LT(left_out, 12U);
}

}  // namespace
}  // namespace quotawatch::tests
