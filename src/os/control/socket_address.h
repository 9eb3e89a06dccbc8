// The address of a unix socket for a path of any length, and who is at its other
// end. Shared by PrivateSocket and ask_monitor().
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <optional>
#include <string>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// The kernel takes 107 bytes; a longer path is reached through its opened folder,
// which must stay open as long as the address is used. Throws InputError where
// the name alone is too long or the folder cannot be opened.
class SocketAddress {
 public:
  explicit SocketAddress(const std::string& path);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static constexpr socklen_t size = sizeof(sockaddr_un);

 private:
  FileDescriptor folder_;
  sockaddr_un address_{};
};

// True for our own user and for root.
bool is_trusted_user(unsigned user);

// Who is at the other end of a connected socket; nothing if the system does not say.
std::optional<ucred> peer_of(int descriptor);

}  // namespace quotawatch::os
