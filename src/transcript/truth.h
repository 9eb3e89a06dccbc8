// The ground truth about a session: what it really shows, and whether it is really blocked. A
// perfect reader would know it; the monitor never does.
//
// The simulator's world states it with each change; a transcript can contain it. The checkers of
// evidence and liveness compare decisions with it.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/time.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

struct Truth {
  // The right verdict; `unknown` if there is none (captured while it is being drawn).
  Verdict says = Verdict::clear;
  // False: never a hit, whatever its verdict.
  bool counts = true;
  // The session's account is at its limit, so it cannot work.
  bool blocked = false;
  // Changes whenever anything but decoration does.
  std::string conversation;
  // Nothing of a conversation is visible: a shell's prompt, a program that has just started.
  bool hidden = false;
  // The last thing in the conversation is the account's answer, or a request that it has not answered
  // yet; neither: not said.
  bool answered = false;
  bool asked = false;
  // The limit message it shows, as worded; empty if there is none.
  std::string message;
  // When the limit ends, if the message says so.
  std::optional<WallTime> resets_at = std::nullopt;

  bool operator==(const Truth&) const = default;
};

}  // namespace quotawatch
