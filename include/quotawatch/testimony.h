// What a program says about itself, as far as a decision needs it: rules W1 to W3.
//
// Given by a Witness with each capture, and heeded by fold().
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/time.h"

namespace quotawatch {

// How much of a limit's window is used up, as a program's record says.
struct WindowUse {
  Milliseconds window{0};
  int percent = 0;
  std::optional<WallTime> reset_at = {};

  bool operator==(const WindowUse&) const = default;
};

// What a program's record, or its hook, says of the conversation's last turn.
struct Testimony {
  enum class Says {
    under_way,     // it has begun and not ended
    fine,          // it ended well
    refused,       // it was refused: the account is at its limit
    rate_limited,  // it was refused: the account is at its limit, or the server was busy at that moment
    failed,        // it ended in another way: a server's error, a throttle, an interruption
  };
  Says says = Says::failed;
  WallTime at;                            // when that was said: the same for as long as it stands
  std::optional<WallTime> reset_at = {};  // of the limit, where it is refused
  std::vector<WindowUse> use = {};        // of the account, where the record says so
  WallTime use_at = {};                   // when it said so

  bool operator==(const Testimony&) const = default;
};

// "under_way" and so on, as transcripts have it.
std::string_view testimony_name(Testimony::Says says);
std::vector<std::string> testimony_names();

// What the record and the hook say together: the later word. Where both are about the end of the same turn, the
// record's, which says more.
std::optional<Testimony> last_word(const std::optional<Testimony>& record, const std::optional<Testimony>& hook);

// The programs that have a real witness, as the config names them.
constexpr std::string_view claude_code_witness = "claude-code";
constexpr std::string_view codex_witness = "codex";

// The rule that is named where the record or the hook alone says that a turn was refused.
constexpr std::string_view witness_rule = "witness";

// How long a turn that has begun may go without its end: a record that is silent for longer is none (W3).
constexpr Milliseconds longest_silence = std::chrono::minutes{5};

}  // namespace quotawatch
