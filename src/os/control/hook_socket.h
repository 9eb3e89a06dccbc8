// The socket on which a running monitor hears what the hooks of agents have to say, beside its control socket.
//
// Created by Production. `quotawatch hook` sends one datagram and waits for nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "os/loop/event_loop.h"

namespace quotawatch::os {

class HookSocket {
 public:
  static constexpr std::size_t longest_message = 8192;
  // In one turn of the loop: a sender that never stops must not keep the monitor from its polls.
  static constexpr int most_at_once = 16;

  // Gets a message of our own user or root, with whatever stands in it.
  using Heard = std::function<void(std::string_view message)>;

  // The caller must hold the state's lock. Throws InputError on failure.
  HookSocket(EventLoop& loop, const std::string& path, Heard heard);

  // Removes the socket unless another has taken its place.
  ~HookSocket();
  HookSocket(const HookSocket&) = delete;
  HookSocket& operator=(const HookSocket&) = delete;

 private:
  struct Receiver;
  Receiver* receiver_ = nullptr;  // deletes itself once libuv has closed its handle
};

// Sends a message to the monitor that listens at `path`. Never waits. False if nobody listens there, if it is another
// user's socket, or if the monitor is behind with its reading.
bool send_to_monitor(const std::string& path, std::string_view message);

// Beside the state file itself, like socket_path().
std::string hook_socket_path(const std::string& state_path);

}  // namespace quotawatch::os
