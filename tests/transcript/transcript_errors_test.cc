// What the transcript loader refuses: each with its line.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {
namespace {

using tests::fails;

constexpr std::string_view magic = "quotawatch-transcript 1\n";
constexpr std::string_view start = "start 2026-11-23T19:51:05Z\n";

auto parsing(std::string text) {
  return [text] { parse_transcript(text, "case.transcript"); };
}

struct Mistake {
  std::string text;
  std::string problem;
};

// Each text is on line 3, in the header.
void expect_in_header(const std::vector<Mistake>& mistakes) {
  for (const auto& [text, problem] : mistakes) {
    EXPECT_TRUE(fails(parsing(fmt::format("{}# a comment\n{}\n{}\n", magic, text, start)), 3, problem)) << text;
  }
}

// Each text begins on line 5; `above` are the lines before it.
void expect_in_body(const std::vector<Mistake>& mistakes, std::size_t line = 5) {
  for (const auto& [text, problem] : mistakes) {
    const auto whole = fmt::format("{}{}until 10m\n\n{}\n", magic, start, text);
    EXPECT_TRUE(fails(parsing(whole), line, problem)) << text;
  }
}

TEST(TranscriptErrors, TheFirstLineSaysWhatItIs) {
  for (const char* text : {"", "\n", "{}", "quotawatch", " quotawatch-transcript 1\n"}) {
    EXPECT_TRUE(fails(parsing(text), 1, "is no transcript")) << text;
  }
  EXPECT_TRUE(fails(parsing("quotawatch-transcript 2\n"), 1, "quotawatch-transcript 1"));
  EXPECT_TRUE(fails(parsing("quotawatch-transcript 1\r\n"), 1, "")) << "Windows line ends";
}

TEST(TranscriptErrors, TheHeaderNeedsAStart) {
  EXPECT_TRUE(fails(parsing(std::string(magic)), 1, "the header has no start"));
  EXPECT_TRUE(fails(parsing(fmt::format("{}\n{}", magic, start)), 1, "the header has no start"));
}

TEST(TranscriptErrors, InTheHeader) {
  expect_in_header({
      {"strat 2026-11-23T19:51:05Z", "\"strat\" is no word of the header; did you mean \"start\"?"},
      {"@0s tmux up", "an empty line must end the header"},
      {"expect @30s suspect", "an empty line must end the header"},
      {"start", "start says nothing"},
      {"start tomorrow", "\"tomorrow\" is no time"},
      {"start 2026-02-29T00:00:00Z", "is no time"},
      {"timezone Mars/Olympus", "\"Mars/Olympus\" is no zone"},
      {"until", "until says nothing"},
      {"until 10", "without a unit"},
      {"until 10m 5m", "is too much here"},
      {"until -10m", "has a sign"},
      {"config {", "not valid JSON"},
      {"config {\"pol\": 1}", "pol: unknown key; did you mean \"pool\"?"},
      {"config {\"quota\": {\"poll_interval\": \"0s\"}}", "too short"},
      {"config {\"pack\": \"sed\"}", "seed"},
      {" start 2026-11-23T19:51:05Z", "is no word of the header"},
  });
}

TEST(TranscriptErrors, AWordOfTheHeaderComesOnce) {
  for (const char* line : {"start 2026-11-23T19:51:05Z", "timezone UTC", "config {}", "source x", "until 1m"}) {
    const auto text = fmt::format("{}{}\n{}\n\n", magic, line, line);
    EXPECT_TRUE(fails(parsing(text), 3, "stands here twice")) << line;
  }
}

TEST(TranscriptErrors, InEvents) {
  expect_in_body({
      {"30s tmux up", "\"30s\" begins no line"},
      {"Expect @30s suspect", "\"Expect\" begins no line"},
      {"expect", "\"expect\" begins no line"},
      {" @30s tmux up", "begins"},
      {"@", "a time since the start"},
      {"@30 tmux up", "without a unit"},
      {"@-30s tmux up", "has a sign"},
      {"@0.0001s tmux up", "finer than a millisecond"},
      {"@900000h tmux up", "longer than 100 years"},
      {"@30s", "what happens is missing"},
      {"@30s tmxu up", "\"tmxu\" is nothing that can happen; did you mean \"tmux\"?"},
      {"@30s tmux", "up, down, slow or garbled is missing"},
      {"@30s tmux sideways", "should be up, down, slow or garbled"},
      {"@30s tmux up now", "\"now\" is too much here"},
      {"@30s gone", "the name of a session is missing"},
      {"@30s gone a b", "\"b\" is too much here"},
      {"@30s gone \"a", "a quote is opened and never closed"},
      {"@30s gone \"a\\", "a quote is opened and never closed"},
      {"@30s gone \"\\q\"", "is not quoted as JSON quotes"},
      {"@30s fail main", "why its captures fail is missing"},
      {"@30s switcher", "ok, fail or hang is missing"},
      {"@30s switcher maybe", "should be ok, fail or hang"},
      {"@30s switcher fail", "why it fails is missing"},
      {"@30s switcher fail after 2x no", "is no duration"},
      {"@30s switcher ok soon", "is no duration"},
      {"@30s switcher ok 5s 6s", "is too much here"},
      {"@30s switcher hang 5s", "is too much here"},
      {"@30s clock", "a step such as +1h or -30s is missing"},
      {"@30s clock 1h", "begins with + or -"},
      {"@30s clock +-1h", "has a sign"},
      {"@30s clock +1d", "unknown unit"},
      {"@30s restart now", "is too much here"},
  });
}

TEST(TranscriptErrors, InScreens) {
  expect_in_body({
      {"@30s screen", "the name of a session is missing"},
      {"@30s screen main", "the size of the pane, such as 80x24 is missing"},
      {"@30s screen main 80", "is no size"},
      {"@30s screen main 0x24", "is no size"},
      {"@30s screen main 80x0", "is no size"},
      {"@30s screen main 80x24x2", "is no size"},
      {"@30s screen main 12345x24", "is no size"},
      {"@30s screen main 80x24 now", "is too much here"},
      {"|a row", "a row without a screen"},
  });
  expect_in_body({{"@30s screen main 80x2\n|1\n|2\n|3", "one row more than the 2 of this screen"},
                  {"@30s screen main 80x2\n|1\n\n|2", "a row without a screen"},
                  {"@30s screen main 80x2\n|1\n# a comment\n|2", "a row without a screen"}},
                 8);
  expect_in_body({{"@30s gone main\n|1", "a row without a screen"}}, 6);
}

TEST(TranscriptErrors, InExpectations) {
  expect_in_body({
      {"expect suspect", "a time since the start"},
      {"expect @30s", "the event expected is missing"},
      {"expect @30s suspekt", "\"suspekt\" is no event; did you mean \"suspect\"?"},
      {"expect @30s suspect main", "\"main\" is no field; write name=value"},
      {"expect @30s suspect =main", "is no field of an event"},
      {"expect @30s suspect sesion=main", "\"sesion\" is no field of an event; did you mean \"session\"?"},
      {"expect @30s switch reset_at=8pm", "reset_at=\"8pm\": should be a time"},
      {"expect @30s skip retry_at=soon", "retry_at=\"soon\": should be a time"},
      {"expect @30s verdict verdict=bad", "verdict=\"bad\": is no verdict"},
      {"expect @30s suspect session=\"main", "a quote is opened and never closed"},
  });
}

TEST(TranscriptErrors, TimesThatGoBack) {
  expect_in_body({{"@60s tmux up\n@59.999s tmux down", "the time goes back: @59.999s stands after @60s"},
                  {"expect @60s suspect\nexpect @30s clear", "@30s stands after @60s"}},
                 6);
  EXPECT_NO_THROW(parsing(fmt::format("{}{}until 10m\n\nexpect @60s suspect\n@30s tmux up\n", magic, start))())
      << "events and expectations each have their own order";
}

// On the poll grid: every 30 s, counted from the last restart.

TEST(TranscriptErrors, ExpectationsThatCanNeverHold) {
  expect_in_body({
      {"expect @0s suspect", "no poll at @0s; polls come every 30s"},
      {"expect @29.999s suspect", "no poll at @29.999s"},
      {"expect @31s clear", "no poll at @31s"},
      {"expect @45s switch", "no poll"},
      {"expect @45s verdict", "no poll"},
      {"expect @45s exhausted_everywhere", "no poll"},
      {"expect @30s switch_resumed", "no restart at @30s"},
      {"expect @600.001s switch_done", "@600.001s is after the end, 600s"},
      {"expect @630s suspect", "after the end"},
      {"expect @600.001s reset", "after the end"},
  });
  for (const char* fine :
       {"expect @30s suspect", "expect @600s suspect", "expect @0s switch_done", "expect @45s switch_failed",
        "expect @600s switch_done", "expect @45s reset sessions=main", "expect @600s reset"}) {
    EXPECT_NO_THROW(parsing(fmt::format("{}{}until 10m\n\n{}\n", magic, start, fine))()) << fine;
  }
}

TEST(TranscriptErrors, ARestartMovesTheGrid) {
  const auto with_restart = [](const std::string& expected) {
    return parsing(fmt::format("{}{}until 10m\n\n@40s restart\n{}\n", magic, start, expected));
  };
  for (const char* fine :
       {"expect @30s suspect", "expect @70s suspect", "expect @100s clear", "expect @40s switch_resumed"}) {
    EXPECT_NO_THROW(with_restart(fine)()) << fine;
  }
  for (const char* never :
       {"expect @60s suspect", "expect @40s suspect", "expect @90s clear", "expect @41s switch_resumed"}) {
    EXPECT_TRUE(fails(with_restart(never), 6, "can never hold")) << never;
  }
}

TEST(TranscriptErrors, WhatIsNoText) {
  const auto body = [](std::string_view text) {
    return parsing(fmt::format("{}{}\n@0s screen main 80x24\n|{}\n", magic, start, text));
  };
  EXPECT_TRUE(fails(body(std::string_view("a\0b", 3)), 5, "NUL"));
  EXPECT_TRUE(fails(body("caf\xc3"), 5, "0xc3"));
  EXPECT_NO_THROW(body(std::string((64 << 10) - 1, 'x'))());
  EXPECT_TRUE(fails(body(std::string(64 << 10, 'x')), 5, "longer than 64 KiB"));
  EXPECT_TRUE(fails(body(std::string(10 << 20, 'x')), 5, "longer than 64 KiB"));
}

TEST(TranscriptErrors, OfTheOperator) {
  const auto problem = [](const std::string& body, std::size_t line, const std::string& wanted) {
    const auto text = fmt::format(
        "{}{}config {{\"accounts\":[{{\"name\":\"work\"}}],\"active_account\":\"work\"}}\nuntil "
        "2m\n\n{}",
        magic, start, body);
    return fails(parsing(text), line, wanted);
  };
  EXPECT_TRUE(problem("@0s account\n", 6, "free or use is missing"));
  EXPECT_TRUE(problem("@0s account fre work\n", 6, "account \"fre\": should be free or use"));
  EXPECT_TRUE(problem("@0s account use\n", 6, "the name of an account is missing"));
  EXPECT_TRUE(problem("@0s account use work now\n", 6, "\"now\" is too much here"));
  EXPECT_TRUE(problem("@0s account use wrk\n", 6, "\"wrk\" is no account of this config; did you mean \"work\"?"));
  EXPECT_TRUE(
      problem("@40s account free work\nexpect @50s account\n", 7, "the operator says nothing of an account at @50s"));
  EXPECT_TRUE(problem("@40s pause\nexpect @50s pause\n", 7, "no pause begins or ends at @50s, and no poll comes then"));
  // During a poll it has to wait.
  parse_transcript(fmt::format("{}{}config {{\"accounts\":[{{\"name\":\"work\"}}],"
                               "\"active_account\":\"work\"}}\n\n@1s tmux slow 2s\n"
                               "@2s account free work\n@40s gone main\nexpect @31s account\n",
                               magic, start),
                   "late.transcript");
}

}  // namespace
}  // namespace quotawatch::sim
