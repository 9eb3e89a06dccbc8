// A private unix socket beside the state, on which others of the same user ask a
// monitor that runs: `status`, and `record --from-run`.
//
// Made by Production, which registers who answers what; asked by ask_monitor()
// (monitor_query.h). One connection is one question: a line of JSON,
// {"ask": "status"}; the reply is a line with its length in bytes, then these
// bytes, then the end. What is wrong with a question is told as {"error": "…"}.
//
// Whoever asks can neither hold up nor fill up the monitor: everything happens in
// turns of the event loop, few may ask at a time, and who is slow is dropped.
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
  static constexpr Milliseconds patience{2000};     // for a request, and for each step of a reply
  static constexpr Milliseconds most_time{30'000};  // for a whole connection

  // Makes the reply to a request, from inside the loop; `request` is the whole
  // object. What it throws is told to whoever asks.
  using Answer = std::function<std::string(const JsonValue& request)>;

  // Listens at `path`, for our own user and root alone. To be made by whoever holds
  // the state's lock: a socket that lies there then is a dead monitor's and is
  // replaced. Throws InputError if that cannot be.
  PrivateSocket(EventLoop& loop, const std::string& path);

  // Removes the socket, unless another has taken its place.
  ~PrivateSocket();
  PrivateSocket(const PrivateSocket&) = delete;
  PrivateSocket& operator=(const PrivateSocket&) = delete;

  // Who answers {"ask": "NAME"}.
  void set_answer(const std::string& name, Answer answer);

  const std::string& path() const;

 private:
  struct Server;
  Server* server_ = nullptr;  // frees itself once libuv has let go of it
};

// Where the socket of the monitor with this state is: beside the file itself, as
// FileStateStore finds it.
std::string socket_path(const std::string& state_path);

}  // namespace quotawatch::os
