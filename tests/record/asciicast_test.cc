// Recordings of asciinema: made transcripts of, and made of transcripts.
#include "record/asciicast.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "record/cast_import.h"
#include "report/cast_export.h"
#include "tests/monitor/moments.h"
#include "tests/support.h"

namespace quotawatch {
namespace {

const std::string v2 = R"({"version": 2, "width": 80, "height": 24, "timestamp": 1764532265, "title": "a night"})"
                       "\n";
const std::string v3 = R"({"version": 3, "term": {"cols": 80, "rows": 24, "type": "xterm"}, "timestamp": 1764532265})"
                       "\n";

CastImportOptions options() {
  CastImportOptions options{{}, Zone::utc(), std::chrono::seconds{30}, at("2026-11-23T12:00:00Z"), "test"};
  options.config.dedicated = {"main"};
  return options;
}

std::string imported(const std::string& cast, Redactor* redactor = nullptr) {
  CastImport import(options(), "a.cast", redactor);
  std::size_t number = 0;
  for (const auto line : split_lines(cast)) import.take(line, ++number);
  return import.finish();
}

// The events of the transcript.
std::string body_of(const std::string& transcript) { return transcript.substr(transcript.find("\n\n") + 2); }

TEST(CastImport, ShowsWhatAPollWouldSee) {
  const std::string transcript = imported(v2 +
                                          R"([0, "o", "\u001b[2J\u001b[Hhello \u001b[31mred\u001b[0m\r\n"]
[29.9, "o", "working"]
[30.0, "o", "\rat the moment of a poll"]
[30.1, "o", "\rafter"]
[600, "o", "\u001b[Kdone 界"]
)");
  EXPECT_TRUE(transcript.starts_with("quotawatch-transcript 1\nstart 2025-11-30T19:51:05Z\nuntil 600s ")) << transcript;
  EXPECT_NE(transcript.find("source test, of asciicast 2: a night\n"), std::string::npos);
  EXPECT_EQ(body_of(transcript), R"(@0s screen main 80x24
|hello red
@30s screen main 80x24
|hello red
|at the moment of a poll
@60s screen main 80x24
|hello red
|aftere moment of a poll
@600s screen main 80x24
|hello red
|afterdone 界
)");
  EXPECT_EQ(parse_transcript(transcript, "made").events.size(), 4U);
}

TEST(CastImport, OfVersionThreeTimesAreIntervals) {
  const std::string transcript =
      imported(v3 + "# a comment\n[20, \"o\", \"one\"]\n[20, \"o\", \" two\"]\n[1, \"x\", \"0\"]\n");
  EXPECT_EQ(body_of(transcript),
            "@0s screen main 80x24\n@30s screen main 80x24\n|one\n@60s screen main 80x24\n|one two\n");
}

TEST(CastImport, SizesChangeMarkersAreCommentsAndInputIsNeverRead) {
  const std::string transcript = imported(v2 + R"([1, "o", "x"]
[2, "i", "my password"]
[3, "m", "a marker\u001b[2J"]
[4, "r", "100x30"]
)");
  EXPECT_EQ(body_of(transcript),
            "@0s screen main 80x24\n# marker at 3.000s: a marker[2J\n@30s screen main 100x30\n|x\n");
}

TEST(CastImport, LeavesTheAlternateScreenAsItWas) {
  const std::string transcript = imported(v2 + R"([1, "o", "shell\r\n\u001b[?1049h\u001b[Hprogram"])"
                                               "\n"
                                               R"([31, "o", "\u001b[?1049l"])"
                                               "\n");
  EXPECT_EQ(body_of(transcript),
            "@0s screen main 80x24\n@30s screen main 80x24\n|program\n@60s screen main 80x24\n|shell\n");
}

TEST(CastImport, TakesSecretsOut) {
  Redactor redactor;
  const std::string key = "sk-ant-api03-" + std::string(40, 'A');
  const std::string transcript =
      imported(v2 + fmt::format("[1, \"m\", \"{0}\"]\n[2, \"o\", \"export KEY={0}\"]\n", key), &redactor);
  EXPECT_EQ(transcript.find(key), std::string::npos) << transcript;
}

TEST(CastImport, WhatIsNoneIsRefusedWithFileAndLine) {
  const auto refused = [](const std::string& cast, std::size_t line, std::string_view part) {
    return tests::fails([&] { imported(cast); }, line, part);
  };
  EXPECT_TRUE(refused("", 0, "is empty"));
  EXPECT_TRUE(refused("hello\n", 1, ""));
  EXPECT_TRUE(refused("{\"a\": 1}\n", 1, "no recording of asciinema"));
  EXPECT_TRUE(refused("{\"version\": 1, \"width\": 80}\n", 1, "versions 2 and 3 are read"));
  EXPECT_TRUE(refused("{\"version\": 2, \"width\": 80}\n", 1, "\"height\" is missing"));
  EXPECT_TRUE(refused("{\"version\": 2, \"width\": 80, \"height\": 501}\n", 1, "from 1 to 500"));
  EXPECT_TRUE(refused("{\"version\": 3, \"width\": 80, \"height\": 24}\n", 1, "\"term\" is missing"));
  EXPECT_TRUE(refused(v2 + "[1, \"o\"]\n", 2, "should be [time, \"o\", \"data\"]"));
  EXPECT_TRUE(refused(v2 + "\n[1, \"out\", \"x\"]\n", 3, "should be one letter"));
  EXPECT_TRUE(refused(v2 + "[5, \"o\", \"x\"]\n[4, \"o\", \"x\"]\n", 3, "goes back"));
  EXPECT_TRUE(refused(v2 + "[-1, \"o\", \"x\"]\n", 2, "a number from 0"));
  EXPECT_TRUE(refused(v2 + "[1e300, \"o\", \"x\"]\n", 2, "a number from 0"));
  EXPECT_TRUE(refused(v3 + "[3e7, \"o\", \"x\"]\n[3e7, \"o\", \"x\"]\n", 3, "later than a year"));
  EXPECT_TRUE(refused(v2 + "[1, \"r\", \"9999x9999\"]\n", 2, "is no size"));
  EXPECT_TRUE(refused(v2 + "[1, \"o\", 7]\n", 2, "a text in quotes"));
}

const std::string two_sessions = R"(quotawatch-transcript 1
start 2026-11-23T12:00:00Z
config {"pool":{"dedicated":[{"name":"main"},{"name":"other"}]}}
until 2m

@0s screen main 80x24
|first
@0s screen other 80x24
|another
@30s screen main 100x30
|second 界
|
|below
@60s gone main
@90s screen main 100x30
|back
)";

TEST(CastExport, ComesBackAsTheSameScreens) {
  const Transcript transcript = parse_transcript(two_sessions, "two.transcript");
  const std::string cast = cast_of(transcript, {}, "");
  EXPECT_EQ(body_of(imported(cast)), R"(@0s screen main 80x24
|first
@30s screen main 100x30
|second 界
|
|below
@60s screen main 100x30
@90s screen main 100x30
|back
)");
  const std::string other = cast_of(transcript, {}, "other");
  EXPECT_NE(other.find("another"), std::string::npos);
  EXPECT_TRUE(other.ends_with("[120.0,\"o\",\"\"]\n")) << "it lasts as long as the transcript";
}

TEST(CastExport, DecisionsAreMarkers) {
  const Transcript transcript = parse_transcript(two_sessions, "two.transcript");
  Event event;
  event.kind = EventKind::switch_;
  event.from = "a";
  event.to = "b";
  const std::string cast = cast_of(transcript, {{std::chrono::seconds{30}, 0, event}}, "main");
  EXPECT_NE(cast.find("[30.0,\"m\",\"switch a -> b\"]\n"), std::string::npos) << cast;
}

TEST(CastExport, NothingOnAScreenIsObeyedByTheTerminalThatPlaysIt) {
  Transcript transcript = parse_transcript(two_sessions, "two.transcript");
  std::get<ShowScreen>(transcript.events[0].action).lines = {"\x1b]0;title\x07"};
  const std::string cast = cast_of(transcript, {}, "main");
  EXPECT_NE(cast.find(R"(\\x1b]0;title\\x07)"), std::string::npos) << cast;
}

TEST(CastExport, OnlySessionsThatAreShownCanBeChosen) {
  const Transcript transcript = parse_transcript(two_sessions, "two.transcript");
  EXPECT_TRUE(tests::fails([&] { cast_of(transcript, {}, "mian"); }, 0, "did you mean \"main\"?"));
}

}  // namespace
}  // namespace quotawatch
