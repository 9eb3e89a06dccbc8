// What the watched sessions show, as values made up by tests: no text is judged. Used by the model
// and, converted to readings, by the decision code.
#pragma once

#include <chrono>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "quotawatch/event.h"
#include "quotawatch/switcher.h"
#include "quotawatch/time.h"
#include "quotawatch/verdict.h"

namespace quotawatch::tests {

struct Screen {
  Verdict verdict = Verdict::clear;
  std::string banner;                               // the limit message; empty: none
  std::string text = "idle";                        // everything shown: differs if anything does
  std::string reset_text;                           // empty: the banner names no reset
  std::optional<std::chrono::minutes> reset_clock;  // after midnight, in UTC
  std::optional<Milliseconds> reset_after;          // after it was first seen
  std::optional<Milliseconds> window;
  bool unknown_wording = false;  // known by its shape only
  Context context = Context::conversation;

  bool operator==(const Screen&) const = default;
};

struct Pane {
  enum class Kind { absent, failed, ended, screen };
  // What its program's own record says: nothing, that the turn ended well, goes on, went on until nothing more was
  // written, or was refused, with a reset or without one.
  enum class Record { none, fine, under_way, silent, refused, refused_until };
  std::string session;
  bool pool = true;
  Kind kind = Kind::absent;
  Screen screen;
  bool shared = false;                             // the same pane as an earlier session's, which counts instead
  bool went_on = false;                            // something was answered or done since the last poll
  std::optional<WallTime> started = std::nullopt;  // its program
  Record record = Record::none;
  // What such a record says of the account's use: of a window of five hours, and when it was said.
  std::optional<int> used_percent = std::nullopt;
  std::optional<WallTime> use_resets = std::nullopt;
  WallTime used_at = {};

  bool operator==(const Pane&) const = default;
};

// The reset that such a record names: 2026-11-23T13:00:00Z.
inline WallTime reset_in_record() { return WallTime(std::chrono::seconds{1'795'438'800}); }

// The result of one call, with ids replaced by numbers ("#1") and without `why`.
struct Outcome {
  std::vector<Event> events;
  std::optional<SwitchRequest> request;
};

inline Screen showing(std::string text) {
  Screen screen;
  screen.text = std::move(text);
  return screen;
}

// A shell's screen, or a program's before it has drawn anything: no conversation is visible.
inline Screen hiding(Context context = Context::block) {
  Screen screen = showing("$ ");
  screen.context = context;
  return screen;
}

// The same on a plain screen.
inline Screen plain(Screen screen) {
  screen.context = Context::block;
  return screen;
}

// A banner without a reset.
inline Screen hit(std::string banner = "limit") {
  Screen screen;
  screen.verdict = Verdict::exhausted;
  screen.text = banner;
  screen.banner = std::move(banner);
  return screen;
}

inline Screen hit_for(Milliseconds time, std::string banner = "limit for a while") {
  Screen screen = hit(std::move(banner));
  screen.reset_after = time;
  screen.reset_text = "in some time";
  return screen;
}

// Resets at this time of day, UTC.
inline Screen hit_until(std::chrono::minutes clock, std::string banner = "limit until then") {
  Screen screen = hit(std::move(banner));
  screen.reset_clock = clock;
  screen.reset_text = "at some time";
  return screen;
}

// The same in words that no rule knows.
inline Screen in_other_words(Screen screen) {
  screen.unknown_wording = true;
  return screen;
}

// The rule that judges it.
inline std::string rule_of(const Screen& screen) {
  return screen.unknown_wording ? std::string(limit_by_shape) : "rule of " + screen.banner;
}

// A 5xx, which vetoes a banner.
inline Screen server_error(std::string banner = "") {
  Screen screen = showing("API Error: 500 " + banner);
  screen.verdict = Verdict::server_error;
  screen.banner = std::move(banner);
  return screen;
}

inline std::ostream& operator<<(std::ostream& out, const Pane& pane) {
  out << pane.session << " ";
  if (pane.kind == Pane::Kind::absent) return out << "absent";
  if (pane.kind == Pane::Kind::failed) return out << "failed";
  if (pane.kind == Pane::Kind::ended) return out << "ended";
  if (pane.started) out << "(since " << format_wall_ms(*pane.started) << ") ";
  if (pane.shared) out << "shared ";
  if (pane.went_on) out << "went on to ";
  out << verdict_name(pane.screen.verdict) << " '" << pane.screen.text << "'";
  if (pane.screen.context == Context::block) out << " plain";
  if (pane.screen.context == Context::start) out << " just started";
  if (pane.screen.reset_clock) out << " resets at " << pane.screen.reset_clock->count() << " min";
  if (pane.screen.reset_after) out << " resets in " << pane.screen.reset_after->count() << " ms";
  if (pane.screen.unknown_wording) out << " in unknown words";
  if (pane.used_percent) out << " used " << *pane.used_percent << "% at " << format_wall_ms(pane.used_at);
  if (pane.record != Pane::Record::none) out << " record " << static_cast<int>(pane.record);
  if (pane.screen.window) out << " window " << pane.screen.window->count() << " ms";
  return out;
}

}  // namespace quotawatch::tests
