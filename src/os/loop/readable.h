// Calls back from inside the loop whenever a descriptor can be read, for as long as it lives.
#pragma once

#include <functional>

#include "os/loop/event_loop.h"

namespace quotawatch::os {

class Readable {
 public:
  // The descriptor must stay open. One that cannot be watched (a plain file) is never called about.
  Readable(EventLoop& loop, int descriptor, std::function<void()> ready);
  ~Readable();
  Readable(const Readable&) = delete;
  Readable& operator=(const Readable&) = delete;

 private:
  struct Handle;
  Handle* handle_;  // deletes itself once libuv has closed it; null if nothing is watched
};

}  // namespace quotawatch::os
