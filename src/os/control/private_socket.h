// The monitor's control socket: a unix socket beside the state file, for `status` and `record
// --from-run` of the same user.
//
// Created by Production, which registers the answers; queried by ask_monitor() (monitor_query.h).
// Each connection carries one request, a line of JSON such as {"ask": "status"}. The reply is a
// line with its length in bytes, then the body. Errors are returned as {"error": "…"}.
//
// Clients cannot block the monitor or exhaust its memory: all I/O happens in turns of the event
// loop, the number of connections is limited, and slow clients are dropped.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/json_reader.h"
#include "os/loop/event_loop.h"

namespace quotawatch::os {

class PrivateSocket {
 public:
  static constexpr std::size_t longest_request = 4096;
  static constexpr std::size_t most_connections = 8;
  static constexpr Milliseconds patience{2000};     // for a request, and for progress of a reply
  static constexpr Milliseconds most_time{30'000};  // for a whole connection

  // Builds the reply to `request`, the whole JSON object, inside the event loop. An exception's
  // text is returned to the client.
  using Answer = std::function<std::string(const JsonValue& request)>;

  // Listens at `path`, for our own user and root only. The caller must hold the state's lock: a
  // socket found there is then a dead monitor's and is replaced. Throws InputError on failure.
  PrivateSocket(EventLoop& loop, const std::string& path);

  // Removes the socket unless another has taken its place.
  ~PrivateSocket();
  PrivateSocket(const PrivateSocket&) = delete;
  PrivateSocket& operator=(const PrivateSocket&) = delete;

  // Registers the answer to {"ask": "NAME"}.
  void set_answer(const std::string& name, Answer answer);

  const std::string& path() const;

 private:
  struct Server;
  Server* server_ = nullptr;  // deletes itself once libuv has closed its handles
};

// The socket of the monitor that uses this state: beside the state file itself, resolved as
// FileStateStore does.
std::string socket_path(const std::string& state_path);

}  // namespace quotawatch::os
