// What started us as a service and wants to hear how it goes: systemd, by a datagram to the socket that $NOTIFY_SOCKET
// names (sd_notify(3)). Without one, nothing is said.
//
// Used by Production.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "os/log.h"
#include "os/loop/event_loop.h"
#include "os/loop/timer.h"

namespace quotawatch::os {

class ServiceManager {
 public:
  // Takes the manager's variables out of the environment, so that no hook finds them. `log` hears why nothing could be
  // sent.
  ServiceManager(EventLoop& loop, Log log);

  // `status` is for people: what is watched.
  void say_ready(std::string_view status);
  // To be followed by say_ready().
  void say_reloading();
  void say_stopping();

  // If the manager expects a sign of life, gives one from inside the loop at half of its time, while `is_well` says so.
  void give_signs_of_life(std::function<bool()> is_well);
  // The longest time without one; zero if none is expected.
  Milliseconds expected_within() const { return expected_within_; }

 private:
  void send(const std::string& message);

  std::string socket_;
  Milliseconds expected_within_{0};
  Log log_;
  Timer timer_;
};

}  // namespace quotawatch::os
