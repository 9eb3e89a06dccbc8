#include "quotawatch/verdict.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/enum_names.h"

namespace quotawatch {
namespace {

constexpr EnumNames<Verdict::unknown> names{"exhausted", "throttled", "warning", "server_error",
                                            "auth",      "clear",     "unknown"};

}  // namespace

std::string_view verdict_name(Verdict verdict) { return names.name(verdict); }

std::optional<Verdict> find_verdict(std::string_view name) { return names.find(name); }

std::vector<std::string> verdict_names() { return names.all(); }

bool names_limit(Verdict verdict) { return verdict == Verdict::exhausted || verdict == Verdict::throttled; }

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
  const bool whole = high.ec == std::errc{} && high.ptr == middle && low.ec == std::errc{} && low.ptr == end;
  return whole ? std::optional(parsed) : std::nullopt;
}

namespace {

constexpr std::size_t part_digits = 16;

}  // namespace

bool is_consistent(const Reading& reading) {
  if (reading.near && reading.verdict != Verdict::warning) return false;
  const bool limit_is_known = !names_limit(reading.verdict) || reading.limit;
  const bool resets_are_of_limits = reading.limit || (!reading.reset && !reading.window);
  const bool rule_has_row = reading.rule.empty() == (reading.row == 0);
  return limit_is_known && resets_are_of_limits && rule_has_row;
}

std::string ConversationTrace::text() const {
  assert(parts.size() <= most_parts);
  std::string written(block ? "block" : whole ? "whole" : "tail");
  for (const auto part : parts) written += fmt::format(" {:016x}", part);
  return written;
}

std::optional<ConversationTrace> ConversationTrace::from_text(std::string_view text) {
  ConversationTrace trace;
  const auto kind = text.substr(0, std::min(text.find(' '), text.size()));
  trace.block = kind == "block";
  trace.whole = kind == "whole" || trace.block;
  if (!trace.whole && kind != "tail") return std::nullopt;
  text.remove_prefix(kind.size());
  while (!text.empty()) {
    std::uint64_t part = 0;
    if (text.size() <= part_digits || text.front() != ' ') return std::nullopt;
    const char* const end = text.data() + 1 + part_digits;
    const auto read = std::from_chars(text.data() + 1, end, part, 16);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    trace.parts.push_back(part);
    text.remove_prefix(1 + part_digits);
  }
  if (trace.parts.size() > most_parts) return std::nullopt;
  return trace;
}

bool is_same(const ConversationTrace& before, const ConversationTrace& now) {
  if (before == now) return true;
  if (before.is_unknown()) return !before.block || now.block;
  if (before.block || now.block || (before.whole && now.whole)) return false;
  const auto& old = before.parts;
  const auto& seen = now.parts;
  const std::size_t common = std::min(old.size(), seen.size());
  constexpr std::size_t fewest_parts = 2;
  if (!std::equal(old.begin(), old.begin() + static_cast<std::ptrdiff_t>(common), seen.begin()) ||
      (common < fewest_parts && old.size() != seen.size())) {
    return false;
  }
  // Nothing precedes the first part of a whole conversation.
  if ((before.whole && seen.size() > old.size()) || (now.whole && old.size() > seen.size())) {
    return false;
  }
  // "continue", "continue": was one added, or did one become visible?
  for (auto added = seen.begin() + 1; added < seen.end() && seen.size() > old.size(); ++added) {
    if (static_cast<std::size_t>(seen.end() - added) < old.size()) break;
    if (std::equal(old.begin(), old.end(), added)) return false;
  }
  return true;
}

bool is_same(const Occurrence& before, const Occurrence& now) {
  if (before.refused_at && now.refused_at) return before.refused_at == now.refused_at;
  return before.message == now.message && is_same(before.conversation, now.conversation);
}

}  // namespace quotawatch
