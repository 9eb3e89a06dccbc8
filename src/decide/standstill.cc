#include "quotawatch/standstill.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "base/text.h"

namespace quotawatch {
namespace {

Fingerprint without_digits(std::string_view screen) {
  std::string rest;
  rest.reserve(screen.size());
  std::ranges::copy_if(screen, std::back_inserter(rest), [](char character) { return !is_digit(character); });
  return Fingerprint::of(rest);
}

}  // namespace

bool stands_with_murmur(const Reading& reading) {
  return reading.verdict != Verdict::server_error && !names_limit(reading.verdict) && !reading.murmur.empty();
}

std::optional<Standstill> look_again(std::optional<Standstill> before, const Reading& reading, std::string_view screen,
                                     SteadyTime now) {
  const bool error = reading.verdict == Verdict::server_error || reading.verdict == Verdict::throttled;
  if (!error && !stands_with_murmur(reading)) return std::nullopt;
  const Fingerprint shown = without_digits(screen);
  if (!before || before->verdict != reading.verdict || before->screen != shown) {
    return Standstill{reading.verdict, shown, now, false};
  }
  assert(before->since <= now);
  before->reported = before->reported || now - before->since >= standstill_limit;
  return before;
}

}  // namespace quotawatch
