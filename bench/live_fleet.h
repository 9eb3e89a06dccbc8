// A hundred sessions on a private tmux server that keep drawing, and the shipped program watching
// them; for cost.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "os/loop/child_process.h"
#include "os/loop/event_loop.h"
#include "quotawatch/time.h"
#include "tests/os/tmux/tmux_server.h"

namespace quotawatch::bench {

class LiveFleet {
 public:
  // Starts the server and its sessions, but no monitor.
  explicit LiveFleet(int sessions);

  os::EventLoop& loop() { return loop_; }
  const std::vector<std::string>& names() const { return names_; }
  const std::string& socket_name() const { return tmux_.socket_name(); }
  int server() const { return server_; }

  // Draws something new in the next third of the sessions.
  void draw();

  // Calls draw() `times` times, once per interval.
  void draw_for(Milliseconds interval, int times);

  // Arguments that run `program` on this fleet.
  std::vector<std::string> run_arguments(const std::string& program, Milliseconds interval);
  std::string path(std::string_view name) const { return folder_ / name; }

 private:
  void draw(std::size_t session);

  os::EventLoop loop_;
  os::testing_support::TmuxServer tmux_;
  os::testing_support::TemporaryFolder folder_;
  std::vector<std::string> names_;
  std::vector<std::string> terminals_;
  int server_ = 0;
  std::size_t drawn_ = 0;
};

// A monitor that runs until it is stopped.
class LiveMonitor {
 public:
  LiveMonitor(LiveFleet& fleet, std::vector<std::string> arguments);
  ~LiveMonitor();
  LiveMonitor(const LiveMonitor&) = delete;
  LiveMonitor& operator=(const LiveMonitor&) = delete;

  int process() const { return process_id_; }
  bool runs() const { return !process_->end(); }
  const std::string& messages() const { return messages_; }

 private:
  os::EventLoop& loop_;
  std::string messages_;
  std::unique_ptr<os::ChildProcess> process_;
  int process_id_ = 0;
};

}  // namespace quotawatch::bench
