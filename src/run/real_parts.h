// Settings of the real parts, shared by `run` and `record`.
#pragma once

#include <string_view>

#include "os/tmux/tmux_client.h"
#include "quotawatch/config.h"

namespace quotawatch {

// The tmux server of a config, and its transport.
os::TmuxClient::Server tmux_server(const Config& config);

// Logs a message for people to stderr.
void log_note(std::string_view message);

}  // namespace quotawatch
