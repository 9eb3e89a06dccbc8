// Unix socket addresses for paths of any length. Shared by PrivateSocket, HookSocket and ask_monitor().
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// The kernel's limit is 107 bytes. A longer path goes through its opened folder, which must stay
// open as long as the address is used. Throws InputError if the name alone is too long or the
// folder cannot be opened.
class SocketAddress {
 public:
  explicit SocketAddress(const std::string& path);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static constexpr socklen_t size = sizeof(sockaddr_un);

 private:
  FileDescriptor folder_;
  sockaddr_un address_{};
};

}  // namespace quotawatch::os
