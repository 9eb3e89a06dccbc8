// What a screen says about quota, before anybody knows what time it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/reset_time.h"

namespace quotawatch {

enum class Verdict { exhausted, throttled, warning, server_error, auth, clear, unknown };

// "exhausted", "server_error", …
std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> find_verdict(std::string_view name);
std::vector<std::string> verdict_names();

// True for the two that a limit message can have: exhausted and throttled.
bool names_limit(Verdict verdict);

// What a limit stops.
enum class LimitScope {
  account,
  model,  // another model goes on working
};

// Identifies a text without keeping it: a pane's words have no place in the
// state file. Stable over versions and machines; empty means "no text".
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool empty() const { return high == 0 && low == 0; }
  bool operator==(const Fingerprint&) const = default;

  static Fingerprint of(std::string_view text);
  std::string hex() const;
  static std::optional<Fingerprint> from_hex(std::string_view hex);
};

// What judging one screen found. Made by Judge::read, dated and counted by fold().
struct Reading {
  Verdict verdict = Verdict::clear;
  std::string rule;     // id of the rule that decided; empty if none matched
  std::string line;     // the row it matched on, as the screen shows it
  std::string snippet;  // that row as a journal may hold it: see make_snippet()
  std::size_t row = 0;  // that row, from 1 at the top; 0 if none matched

  LimitScope scope = LimitScope::account;  // of the limit that verdict is about
  bool counts = true;                      // false: the rule says that it is never a hit

  // A message that looks like one about a limit and fits no rule; empty if none.
  std::string unrecognised;

  // The limit message on the screen, whether or not the verdict lets it count
  // (a 5xx beside it vetoes); empty if there is none.
  Fingerprint message;
  std::optional<ResetTime> reset;      // named by that message
  std::optional<Milliseconds> window;  // the rule's, bounding the reset

  // What the session shows apart from decoration (plain screens: the block). On
  // a screen without a limit message it may be the same for every text.
  Fingerprint shown;

  bool operator==(const Reading&) const = default;
};

}  // namespace quotawatch
