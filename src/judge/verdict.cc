#include "quotawatch/verdict.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <charconv>
#include <utility>

namespace quotawatch {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 7> names{{
    {Verdict::exhausted, "exhausted"},
    {Verdict::throttled, "throttled"},
    {Verdict::warning, "warning"},
    {Verdict::server_error, "server_error"},
    {Verdict::auth, "auth"},
    {Verdict::clear, "clear"},
    {Verdict::unknown, "unknown"},
}};

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  for (const auto& [value, name] : names) {
    if (value == verdict) return name;
  }
  return "unknown";
}

std::optional<Verdict> find_verdict(std::string_view name) {
  for (const auto& [value, known] : names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> verdict_names() {
  std::vector<std::string> all;
  all.reserve(names.size());
  for (const auto& [value, name] : names) all.emplace_back(name);
  return all;
}

bool names_limit(Verdict verdict) {
  return verdict == Verdict::exhausted || verdict == Verdict::throttled;
}

Fingerprint Fingerprint::of(std::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.high64, hash.low64};
}

std::string Fingerprint::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

std::optional<Fingerprint> Fingerprint::from_hex(std::string_view hex) {
  constexpr std::size_t half = 16;
  if (hex.size() != 2 * half) return std::nullopt;
  Fingerprint parsed;
  const char* const middle = hex.data() + half;
  const char* const end = middle + half;
  const auto high = std::from_chars(hex.data(), middle, parsed.high, 16);
  const auto low = std::from_chars(middle, end, parsed.low, 16);
  const bool whole =
      high.ec == std::errc{} && high.ptr == middle && low.ec == std::errc{} && low.ptr == end;
  return whole ? std::optional(parsed) : std::nullopt;
}

}  // namespace quotawatch
