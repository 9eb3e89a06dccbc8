#include "report/status_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace quotawatch {
namespace {

constexpr std::size_t day_end = std::string_view("Mon 23 Nov ").size();
constexpr std::size_t year_end = std::string_view("Mon 23 Nov 2026 ").size();

std::string rough(Milliseconds span) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  constexpr std::array<std::pair<seconds, std::string_view>, 4> units{
      {{days{1}, "d"}, {hours{1}, "h"}, {minutes{1}, "m"}, {seconds{1}, "s"}}};
  auto left = std::max(std::chrono::floor<seconds>(span), seconds{0});
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    if (left < units[i].first) continue;
    const auto& [unit, name] = units[i];
    const auto& [smaller, smaller_name] = units[i + 1];
    const auto rest = left % unit / smaller;
    return fmt::format("{}{}{}", left / unit, name, rest > 0 ? fmt::format("{}{}", rest, smaller_name) : "");
  }
  return fmt::format("{}s", left.count());
}

}  // namespace

std::string StatusTimes::at(WallTime time) const {
  const std::string full = zone_.format_local(time);  // "Mon 23 Nov 2026 20:00 CET"
  const std::string today = zone_.format_local(now_);
  const auto same = [&](std::size_t begin, std::size_t end) {
    return full.compare(begin, end - begin, today, begin, end - begin) == 0;
  };
  if (same(0, year_end)) return full.substr(year_end);
  return same(day_end, year_end) ? full.substr(0, day_end) + full.substr(year_end) : full;
}

std::string StatusTimes::ago(WallTime time) const { return rough(now_ - time); }

std::string StatusTimes::left_until(WallTime time) const { return rough(time - now_); }

}  // namespace quotawatch
