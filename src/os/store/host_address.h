// The addresses of the hosts of a connection string, found by another thread: asking the resolver may take long, and
// nothing on the event loop may wait. For src/os/store only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "os/loop/timer.h"

namespace quotawatch::os {

class HostAddress {
 public:
  // As in a connection string: what stands at one place belongs together. Folders and numbers stand for themselves.
  struct Hosts {
    std::vector<std::string> names;
    std::vector<std::string> addresses;
    std::vector<std::string> ports;
  };
  // `why`: there is none at all; else those that have no address are left out.
  using Found = std::function<void(const Hosts& hosts, const std::string& why)>;

  HostAddress(EventLoop& loop, Hosts hosts, Found found);

 private:
  struct Search;
  Timer timer_;
};

std::vector<std::string> split_list(const std::string& list);
std::string join_list(const std::vector<std::string>& items);

}  // namespace quotawatch::os
