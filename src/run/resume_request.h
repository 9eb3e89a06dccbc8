// The request of `quotawatch resume` to a running monitor: one line of JSON on the private socket. It is
// answered like an account command (account_request.h).
#pragma once

#include <optional>
#include <string>

#include "base/json_reader.h"
#include "quotawatch/time.h"
#include "run/monitor_command.h"

namespace quotawatch {

struct ResumeRequest {
  std::string session;
  // Must not be carried out later: the client has given up by then.
  WallTime valid_until;
};

std::string to_json(const ResumeRequest& request);

// Gives it to the running monitor; empty if none runs.
std::optional<CommandAnswer> command_resume(const Config& config, const std::string& session);

ResumeRequest read_resume_request(const JsonValue& question);

}  // namespace quotawatch
