// The operator's command about an account: its limit is over, or the sessions use it now.
//
// Pure. Called by Monitor for clients of its socket, and by `quotawatch account` on the saved state
// if no monitor runs. Transcripts and the simulator have such commands, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/event.h"
#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

struct AccountCommand {
  enum class Kind {
    free,  // not limited any more
    use,   // the operator has switched to it
  };
  Kind kind = Kind::free;
  std::string account;
  std::string group = {};  // whose account; empty: of the only group that has one of this name

  bool operator==(const AccountCommand&) const = default;
};

// "free", "use"
std::string_view account_command_name(AccountCommand::Kind kind);
std::optional<AccountCommand::Kind> find_account_command(std::string_view name);
std::vector<std::string> account_command_names();

// The result of a command, for its sender.
struct CommandAnswer {
  enum class Outcome {
    done,
    unchanged,  // it was so already
    refused,    // not now
    wrong,      // never: the config has no such account
  };
  Outcome outcome = Outcome::done;
  std::string words;

  bool operator==(const CommandAnswer&) const = default;
};

struct CommandedState {
  State state;                 // unchanged unless the command was done
  std::optional<Event> event;  // for the journal, if the command was done
  CommandAnswer answer;
};

// Applies a command. A manual switch counts as a finished one: the cooldown begins, suspicion is
// forgotten, and what the screens show is about the previous account (A3).
CommandedState obey(const DecisionRules& rules, State state, const AccountCommand& command, Moment now);

}  // namespace quotawatch
