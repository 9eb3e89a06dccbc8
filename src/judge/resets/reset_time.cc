#include "quotawatch/reset_time.h"

#include <charconv>

#include "base/text.h"
#include "judge/resets/reset_time_forms.h"
#include "judge/rules/spaced_pattern.h"

namespace quotawatch {
namespace {

using std::chrono::seconds;

// No time is longer, including blank rows between its parts. Bounds the cost of a hit.
constexpr std::size_t longest_time = 512;

// A reset time while it is being read.
struct FoundReset {
  ResetTime reset;
  std::size_t behind_text = 0;  // how much of the input remained after `text`
  bool complete = false;        // no following text would change it
};

// A zone after the time. In parentheses it is not part of `text`.
void add_zone(FoundReset& found, bool iso, std::string_view& rest) {
  auto part = iso ? read_iso_zone(rest) : std::nullopt;
  if (!part) part = read_zone(rest);
  if (!part) return;
  found.reset.zone = part->zone;
  found.complete = true;
  if (!part->in_parentheses) found.behind_text = rest.size();
}

// "in 3h 42m".
std::optional<FoundReset> read_span_reset(std::string_view& rest) {
  const auto span = read_span(rest);
  if (!span) return std::nullopt;
  FoundReset found;
  found.reset.after = span->length;
  found.behind_text = rest.size();
  found.complete = span->to_the_second;
  add_zone(found, false, rest);
  return found;
}

// "8pm", "8pm (Europe/Paris)", "21:13 on 2 Mar".
std::optional<FoundReset> read_clock_reset(std::string_view& rest) {
  // Without "on" or a comma, the date belongs to other text, such as a status line.
  static const SpacedPattern before_day("(?:~,~(?:on )?| on )");
  static const SpacedPattern cut_before_day(R"((?:~,[0-9a-z ]{0,14}| o(?:n(?: [0-9a-z ]{0,14})?)?)~(?:…|\.\.))");
  const auto clock = read_clock(rest);
  if (!clock) return std::nullopt;
  FoundReset found;
  found.reset.at_clock = clock->time;
  found.behind_text = rest.size();
  found.complete = clock->names_half;
  add_zone(found, false, rest);
  std::string_view after = rest;
  const auto day = before_day.take<0>(after) ? read_day(after) : std::nullopt;
  if (day) {
    rest = after;
    found.reset.day = day->day;
    if (!day->day) found.reset.at_clock.reset();
    found.behind_text = rest.size();
    if (!found.reset.zone) add_zone(found, false, rest);
  } else if (cut_before_day.begins(rest)) {
    return std::nullopt;
  }
  return found;
}

// "Dec 2", "Dec 2, 7pm", "Mon 12am", "2026-08-09T00:00:00Z".
std::optional<FoundReset> read_day_reset(std::string_view& rest) {
  static const SpacedPattern before_clock(R"(t|\.?~(?:,~)?(?:at )?)");
  static const SpacedPattern clock_lost(R"(~(?:,~\d|(?:,~)?at ))");
  const auto day = read_day(rest);
  if (!day) return std::nullopt;
  FoundReset found;
  found.reset.day = day->day;
  std::string_view after = rest;
  before_clock.take<0>(after);
  if (const auto clock = read_clock(after)) {
    rest = after;
    found.reset.at_clock = clock->time;
    found.complete = clock->names_half;
  } else if (clock_lost.begins(rest)) {
    return std::nullopt;  // "Dec 2, 7" or "Dec 2 at noon" is not the midnight before
  } else {
    found.reset.at_clock = seconds{0};
  }
  if (!day->day) found.reset.at_clock.reset();
  found.behind_text = rest.size();
  add_zone(found, day->iso, rest);
  return found;
}

// What the announcing words say about the form of the time behind them.
enum class Form {
  any,
  span,   // "wait 2 hours", without "in"
  epoch,  // "1762952400", or with milliseconds in 13 digits
  count,  // "3600": so many seconds
};

Form form_behind(std::string_view words) {
  if (begins_ignoring_case(words, "wait")) return Form::span;
  if (begins_ignoring_case(words, "resets_in")) return Form::count;
  for (const std::string_view epoch : {"limit reached", "resetsat", "resets_at"}) {
    if (begins_ignoring_case(words, epoch)) return Form::epoch;
  }
  return Form::any;
}

std::optional<FoundReset> read_number_reset(std::string_view& rest, Form form) {
  static const SpacedPattern digits(R"((\d+)\b)");
  const auto groups = digits.take<1>(rest);
  if (!groups) return std::nullopt;
  const std::string_view number = groups->front();
  FoundReset found;
  found.behind_text = rest.size();
  std::int64_t count = 0;
  std::from_chars(number.data(), number.data() + number.size(), count);
  if (number.size() > 10 && number.size() != 13) return found;
  if (form == Form::count) {
    found.reset.after = seconds{count};
  } else {
    found.reset.at_instant = WallTime{number.size() == 13 ? Milliseconds{count} : seconds{count}};
  }
  return found;
}

// The reset time at the beginning of `announced`, the text after the announcing words.
std::optional<LocatedReset> read_reset(std::string_view announced, Form form) {
  static const SpacedPattern preposition(R"((?:(in)|(after)|at|on|by)\b~)");
  std::string_view rest = announced;
  const auto word = preposition.take<2>(rest);
  const bool in = word && !(*word)[0].empty();
  const bool after = word && !(*word)[1].empty();
  std::string_view shown = in ? announced : rest;

  std::optional<FoundReset> found;
  if (form == Form::epoch || form == Form::count) {
    found = read_number_reset(rest, form);
  } else {
    if (in || after || form == Form::span) found = read_span_reset(rest);
    if (!found && !in) found = read_clock_reset(rest);
    if (!found && !in) found = read_day_reset(rest);
  }
  if (!found || (!found->complete && is_cut(rest))) return std::nullopt;
  shown.remove_suffix(found->behind_text);
  found->reset.text = make_snippet(with_plain_spaces(shown));
  ResetTime& reset = found->reset;
  if (!reset.at_clock) reset.day.reset();
  const auto end = static_cast<std::size_t>(shown.data() + shown.size() - announced.data());
  return LocatedReset{std::move(reset), end};
}

LocalDay local_day(std::chrono::year_month_day day) {
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
}

// The next instant at which clocks show `time`, on that weekday if there is one.
std::optional<WallTime> next_moment(std::optional<std::chrono::weekday> weekday, seconds time, const Zone& zone,
                                    WallTime first_seen) {
  const LocalDay today = zone.day_of(first_seen);
  const std::chrono::sys_days today_days{std::chrono::year{today.year} / static_cast<int>(today.month) /
                                         static_cast<int>(today.day)};
  // A change of clocks can move a time across midnight, so yesterday's may be next, and a whole day can
  // be skipped.
  for (int days_later = -1; days_later < 10; ++days_later) {
    const std::chrono::weekday there{today_days + std::chrono::days{days_later}};
    if (weekday && there != *weekday) continue;
    const WallTime candidate = zone.instant(today, days_later, time);
    if (candidate > first_seen) return candidate;
  }
  return std::nullopt;
}

// The time on that day in the year nearest to `first_seen`; of two equally near, the later.
std::optional<WallTime> nearest_year(std::chrono::month_day day, seconds time, const Zone& zone, WallTime first_seen) {
  const std::chrono::year this_year{zone.day_of(first_seen).year};
  // Around 2100 the nearest leap year is four years away.
  const int reach = day == std::chrono::February / 29 ? 4 : 1;
  std::optional<WallTime> nearest;
  for (int years = -reach; years <= reach; ++years) {
    const auto dated = (this_year + std::chrono::years{years}) / day;
    if (!dated.ok()) continue;
    const WallTime candidate = zone.instant(local_day(dated), 0, time);
    if (!nearest || std::chrono::abs(candidate - first_seen) <= std::chrono::abs(*nearest - first_seen)) {
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace

namespace {

// The first time that follows one of the announcing words.
std::optional<LocatedReset> locate_behind(const SpacedPattern& announcement, std::string_view text) {
  std::string_view rest = text;
  while (const auto found = announcement.find(rest)) {
    rest.remove_prefix(static_cast<std::size_t>(found->data() - rest.data()) + found->size());
    if (auto located = read_reset(rest.substr(0, longest_time), form_behind(*found))) {
      located->end += static_cast<std::size_t>(rest.data() - text.data());
      return located;
    }
  }
  return std::nullopt;
}

const SpacedPattern& usual_words() {
  static const SpacedPattern usual(
      R"((?:\b(?:resets?\b(?: when your [a-z\s]{1,40} ends\b)?|try again\b|)"
      R"(continu(?:e|ing) automatically\b|limit reached~\||resets_?at"~:|resets_in_seconds"~:)|将[在于])~[:·|(-]?~)");
  return usual;
}

}  // namespace

std::optional<ResetTime> find_usual_reset(std::string_view text) {
  auto located = locate_behind(usual_words(), text);
  return located ? std::optional(std::move(located->reset)) : std::nullopt;
}

std::optional<LocatedReset> locate_reset(std::string_view text) {
  // What else announces a time; used only where the usual words are not, because prose has them too.
  static const SpacedPattern unusual(
      R"(\b(?:renews?|refills?|refresh(?:es)?|replenish(?:es|ed)?|next (?:window|reset|period|cycle|session)(?: (?:is|starts|begins|opens))?)"
      R"(|back|available|again|until|continu(?:es|e)|resum(?:es|e|ing)|unlocks?|returns?|reopens?|lifts?|starts? (?:over|again)|opens? again|regain access)"
      R"(|retry(?:ing)?|wait)\b~[:·|(-]?~)");
  if (auto located = locate_behind(usual_words(), text)) return located;
  return locate_behind(unusual, text);
}

std::optional<ResetTime> find_reset(std::string_view text) {
  auto located = locate_reset(text);
  return located ? std::optional(std::move(located->reset)) : std::nullopt;
}

namespace {

std::optional<WallTime> instant_of(const ResetTime& reset, WallTime first_seen, const Zone& host) {
  if (reset.at_instant) return reset.at_instant;
  if (reset.after) return first_seen + *reset.after;
  if (!reset.at_clock) return std::nullopt;
  const Zone zone = reset.zone.value_or(host);
  const seconds time = *reset.at_clock;
  if (!reset.day) return next_moment(std::nullopt, time, zone, first_seen);
  if (const auto* const weekday = std::get_if<std::chrono::weekday>(&*reset.day)) {
    return next_moment(*weekday, time, zone, first_seen);
  }
  if (const auto* const day = std::get_if<std::chrono::month_day>(&*reset.day)) {
    return nearest_year(*day, time, zone, first_seen);
  }
  return zone.instant(local_day(std::get<std::chrono::year_month_day>(*reset.day)), 0, time);
}

}  // namespace

std::optional<WallTime> resolve_reset(const ResetTime& reset, WallTime first_seen, const Zone& host) {
  const auto instant = instant_of(reset, first_seen, host);
  return instant && is_writable(*instant) ? instant : std::nullopt;
}

}  // namespace quotawatch
