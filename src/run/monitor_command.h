// Gives a running monitor a command of the operator's, and waits for its answer.
//
// Used by `quotawatch account` and `quotawatch resume`.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "quotawatch/account_command.h"
#include "quotawatch/config.h"

namespace quotawatch {

// `request` makes the line for the socket, which must not be carried out after the given time: we
// have given up by then. Empty if no monitor runs.
std::optional<CommandAnswer> command_monitor(const Config& config,
                                             const std::function<std::string(WallTime valid_until)>& request);

// What to print and to exit with. Throws InputError for a command that is never possible.
int report_answer(const std::string& name, const CommandAnswer& answer);

}  // namespace quotawatch
