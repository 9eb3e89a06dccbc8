// What `run` and `record` make their real parts with.
#pragma once

#include <string_view>

#include "os/tmux/tmux_client.h"
#include "quotawatch/config.h"

namespace quotawatch {

// The tmux server that a config means, and how it is to be asked.
os::TmuxClient::Server tmux_server(const Config& config);

// What people should know, on stderr.
void log_note(std::string_view message);

}  // namespace quotawatch
