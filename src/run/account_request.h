// An account command on its way to a monitor that runs, and the answer on its way back:
// each one line of JSON on the private socket.
#pragma once

#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "quotawatch/account_command.h"

namespace quotawatch {

struct AccountRequest {
  AccountCommand command;
  // Not to be done after this: whoever asked has gone by then, and was told that nothing came
  // of it.
  WallTime valid_until;
};

std::string to_json(const AccountRequest& request);
AccountRequest read_account_request(const JsonValue& question);

// Nothing instead of an answer: the monitor is in the middle of a poll; ask again.
std::string to_json(const std::optional<CommandAnswer>& answer);
std::optional<CommandAnswer> read_command_answer(std::string_view text, const std::string& origin);

}  // namespace quotawatch
