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

// What a conversation is recognised by when it is drawn again: what was asked, answered and done
// in it, as far as the screen shows that. How much of it is visible changes with the height of the
// pane and with what the program puts around it, so two traces are compared part by part from the
// end, see is_same(). What the program says about limits is no part: it is worded and placed
// differently each time the conversation is drawn.
struct ConversationTrace {
  std::vector<std::uint64_t> parts;  // the latest first; a plain screen's block is the only one
  bool whole = false;                // the conversation's beginning is among them
  bool block = false;                // of a plain screen, on which nobody can tell turns apart

  static constexpr std::size_t most_parts = 16;

  bool operator==(const ConversationTrace&) const = default;

  // Of a conversation of which no more is known than its message: the same as any.
  static ConversationTrace unknown(bool block = false) { return {{0}, block, block}; }
  bool is_unknown() const { return parts.size() == 1 && parts.front() == 0; }

  // As the state file holds it. Only a trace that text() wrote can be read again.
  std::string text() const;
  static std::optional<ConversationTrace> from_text(std::string_view text);
};

// True if `now` is a view of the conversation that `before` is one of: the same parts, or further
// ones above them where more is visible than before. Where a turn that was repeated in the same
// words could be the last one, or too little is seen to tell, it is another conversation.
bool is_same(const ConversationTrace& before, const ConversationTrace& now);

// A limit message in a conversation: the same words below another turn are another occurrence.
struct Occurrence {
  Fingerprint message;
  ConversationTrace conversation;

  bool operator==(const Occurrence&) const = default;
};

bool is_same(const Occurrence& before, const Occurrence& now);

// What a screen shows of a conversation. Whether it has ended or is only out of sight decides what
// a banner is that comes back (rule A3).
enum class Context {
  unread,        // nobody looked: nothing on the screen speaks of limits
  start,         // a known program's, which has nothing of a conversation on it
  conversation,  // a known program's
  block,         // of no known program, a shell's for one
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

  // The limit message on the screen and its conversation (plain screens: the block), whether or
  // not the verdict lets it count (a 5xx beside it vetoes); nothing if there is none.
  std::optional<Occurrence> limit;
  std::optional<ResetTime> reset;      // named by that message
  std::optional<Milliseconds> window;  // the rule's, bounding the reset

  Context context = Context::unread;

  bool operator==(const Reading&) const = default;
};

// What holds of every reading: a limit is named by a message that is known, and only such a message
// has a reset.
bool is_consistent(const Reading& reading);

}  // namespace quotawatch
