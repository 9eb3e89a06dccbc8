#include "run/real_parts.h"

#include <spdlog/spdlog.h>

#include "base/text.h"
#include "os/files/trusted_command.h"

namespace quotawatch {

os::TmuxClient::Server tmux_server(const Config& config) {
  os::trusted_tmux();  // checked now and whenever it is run
  return {config.tmux_socket_name, config.tmux_timeout, config.tmux_keep_connection};
}

void log_note(std::string_view message) { spdlog::warn("{}", escape_controls(message)); }

}  // namespace quotawatch
