#include "os/control/peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace quotawatch::os {
namespace {

std::optional<Peer> sender_of(msghdr& header) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_CREDENTIALS) continue;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(control), sizeof(sender));
    return Peer{sender.pid, sender.uid};
  }
  return std::nullopt;
}

}  // namespace

bool is_trusted_user(unsigned user) { return user == ::geteuid() || user == 0; }

std::optional<Peer> peer_of(int descriptor) {
  ucred peer{};
  socklen_t length = sizeof(peer);
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return std::nullopt;
  return Peer{peer.pid, peer.uid};
}

void ask_for_senders(int descriptor) {
  const int yes = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes));
}

std::optional<Datagram> receive_datagram(int descriptor, std::span<char> buffer) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
  iovec piece{buffer.data(), buffer.size()};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(descriptor, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (count < 0) return std::nullopt;
  const bool whole = (header.msg_flags & MSG_TRUNC) == 0;
  return Datagram{static_cast<std::size_t>(count), whole, sender_of(header)};
}

}  // namespace quotawatch::os
