// Unix socket addresses for paths of any length, and the credentials of a peer. Shared by
// PrivateSocket and ask_monitor().
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <optional>
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

// True for our own user and for root.
bool is_trusted_user(unsigned user);

// The credentials of the peer of a connected socket; empty if the system does not provide them.
std::optional<ucred> peer_of(int descriptor);

}  // namespace quotawatch::os
