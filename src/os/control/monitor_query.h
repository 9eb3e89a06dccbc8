// Queries a running monitor over its private socket. Used by `status` and `record`.
#pragma once

#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch::os {

struct MonitorReply {
  enum class Outcome {
    answered,     // `text` is the whole reply, which may be {"error": "…"}
    not_running,  // no monitor listens there
    silent,       // a monitor runs but did not reply in time (stopped or hanging)
    failed,       // the listener is unreachable or untrusted, or it closed the connection early
  };
  Outcome outcome = Outcome::not_running;
  std::string text;
  std::string why;  // a message for people; empty if answered
  int process = 0;  // the listener's process, if known
};

// Sends `request` (a JSON object) to the socket at `path` and waits up to `timeout` for the whole
// reply. Trusts only sockets and peers of our own user or root, and never follows a link.
MonitorReply ask_monitor(const std::string& path, std::string_view request, Milliseconds timeout);

}  // namespace quotawatch::os
