// Asks a monitor that runs over its private socket. For `status` and `record`.
#pragma once

#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch::os {

struct MonitorReply {
  enum class Outcome {
    answered,  // `text` is the whole reply, which may be {"error": "…"}
    nobody,    // no monitor listens there
    silent,    // one runs, and did not answer in time (stopped, or hanging)
    failed,    // who listens cannot be reached or trusted, or broke off
  };
  Outcome outcome = Outcome::nobody;
  std::string text;
  std::string why;  // in words, unless answered
  int process = 0;  // who listens, where that is known
};

// Sends `request` (a JSON object) to the socket at `path` and waits for the whole
// reply, `timeout` at most. Believes only a socket and a process of our own user's
// or root's, and never follows a link.
MonitorReply ask_monitor(const std::string& path, std::string_view request, Milliseconds timeout);

}  // namespace quotawatch::os
