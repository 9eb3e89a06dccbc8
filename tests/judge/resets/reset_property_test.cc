// Properties of reset times as they stand in messages: what is around one changes nothing,
// nor does its type; and an instant stays what it is until it has passed.
#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quotawatch/reset_time.h"
#include "sim/screens/text_mutation.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Made smaller towards the first one.
template <typename Value>
Value any_of(const std::vector<Value>& values) {
  return values[*rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, values.size()))];
}

std::string any_announced() {
  static const std::vector<std::string> leads{"resets ", "limit will reset at ", "try again at ", "Resets: "};
  static const std::vector<std::string> times{
      "8pm",
      "8:05 pm (Europe/Paris)",
      "23:59 (UTC)",
      "12am",
      "Mon 12am",
      "Dec 2, 7pm (America/New_York)",
      "Dec 2",
      "11/17/2026 1:30 AM",
      "2026-12-02T19:00:00Z",
      "Jan 3rd, 2027 2:30 PM",
      "13pm",
      "Feb 30, 7pm",
  };
  if (any_of<int>({0, 0, 1}) == 1) {
    return any_of<std::string>({"resets in ", "try again in "}) +
           any_of<std::string>({"45 minutes", "3h 42m", "2 days", "1 hour and 5 minutes"});
  }
  return any_of(leads) + any_of(times);
}

// Words that may stand before a time or behind it, times of something else among them. No
// "…", which may have cut off a part of the time.
std::string any_words() {
  static const std::vector<std::string> words{
      "limit",           "You've",   "hit",   "your",         "9am",        "·",  "Dec",  "on",
      "(Europe/Berlin)", "/upgrade", "12:30", "in 5 minutes", "❯",          "\n", "\n  ", "漢字",
      "1762952400",      ",",        "try",   "at 7pm",       "presets 3pm"};
  std::string text;
  for (const auto& word : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(words))) {
    text += word + " ";
  }
  return text;
}

RC_GTEST_PROP(ResetInWords, IsReadAsIfItStoodAlone, ()) {
  const auto announced = any_announced();
  const auto before = any_words() + any_of<std::string>({"", "resets soon · ", "try again later. "});
  const auto text = before + announced + any_of<std::string>({" · ", "\n\n❯ ", ". Then "}) + any_words();
  RC_LOG() << text << "\n";
  const auto alone = find_reset(announced);
  RC_ASSERT(alone.has_value());
  RC_ASSERT(find_reset(text) == alone);
}

RC_GTEST_PROP(ResetInWords, MeansTheSameInAnyType, ()) {
  sim::Typography type;
  type.letters = any_of<sim::LetterCase>(
      {sim::LetterCase::as_written, sim::LetterCase::lower, sim::LetterCase::upper, sim::LetterCase::mixed});
  type.spaces = any_of<sim::Spaces>({sim::Spaces::as_written, sim::Spaces::no_break, sim::Spaces::narrow});
  type.choices = *rc::gen::arbitrary<std::uint64_t>();
  const auto announced = any_announced();
  const auto typed = sim::set_type(announced, type);
  RC_LOG() << typed << "\n";
  const auto wanted = *find_reset(announced);
  auto got = find_reset(typed);
  RC_ASSERT(got.has_value());
  got->text = wanted.text;
  RC_ASSERT(*got == wanted);
}

// A3 and A4 hold banners apart by their instants: one that is looked at again, at any time
// before it has passed, has the same. Not so dates without a year, which mean the nearest.
RC_GTEST_PROP(ResetInstant, DoesNotMoveUntilItHasPassed, ()) {
  static const std::vector<std::string> zones{"Etc/UTC",           "Europe/Paris",     "America/New_York",
                                              "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe",
                                              "Africa/Casablanca", "Asia/Kathmandu",   "Pacific/Apia",
                                              "Antarctica/Troll"};
  const auto* const zone = date::locate_zone(any_of(zones));
  // Within two days of a change of clocks, where there are any.
  const auto somewhen = *parse_wall("2000-01-01T00:00:00Z") +
                        seconds{*rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, 1'000'000'000))};
  const auto info = zone->get_info(date::floor<seconds>(somewhen));
  const bool changes = info.begin > date::floor<seconds>(somewhen) - hours{24 * 3650};
  const auto seen = (changes ? WallTime{info.begin} : somewhen) +
                    seconds{*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(-172'800, 172'800))};
  const auto day = any_of<std::string>({"", "Sun ", "Mon "});
  const auto reset =
      find_reset("resets " + day + any_of<std::string>({"12am", "1:30am", "2:30am", "3am", "11:30pm", "8pm"}));
  const auto host = *Zone::find(zone->name());
  const auto resets = *resolve_reset(*reset, seen, host);
  const auto left = (resets - seen).count();
  const auto later =
      seen + Milliseconds{*rc::gen::oneOf(rc::gen::element<std::int64_t>(0, 1, left - 1, left / 2),
                                          rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, left)))};
  RC_LOG() << zone->name() << " seen " << format_wall(seen) << " and " << format_wall_ms(later) << ": "
           << format_wall(resets) << "\n";
  RC_ASSERT(resolve_reset(*reset, later, host) == resets);
  RC_ASSERT(resolve_reset(*reset, resets, host) > resets);
}

}  // namespace
}  // namespace quotawatch
