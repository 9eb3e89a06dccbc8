#include "os/control/monitor_query.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include "os/control/peer.h"
#include "os/control/socket_address.h"
#include "os/host/system_clock.h"
#include "os/loop/file_descriptor.h"
#include "os/loop/time_allowance.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

using Outcome = MonitorReply::Outcome;

constexpr std::size_t largest_reply = std::size_t{256} << 20U;
// The longest length line of a reply.
constexpr std::size_t most_digits = 12;
constexpr Milliseconds retry_interval{10};

// Why there is no reply; caught in ask_monitor().
struct NoAnswer {
  Outcome outcome;
  std::string why;
};

// The time left for the monitor's reply.
class Deadline {
 public:
  explicit Deadline(Milliseconds timeout) : allowance_(timeout) {}

  // Waits until `events` are ready on `descriptor`. Throws NoAnswer on timeout.
  void wait(int descriptor, short events) {
    pollfd wanted{descriptor, events, 0};
    while (poll(&wanted, 1, allowance_.slice()) <= 0) check();
  }

  void wait_a_little() {
    poll(nullptr, 0, retry_interval);
    check();
  }

 private:
  int poll(pollfd* wanted, nfds_t count, Milliseconds most) {
    const SteadyTime begin = read_system_clock().steady;
    const int ready = ::poll(wanted, count, static_cast<int>(most.count()));
    allowance_.use(read_system_clock().steady - begin);
    return ready;
  }
  void check() const {
    if (allowance_.slice() == Milliseconds{0}) {
      throw NoAnswer{Outcome::silent, "it does not answer"};
    }
  }

  TimeAllowance allowance_;
};

void check_owner(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw NoAnswer{Outcome::not_running, "no monitor runs"};
    throw NoAnswer{Outcome::failed, "its socket cannot be looked at: " + error_text(errno)};
  }
  if (!S_ISSOCK(status.st_mode)) throw NoAnswer{Outcome::failed, "what lies there is no socket"};
  if (!is_trusted_user(status.st_uid)) {
    throw NoAnswer{Outcome::failed, fmt::format("its socket belongs to another user ({})", status.st_uid)};
  }
}

FileDescriptor connect_to(const std::string& path, Deadline& deadline) {
  const SocketAddress address(path);
  FileDescriptor socket = make_socket(SOCK_STREAM);
  if (!socket) throw NoAnswer{Outcome::failed, "no socket can be made: " + error_text(errno)};
  while (::connect(socket.get(), address.get(), SocketAddress::size) != 0) {
    // The listen backlog is full.
    if (errno == EAGAIN || errno == EINTR) {
      deadline.wait_a_little();
    } else if (errno == ECONNREFUSED || errno == ENOENT) {
      throw NoAnswer{Outcome::not_running, "no monitor runs"};
    } else {
      throw NoAnswer{Outcome::failed, "it cannot be reached: " + error_text(errno)};
    }
  }
  return socket;
}

// A write error is not final: the monitor may have replied before it read everything.
void send_all(int socket, std::string_view bytes, Deadline& deadline) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      deadline.wait(socket, POLLOUT);
    } else if (errno != EINTR) {
      return;
    }
  }
}

// A reply's length line: the size of the body and where it begins. Empty while the line is
// incomplete.
struct Frame {
  std::size_t begin = 0;
  std::size_t length = 0;
};

std::optional<Frame> read_frame(std::string_view bytes) {
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos && bytes.size() <= most_digits) return std::nullopt;
  Frame frame{end + 1, 0};
  const char* const line_end = bytes.data() + std::min(end, bytes.size());
  const auto [rest, error] = std::from_chars(bytes.data(), line_end, frame.length);
  const bool good = end != std::string_view::npos && end > 0 && error == std::errc() && rest == line_end &&
                    frame.length <= largest_reply;
  if (!good) throw NoAnswer{Outcome::failed, "it answers in another way than monitors do"};
  return frame;
}

std::string receive(int socket, Deadline& deadline) {
  std::string bytes;
  std::optional<Frame> frame;
  std::array<char, 65536> buffer;
  for (;;) {
    if (!frame) frame = read_frame(bytes);
    if (frame && bytes.size() - frame->begin >= frame->length) {
      return bytes.substr(frame->begin, frame->length);
    }
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      bytes.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EAGAIN) {
      deadline.wait(socket, POLLIN);
    } else if (count == 0 || errno != EINTR) {
      throw NoAnswer{Outcome::failed, "it broke off before its answer was whole"};
    }
  }
}

}  // namespace

MonitorReply ask_monitor(const std::string& path, std::string_view request, Milliseconds timeout) {
  MonitorReply reply;
  try {
    Deadline deadline(timeout);
    check_owner(path);
    const FileDescriptor socket = connect_to(path, deadline);
    const auto peer = peer_of(socket.get());
    if (!peer || !is_trusted_user(peer->user)) {
      throw NoAnswer{Outcome::failed, "the process that listens is another user's"};
    }
    reply.process = peer->process;
    send_all(socket.get(), std::string(request) + "\n", deadline);
    reply.text = receive(socket.get(), deadline);
    reply.outcome = Outcome::answered;
  } catch (const NoAnswer& none) {
    reply.outcome = none.outcome;
    reply.why = none.why;
  } catch (const InputError& error) {  // a path that no socket can have
    reply.outcome = Outcome::failed;
    reply.why = error.problem();
  }
  return reply;
}

}  // namespace quotawatch::os
