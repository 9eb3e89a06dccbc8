// What Claude Code's hook `StopFailure` says of a turn that failed, as far as it is needed.
//
// Made by `quotawatch hook` of what it is given, sent to the monitor, and heard there by ProgramRecords. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/testimony.h"

namespace quotawatch::os {

struct HookMessage {
  std::string error;         // "rate_limit" and so on
  std::string conversation;  // its id
  std::string folder;        // in which the program works
  std::string pane = {};     // tmux's id of its pane; empty: not known
  std::string server = {};   // the name of that tmux server's socket

  bool operator==(const HookMessage&) const = default;
};

// Of the hook's stdin, of which no more is looked at than is needed: it may be cut off behind. Empty if it is no turn
// that failed.
std::optional<HookMessage> read_hook_input(std::string_view text);

// To and from a datagram. Empty for anything else that may stand there.
std::string to_datagram(const HookMessage& message);
std::optional<HookMessage> read_datagram(std::string_view text);

// The name of the server's socket in tmux's variable $TMUX, "/tmp/tmux-1000/default,312,0".
std::string server_in(std::string_view variable);

// What it says of the turn. A refusal names no reset and may be one of the moment.
Testimony::Says says(const HookMessage& message);

}  // namespace quotawatch::os
