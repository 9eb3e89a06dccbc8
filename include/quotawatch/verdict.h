// What a screen says about quota, independently of the time.
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

// True for the two verdicts of limit messages: exhausted and throttled.
bool names_limit(Verdict verdict);

// The rule of banners that no rule of a pack knows, judged by their shape. Wording changes without notice,
// so that such a banner is believed, but only if it is seen twice.
constexpr std::string_view limit_by_shape = "limit-by-shape";

// What a limit applies to.
enum class LimitScope {
  account,
  model,  // other models can still be used
};

// Identifies a text without storing it, because pane text must not be in the state file. Stable
// across versions and machines; zero means "no text".
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool empty() const { return high == 0 && low == 0; }
  bool operator==(const Fingerprint&) const = default;

  static Fingerprint of(std::string_view text);
  std::string hex() const;
  static std::optional<Fingerprint> from_hex(std::string_view hex);
};

// Identifies a conversation when it is redrawn: its visible requests, answers and actions. How much
// is visible depends on the height of the pane and on the program's decoration, so two traces are
// compared part by part from the end, see is_same(). The program's messages about limits are not
// included: they are worded and placed differently each time the conversation is redrawn.
struct ConversationTrace {
  std::vector<std::uint64_t> parts;  // the latest first; for a plain screen, only its block
  bool whole = false;                // the conversation's beginning is included
  bool block = false;                // of a plain screen, on which turns cannot be distinguished

  static constexpr std::size_t most_parts = 16;

  bool operator==(const ConversationTrace&) const = default;

  // A conversation of which only the limit message is known: the same as any other.
  static ConversationTrace unknown(bool block = false) { return {{0}, block, block}; }
  bool is_unknown() const { return parts.size() == 1 && parts.front() == 0; }

  // The form stored in the state file. from_text() accepts only the output of text().
  std::string text() const;
  static std::optional<ConversationTrace> from_text(std::string_view text);
};

// True if `now` shows the same conversation as `before`: the same parts, or additional ones above
// them if more is visible now. False if the last turn may be a repetition of an earlier one, or if
// too little is visible to decide.
bool is_same(const ConversationTrace& before, const ConversationTrace& now);

// A limit message in a conversation: the same words below another turn are another occurrence.
struct Occurrence {
  Fingerprint message;
  ConversationTrace conversation;
  // When the turn was refused, if the program's own record says so: then this alone is what it is known by, whatever
  // the screen makes of it.
  std::optional<WallTime> refused_at = std::nullopt;

  bool operator==(const Occurrence&) const = default;
};

bool is_same(const Occurrence& before, const Occurrence& now);

// What a screen shows of a conversation. Whether the conversation has ended or is only hidden
// decides whether a banner that reappears is the same one (rule A3).
enum class Context {
  unread,        // not examined: nothing on the screen is about limits
  start,         // of a known program, with no conversation on it yet
  conversation,  // of a known program
  block,         // of no known program, such as a shell
};

// How near a limit is, as far as a warning names it.
struct NearLimit {
  std::optional<int> percent;          // of the limit that is used up
  std::optional<Milliseconds> window;  // how long the limit's window is: five hours, a week
  std::optional<ResetTime> reset;

  bool operator==(const NearLimit&) const = default;
};

// The result of judging one screen. Created by Judge::read, dated and counted by fold().
struct Reading {
  Verdict verdict = Verdict::clear;
  std::string rule;     // id of the rule that decided; empty if none matched
  std::string line;     // the row it matched on, as shown
  std::string snippet;  // that row, safe for a journal: see make_snippet()
  std::size_t row = 0;  // that row, from 1 at the top; 0 if none matched

  LimitScope scope = LimitScope::account;  // of the limit in this verdict
  bool counts = true;                      // false: by its rule, never a hit

  // A suspicious message about limits that fits no rule; empty if there is none.
  std::string unrecognised;

  // The last message of the program, if it speaks of limits and nothing is known of it: unrecognised, if
  // the session stands still with it. Empty if there is none.
  std::string murmur;

  // The limit message on the screen and its conversation (plain screens: the block), even if the
  // verdict vetoes it (a 5xx below it); empty if there is none.
  std::optional<Occurrence> limit;
  std::optional<ResetTime> reset;      // named by that message
  std::optional<Milliseconds> window;  // the rule's upper bound for the reset

  std::optional<NearLimit> near;  // of a warning

  Context context = Context::unread;

  bool operator==(const Reading&) const = default;
};

// What holds of every reading: a limit is named by a message that is known, and only such a message
// has a reset; only a warning says how near one is.
bool is_consistent(const Reading& reading);

}  // namespace quotawatch
