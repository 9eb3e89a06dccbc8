#include "os/host/service_manager.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/environment.h"
#include "os/host/system_clock.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {
namespace {

constexpr std::array variables{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"};

// Zero if no sign of life is expected, or one of another process.
Milliseconds watchdog_time() {
  const std::string process = environment_variable("WATCHDOG_PID");
  if (!process.empty() && process != std::to_string(::getpid())) return Milliseconds{0};
  const std::string text = environment_variable("WATCHDOG_USEC");
  std::int64_t microseconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), microseconds);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || microseconds < 0) return Milliseconds{0};
  return std::chrono::floor<Milliseconds>(std::chrono::microseconds{microseconds});
}

// Zero or an error. A name that begins with @ is an abstract one, without a file.
int send_datagram(const std::string& socket, const std::string& message) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof(address.sun_path)) return ENAMETOOLONG;
  std::memcpy(address.sun_path, socket.data(), socket.size());
  if (socket[0] == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const FileDescriptor descriptor = make_socket(SOCK_DGRAM);
  if (!descriptor) return errno;
  const ssize_t sent = ::sendto(descriptor.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), size);
  return sent < 0 ? errno : 0;
}

}  // namespace

ServiceManager::ServiceManager(EventLoop& loop, Log log)
    : socket_(environment_variable("NOTIFY_SOCKET")), log_(std::move(log)), timer_(loop) {
  if (!socket_.empty()) expected_within_ = watchdog_time();
  for (const char* variable : variables) ::unsetenv(variable);  // NOLINT(concurrency-mt-unsafe): there is one thread
}

void ServiceManager::say_ready(std::string_view status) { send(fmt::format("READY=1\nSTATUS={}", status)); }

void ServiceManager::say_reloading() { send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", steady_microseconds())); }

void ServiceManager::say_stopping() { send("STOPPING=1"); }

void ServiceManager::give_signs_of_life(std::function<bool()> is_well) {
  if (expected_within_ / 2 <= Milliseconds{0}) return;
  timer_.start_repeating(expected_within_ / 2, [this, is_well = std::move(is_well)] {
    if (is_well()) send("WATCHDOG=1");
  });
}

void ServiceManager::send(const std::string& message) {
  if (socket_.empty()) return;
  const int error = send_datagram(socket_, message);
  if (error == 0 || error == EAGAIN) return;  // one that is busy hears the next one
  log_(fmt::format("cannot notify the service manager: {}: {}", socket_, error_text(error)));
  socket_.clear();
}

}  // namespace quotawatch::os
