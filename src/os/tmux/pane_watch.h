// Tells which panes have been drawn on, without asking anybody: the kernel says when a
// program writes to its terminal.
//
// Used by TmuxClient. A pane is told of once it has been quiet for a moment: what an agent
// has to say about a limit is the last thing that it draws. One that goes on drawing (a
// spinner) is left to the polls; its writes are counted once a tick. While nobody draws
// nothing is done at all. Where the kernel cannot tell, nothing is ever told.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "os/loop/event_loop.h"

namespace quotawatch::os {

class PaneWatch {
 public:
  // Two ticks pass at most between a pane's last drawing and its being told.
  static constexpr Milliseconds tick{900};

  // `quiet`: called from inside the loop when there is something to take.
  PaneWatch(EventLoop& loop, std::function<void()> quiet);
  ~PaneWatch();
  PaneWatch(const PaneWatch&) = delete;
  PaneWatch& operator=(const PaneWatch&) = delete;

  // From now on watches these terminals, and no others: each a session and the path of the
  // terminal that it shows. What is known of one that is watched already stays.
  void watch(const std::vector<std::pair<std::string, std::string>>& terminals);

  // Sessions that were drawn on and are quiet now, each once.
  std::vector<std::string> take_quiet();

 private:
  struct Watcher;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace quotawatch::os
