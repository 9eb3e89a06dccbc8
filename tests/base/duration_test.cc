// Durations as text, as in configs and transcripts.
#include "quotawatch/duration.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <stdexcept>

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The error for `text`; empty if it is accepted.
std::string problem_of(const std::string& text) {
  try {
    parse_duration(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(ParseDuration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("3h"), hours{3});
  EXPECT_EQ(parse_duration("3m"), minutes{3});
  EXPECT_EQ(parse_duration("3s"), seconds{3});
  EXPECT_EQ(parse_duration("3ms"), Milliseconds{3});
  EXPECT_EQ(parse_duration("0"), Milliseconds{0});
  EXPECT_EQ(parse_duration("0s"), Milliseconds{0});
  EXPECT_EQ(parse_duration("007s"), seconds{7});
}

TEST(ParseDuration, AddsWhatIsStrungTogether) {
  EXPECT_EQ(parse_duration("1h30m"), minutes{90});
  EXPECT_EQ(parse_duration("1h2m3s4ms"), hours{1} + minutes{2} + seconds{3} + Milliseconds{4});
  EXPECT_EQ(parse_duration("30s1m30s"), minutes{2});
  EXPECT_EQ(parse_duration("1m1ms"), minutes{1} + Milliseconds{1});
}

TEST(ParseDuration, ReadsFractionsOfEveryUnit) {
  EXPECT_EQ(parse_duration("1.5h"), minutes{90});
  EXPECT_EQ(parse_duration("2.5m"), seconds{150});
  EXPECT_EQ(parse_duration("2.5s"), Milliseconds{2500});
  EXPECT_EQ(parse_duration("0.001s"), Milliseconds{1});
  EXPECT_EQ(parse_duration(".5s"), Milliseconds{500});
  EXPECT_EQ(parse_duration("1.50s"), Milliseconds{1500});
  EXPECT_EQ(parse_duration("2.0ms"), Milliseconds{2});
}

TEST(ParseDuration, RefusesWhatIsFinerThanAMillisecond) {
  for (const char* text : {"0.0001s", "1.0005s", "0.5ms", "0.00001m", "0.0000001h"}) {
    EXPECT_NE(problem_of(text).find("finer than a millisecond"), std::string::npos) << text;
  }
}

TEST(ParseDuration, RefusesSigns) {
  for (const char* text : {"-1s", "+1s", "-0", "-"}) {
    EXPECT_NE(problem_of(text).find("has a sign"), std::string::npos) << text;
  }
}

TEST(ParseDuration, NamesTheUnitItDoesNotKnow) {
  for (const auto& [text, unit] :
       {std::pair{"5d", "\"d\""}, std::pair{"1H", "\"H\""}, std::pair{"3µs", "\"µs\""}, std::pair{"1sec", "\"sec\""}}) {
    EXPECT_NE(problem_of(text).find(std::string("unknown unit ") + unit), std::string::npos) << text;
  }
}

TEST(ParseDuration, RefusesANumberWithoutAUnitAndAUnitWithoutANumber) {
  for (const char* text : {"30", "1h30", "00", "1.5", "1.s"}) {
    EXPECT_NE(problem_of(text).find("a number without a unit"), std::string::npos) << text;
  }
  for (const char* text : {"s", "h", ".s", "1s-2s", "1s\n", "1s\xff"}) {
    EXPECT_NE(problem_of(text).find("a number is missing"), std::string::npos) << text;
  }
  EXPECT_NE(problem_of("").find("it is empty"), std::string::npos);
}

TEST(ParseDuration, RefusesSpaces) {
  for (const char* text : {" ", " 1s", "1s ", "1 s", "1h 30m"}) {
    EXPECT_NE(problem_of(text).find("a space"), std::string::npos) << text;
  }
}

TEST(ParseDuration, EndsAtAHundredYears) {
  constexpr hours longest{100 * 366 * 24};
  EXPECT_EQ(parse_duration("878400h"), longest);
  EXPECT_EQ(parse_duration("878399h59m59.999s"), longest - Milliseconds{1});
  for (const char* text : {"878400h1ms", "878401h", "878400h878400h", "999999999999h", "999999999999ms999999999999h"}) {
    EXPECT_NE(problem_of(text).find("longer than 100 years"), std::string::npos) << text;
  }
}

TEST(ParseDuration, NeverOverflows) {
  EXPECT_EQ(parse_duration("999999999999ms"), Milliseconds{999'999'999'999});
  for (const char* text : {"1000000000000ms", "99999999999999999999h", "0.1234567891s", "1.0000000000s"}) {
    EXPECT_NE(problem_of(text).find("too many digits"), std::string::npos) << text;
  }
}

TEST(ParseDuration, ProblemsNameTheTextWithoutItsControls) { EXPECT_EQ(problem_of("5\x1b").find("\"5\\x1b\""), 0U); }

TEST(FormatDuration, WritesTheLargestUnitsFirst) {
  EXPECT_EQ(format_duration(Milliseconds{0}), "0s");
  EXPECT_EQ(format_duration(Milliseconds{1}), "1ms");
  EXPECT_EQ(format_duration(Milliseconds{999}), "999ms");
  EXPECT_EQ(format_duration(Milliseconds{1000}), "1s");
  EXPECT_EQ(format_duration(Milliseconds{1500}), "1.5s");
  EXPECT_EQ(format_duration(Milliseconds{59'999}), "59.999s");
  EXPECT_EQ(format_duration(seconds{60}), "1m");
  EXPECT_EQ(format_duration(seconds{61}), "1m1s");
  EXPECT_EQ(format_duration(minutes{59}), "59m");
  EXPECT_EQ(format_duration(minutes{90}), "1h30m");
  EXPECT_EQ(format_duration(hours{48}), "48h");
  EXPECT_EQ(format_duration(hours{1} + Milliseconds{20}), "1h0.02s");
  EXPECT_EQ(format_duration(-minutes{90}), "-1h30m");
}

TEST(FormatOffset, WritesSecondsOnly) {
  EXPECT_EQ(format_offset(Milliseconds{0}), "0s");
  EXPECT_EQ(format_offset(minutes{90}), "5400s");
  EXPECT_EQ(format_offset(Milliseconds{60'500}), "60.5s");
  EXPECT_EQ(format_offset(Milliseconds{60'050}), "60.05s");
}

Milliseconds any_duration() {
  const auto most = Milliseconds(hours{100 * 366 * 24}).count();
  return Milliseconds{
      *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 100'000), rc::gen::inRange<std::int64_t>(0, most + 1))};
}

RC_GTEST_PROP(FormatDurationProperty, IsReadBackUnchanged, ()) {
  const auto duration = any_duration();
  RC_ASSERT(parse_duration(format_duration(duration)) == duration);
  // format_offset() gives one number; with more than twelve digits of seconds it would be too long.
  RC_ASSERT(parse_duration(format_offset(duration)) == duration);
}

RC_GTEST_PROP(ParseDurationProperty, RefusesOrReadsAnyText, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::elementOf(std::string("0123456789.hms -+")), rc::gen::arbitrary<char>()));
  try {
    const auto duration = parse_duration(text);
    RC_ASSERT(duration >= Milliseconds{0});
    RC_ASSERT(parse_duration(format_duration(duration)) == duration);
  } catch (const std::invalid_argument& error) {
    RC_ASSERT(std::string(error.what()).size() > 10);
  }
}

}  // namespace
}  // namespace quotawatch
