#include "judge/rules/posix_rules.h"

#include <date/date.h>
#include <re2/re2.h>

#include <algorithm>

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int most_hours_ahead = 24;
constexpr int most_hours_of_change = 167;  // a week, either way, as in RFC 9636

// "-5", "+05:30", "1:02:03"; nullopt beyond the given hours.
std::optional<seconds> parse_span(const std::string& text, int most_hours) {
  static const RE2 form(R"(([+-]?)(\d{1,3})(:[0-5]?\d)?(:[0-5]?\d)?)");
  std::string sign;
  int whole_hours = 0;
  std::string minute;
  std::string second;
  if (!RE2::FullMatch(text, form, &sign, &whole_hours, &minute, &second)) return std::nullopt;
  const auto number = [](const std::string& part) { return part.empty() ? 0 : std::stoi(part.substr(1)); };
  const seconds span = hours{whole_hours} + minutes{number(minute)} + seconds{number(second)};
  if (span > hours{most_hours}) return std::nullopt;
  return sign == "-" ? -span : span;
}

std::string without_brackets(const std::string& name) {
  return name.starts_with('<') ? name.substr(1, name.size() - 2) : name;
}

}  // namespace

std::optional<PosixRules> PosixRules::parse(std::string_view text) {
  static const RE2 form(R"(([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)([0-9+-][0-9:]*))"
                        R"((?:([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)([0-9+-][0-9:]*)?(?:,([^,]+),([^,]+))?)?)");
  constexpr const char* usual_begin = "M3.2.0";
  constexpr const char* usual_end = "M11.1.0";
  std::string name;
  std::string behind;  // UTC, for that is how POSIX counts
  std::string summer_name;
  std::string summer_behind;
  std::string begin;
  std::string end;
  if (!RE2::FullMatch(text, form, &name, &behind, &summer_name, &summer_behind, &begin, &end)) {
    return std::nullopt;
  }
  PosixRules rules;
  rules.text_ = text;
  const auto offset = parse_span(behind, most_hours_ahead);
  if (!offset) return std::nullopt;
  rules.standard_ = {without_brackets(name), -*offset};
  if (summer_name.empty()) return rules;
  const auto summer_offset =
      summer_behind.empty() ? std::optional(*offset - hours{1}) : parse_span(summer_behind, most_hours_ahead);
  const auto begins = parse_change(begin.empty() ? usual_begin : begin);
  const auto ends = parse_change(end.empty() ? usual_end : end);
  if (!summer_offset || !begins || !ends) return std::nullopt;
  rules.summer_ = Summer{{without_brackets(summer_name), -*summer_offset}, *begins, *ends};
  return rules;
}

std::optional<PosixRules::Change> PosixRules::parse_change(const std::string& text) {
  static const RE2 nth_weekday(R"(M([1-9]|1[0-2])\.([1-5])\.([0-6]))");
  static const RE2 day_of_year(R"(J(\d{1,3}))");
  static const RE2 days_after_new_year(R"((\d{1,3}))");
  const auto slash = std::min(text.find('/'), text.size());
  const std::string day = text.substr(0, slash);
  Change change;
  NthWeekday weekday{};
  int number = 0;
  if (RE2::FullMatch(day, nth_weekday, &weekday.month, &weekday.week, &weekday.weekday)) {
    change.day = weekday;
  } else if (RE2::FullMatch(day, day_of_year, &number) && number >= 1 && number <= 365) {
    change.day = DayOfYear{number};
  } else if (RE2::FullMatch(day, days_after_new_year, &number) && number <= 365) {
    change.day = DaysAfterNewYear{number};
  } else {
    return std::nullopt;
  }
  if (slash == text.size()) return change;
  const auto after = parse_span(text.substr(slash + 1), most_hours_of_change);
  if (!after) return std::nullopt;
  change.after = *after;
  return change;
}

PosixRules::Instant PosixRules::local_instant(const Change& change, std::chrono::year year) {
  const date::year in{static_cast<int>(year)};
  const auto new_year = date::sys_days{in / 1 / 1};
  auto day = new_year;
  if (const auto* nth = std::get_if<NthWeekday>(&change.day)) {
    const auto month = in / date::month{nth->month};
    const date::weekday weekday{nth->weekday};
    day = nth->week == 5 ? date::sys_days{month / weekday[date::last]} : date::sys_days{month / weekday[nth->week]};
  } else if (const auto* numbered = std::get_if<DayOfYear>(&change.day)) {
    const bool past_leap_day = in.is_leap() && numbered->day >= 60;
    day = new_year + date::days{numbered->day - (past_leap_day ? 0 : 1)};
  } else {
    day = new_year + date::days{std::get<DaysAfterNewYear>(change.day).days};
  }
  return Instant{day + change.after};
}

// Includes the adjacent years, because a change can be moved into them. If summer time ends at the
// moment it begins, it continues.
PosixRules::Transition PosixRules::last_change(Instant time) const {
  const date::year_month_day day{date::floor<date::days>(time)};
  Transition last{Instant::min(), false};
  for (int offset = -1; offset <= 1; ++offset) {
    const std::chrono::year year{static_cast<int>(day.year()) + offset};
    const Instant begin = local_instant(summer_->begin, year) - standard_.ahead;
    const Instant end = local_instant(summer_->end, year) - summer_->clock.ahead;
    for (const auto& change : {Transition{end, false}, Transition{begin, true}}) {
      const bool later = change.at > last.at || (change.at == last.at && change.to_summer);
      if (change.at <= time && later) last = change;
    }
  }
  return last;
}

const PosixRules::Clock& PosixRules::clock_at(Instant time) const {
  return summer_ && last_change(time).to_summer ? summer_->clock : standard_;
}

PosixRules::Instant PosixRules::instant_of(Instant local) const {
  if (!summer_) return local - standard_.ahead;
  const auto& [behind, before] = std::minmax(standard_.ahead, summer_->clock.ahead);
  for (const auto ahead : {behind, before}) {  // the later instant first
    if (clock_at(local - ahead).ahead == ahead) return local - ahead;
  }
  return last_change(local - behind).at;
}

}  // namespace quotawatch
