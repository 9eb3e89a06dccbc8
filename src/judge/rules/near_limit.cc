#include "judge/rules/near_limit.h"

#include <re2/re2.h>

#include <chrono>
#include <string>

#include "base/text.h"

namespace quotawatch {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr int whole = 100;

// What is left is said as often as what is used.
std::optional<int> read_percent(std::string_view warning) {
  static const RE2 percent(R"((?i)(\d{1,3})(?:\.\d+)? ?%([^.;|·]*))");
  static const RE2 left(R"((?i).*\b(?:left|remains?|remaining|available|to go)\b.*)");
  int number = 0;
  std::string behind;
  if (!RE2::PartialMatch(re2::StringPiece(warning.data(), warning.size()), percent, &number, &behind)) {
    return std::nullopt;
  }
  if (number > whole) return std::nullopt;
  return RE2::FullMatch(behind, left) ? whole - number : number;
}

std::optional<Milliseconds> read_window(std::string_view warning) {
  static const RE2 window(
      R"((?i)\b(?:(\d{1,3})[- ]?(?:(h|hr|hrs|hours?)|(d|days?))|(session|hourly|daily|weekly|week's|monthly))(?: [\w-]+){0,2}? (?:limit|usage|quota|window|allowance|cap)\b)");
  int number = 0;
  std::string of_hours;
  std::string of_days;
  std::string word;
  const re2::StringPiece text(warning.data(), warning.size());
  re2::StringPiece count;
  if (!RE2::PartialMatch(text, window, &count, &of_hours, &of_days, &word)) return std::nullopt;
  for (const char digit : count) number = 10 * number + (digit - '0');
  if (!of_hours.empty()) return hours{number};
  if (!of_days.empty()) return days{number};
  if (word.empty()) return std::nullopt;
  switch (lower_case(word.front())) {
    case 's':
      return hours{5};  // a session of Claude's
    case 'h':
      return hours{1};
    case 'd':
      return days{1};
    case 'w':
      return days{7};
    default:
      return days{30};
  }
}

}  // namespace

NearLimit read_near_limit(std::string_view warning) {
  return {read_percent(warning), read_window(warning), find_reset(warning)};
}

}  // namespace quotawatch
