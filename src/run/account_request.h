// An account command to a running monitor, and its answer: each one line of JSON on the private
// socket.
#pragma once

#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "quotawatch/account_command.h"

namespace quotawatch {

struct AccountRequest {
  AccountCommand command;
  // Must not be carried out later: the client has given up by then and has reported a failure.
  WallTime valid_until;
};

std::string to_json(const AccountRequest& request);
AccountRequest read_account_request(const JsonValue& question);

// nullopt: the monitor is in the middle of a poll; ask again.
std::string to_json(const std::optional<CommandAnswer>& answer);
std::optional<CommandAnswer> read_command_answer(std::string_view text, const std::string& origin);

}  // namespace quotawatch
