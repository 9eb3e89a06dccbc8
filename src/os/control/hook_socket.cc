#include "os/control/hook_socket.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <utility>

#include "os/control/bound_socket.h"
#include "os/control/peer.h"
#include "os/control/socket_address.h"
#include "os/files/trusted_path.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {

struct HookSocket::Receiver {
  BoundSocket socket;
  Heard heard;
  uv_poll_t poll = {};
  std::array<char, longest_message> buffer = {};

  // Returns 0 or a libuv error.
  int listen(EventLoop& loop) {
    ask_for_senders(socket.get());
    if (const int status = uv_poll_init(loop.handle(), &poll, socket.get()); status != 0) return status;
    poll.data = this;
    return uv_poll_start(&poll, UV_READABLE, [](uv_poll_t* handle, int failed, int /*events*/) {
      auto& self = *static_cast<Receiver*>(handle->data);
      for (int i = 0; failed == 0 && i < most_at_once && self.receive(); ++i) continue;
    });
  }

  // False if there is nothing more. What is too long, or another user's, is dropped.
  bool receive() {
    const auto datagram = receive_datagram(socket.get(), buffer);
    if (!datagram) return false;
    const bool trusted = datagram->sender && is_trusted_user(datagram->sender->user);
    if (datagram->whole && trusted) heard({buffer.data(), datagram->size});
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
  const FileDescriptor socket = make_socket(SOCK_DGRAM);
  return socket && ::sendto(socket.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL, address.get(),
                            SocketAddress::size) == static_cast<ssize_t>(message.size());
}

std::string hook_socket_path(const std::string& state_path) { return follow_trusted(state_path).end + ".hook"; }

}  // namespace quotawatch::os
