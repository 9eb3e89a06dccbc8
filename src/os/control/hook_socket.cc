#include "os/control/hook_socket.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "os/control/bound_socket.h"
#include "os/control/socket_address.h"
#include "os/files/trusted_path.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// Who sent a datagram, as the kernel says; empty if it does not.
std::optional<ucred> sender_of(msghdr& header) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_CREDENTIALS) continue;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(control), sizeof(sender));
    return sender;
  }
  return std::nullopt;
}

}  // namespace

struct HookSocket::Receiver {
  BoundSocket socket;
  Heard heard;
  uv_poll_t poll = {};
  std::array<char, longest_message> buffer = {};

  // Returns 0 or a libuv error.
  int listen(EventLoop& loop) {
    const int yes = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes));
    if (const int status = uv_poll_init(loop.handle(), &poll, socket.get()); status != 0) return status;
    poll.data = this;
    return uv_poll_start(&poll, UV_READABLE, [](uv_poll_t* handle, int failed, int /*events*/) {
      auto& self = *static_cast<Receiver*>(handle->data);
      for (int i = 0; failed == 0 && i < most_at_once && self.receive(); ++i) continue;
    });
  }

  // False if there is nothing more. What is too long, or another user's, is dropped.
  bool receive() {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
    iovec piece{buffer.data(), buffer.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t count = ::recvmsg(socket.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (count < 0) return false;
    const auto sender = sender_of(header);
    const bool whole = (header.msg_flags & MSG_TRUNC) == 0;
    if (whole && sender && is_trusted_user(sender->uid)) heard({buffer.data(), static_cast<std::size_t>(count)});
    return true;
  }

  // Deletes itself once libuv has closed the handle.
  void close() {
    socket.remove();
    if (poll.data == nullptr) return delete this;
    uv_close(reinterpret_cast<uv_handle_t*>(&poll),
             [](uv_handle_t* closed) { delete static_cast<Receiver*>(closed->data); });
  }
};

HookSocket::HookSocket(EventLoop& loop, const std::string& path, Heard heard)
    : receiver_(new Receiver{{path, SOCK_DGRAM}, std::move(heard)}) {
  const int status = receiver_->listen(loop);
  if (status == 0) return;
  receiver_->close();
  throw InputError(path, 0, fmt::format("cannot be listened on: {}", uv_strerror(status)));
}

HookSocket::~HookSocket() { receiver_->close(); }

bool send_to_monitor(const std::string& path, std::string_view message) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode) || !is_trusted_user(status.st_uid)) return false;
  const SocketAddress address(path);
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return socket && ::sendto(socket.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL, address.get(),
                            SocketAddress::size) == static_cast<ssize_t>(message.size());
}

std::string hook_socket_path(const std::string& state_path) { return follow_trusted(state_path).end + ".hook"; }

}  // namespace quotawatch::os
