// A unix socket at a path, for our own user and root alone. Shared by PrivateSocket and HookSocket.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

class BoundSocket {
 public:
  // `type`: SOCK_STREAM or SOCK_DGRAM. What a dead monitor left behind at `path` is replaced, so the caller must hold
  // the state's lock. Throws InputError on failure.
  BoundSocket(std::string path, int type);

  // Removes the socket unless another has taken its place.
  ~BoundSocket() { remove(); }
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;

  const std::string& path() const { return path_; }
  int get() const { return descriptor_.get(); }

  // The caller owns the descriptor from now on.
  int release() { return descriptor_.release(); }

  void remove();

 private:
  std::string path_;
  FileDescriptor descriptor_;
  std::optional<std::pair<dev_t, ino_t>> identity_;
};

}  // namespace quotawatch::os
