// What a session truly shows, and whether it is truly held up: what a perfect reader
// would say, which the monitor never learns.
//
// The simulator's world tells it with each change; a transcript can carry it. The checkers
// of evidence and liveness hold decisions against it.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/time.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

struct Truth {
  // What the screen says; `unknown` where nobody could tell (caught while it is drawn).
  Verdict says = Verdict::clear;
  // False: what it says is never a hit, whatever its class.
  bool counts = true;
  // The session's account is at its limit, so that it cannot work.
  bool blocked = false;
  // Changes whenever anything but decoration does.
  std::string conversation;
  // Nothing of a conversation is visible: a shell's prompt, a program that has just started.
  bool hidden = false;
  // The limit message it shows, as worded; empty if there is none.
  std::string message;
  // When the limit ends, where the message names it.
  std::optional<WallTime> resets_at = std::nullopt;

  bool operator==(const Truth&) const = default;
};

}  // namespace quotawatch
