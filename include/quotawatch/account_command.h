// What the operator tells the monitor about an account by hand: that its limit is over, or
// that the sessions are on it now.
//
// Pure. Called by Monitor for whoever asks over its socket, and by `quotawatch account` on
// the saved state where no monitor runs; transcripts and the simulator have such commands too.
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
    free,  // it is not limited any more
    use,   // somebody has switched to it without us
  };
  Kind kind = Kind::free;
  std::string account;

  bool operator==(const AccountCommand&) const = default;
};

// "free", "use"
std::string_view account_command_name(AccountCommand::Kind kind);
std::optional<AccountCommand::Kind> find_account_command(std::string_view name);
std::vector<std::string> account_command_names();

// What came of a command, for whoever gave it.
struct CommandAnswer {
  enum class Outcome {
    done,
    unchanged,  // it was so already
    refused,    // not now
    wrong,      // never: the config knows no such account
  };
  Outcome outcome = Outcome::done;
  std::string words;

  bool operator==(const CommandAnswer&) const = default;
};

struct CommandedState {
  State state;                 // as it was unless the command was done
  std::optional<Event> event;  // for the journal, where it was
  CommandAnswer answer;
};

// A switch by hand is one that was done: the cooldown begins, suspicion is forgotten, and
// what stands on the screens is about the account before (A3).
CommandedState obey(const DecisionRules& rules, State state, const AccountCommand& command,
                    Moment now);

}  // namespace quotawatch
