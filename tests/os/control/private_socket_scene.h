// A private socket on an event loop, and clients for it. For the tests of the socket and of
// ask_monitor().
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>

#include "os/control/monitor_query.h"
#include "os/control/private_socket.h"
#include "os/control/socket_address.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch::os {

using testing_support::eventually;
using testing_support::file_exists;
using testing_support::TemporaryFolder;
using testing_support::write_file;
using Outcome = MonitorReply::Outcome;
using std::chrono::seconds;

inline constexpr unsigned nobody_user = 65'534;

inline mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode;
}

// `make` makes the socket at `path`.
template <typename Make>
void expect_own_user_only(const std::string& path, Make make) {
  for (const mode_t umask : {0000U, 0022U, 0777U}) {
    const mode_t before = ::umask(umask);
    const auto socket = make();
    EXPECT_EQ(::umask(before), umask) << "left as it was";
    EXPECT_EQ(mode_of(path), S_IFSOCK | 0600U);
  }
}

inline FileDescriptor make_socket() { return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM, 0)); }

// Leaves a socket behind, like a monitor that was killed.
inline void leave_socket(const std::string& path) {
  const SocketAddress address(path);
  ASSERT_EQ(::bind(make_socket().get(), address.get(), SocketAddress::size), 0);
}

// A client whose behaviour the test controls.
class Client {
 public:
  explicit Client(const std::string& path) : socket_(make_socket()) {
    const SocketAddress address(path);
    connected_ = ::connect(socket_.get(), address.get(), SocketAddress::size) == 0;
    ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  }

  bool connected() const { return connected_; }

  // Sends as much of `text` as the socket takes.
  void send(std::string_view text) const {
    static_cast<void>(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL));
  }
  void end_sending() const { ::shutdown(socket_.get(), SHUT_WR); }

  // Reads what has arrived. True if the server has closed the connection.
  bool is_over() {
    std::array<char, 4096> buffer;
    ssize_t count = 0;
    while ((count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0)) > 0) {
      received_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return count == 0 || errno != EAGAIN;
  }
  const std::string& received() const { return received_; }

 private:
  FileDescriptor socket_;
  bool connected_ = false;
  std::string received_;
};

class PrivateSocketTest : public testing::Test {
 protected:
  std::unique_ptr<PrivateSocket> make() {
    auto socket = std::make_unique<PrivateSocket>(loop_, path_);
    socket->set_answer("echo", [this](const JsonValue& request) {
      ++asked_;
      return request.object({"ask", "text"}).require("text").string();
    });
    socket->set_answer("much", [this](const JsonValue& /*request*/) {
      ++asked_;
      return much_;
    });
    return socket;
  }

  // Sends a request from another thread while the loop turns here.
  MonitorReply ask(const std::string& request, Milliseconds timeout = seconds{10}) {
    auto reply = std::async(std::launch::async, [&] { return ask_monitor(path_, request, timeout); });
    while (reply.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) loop_.turn();
    return reply.get();
  }

  std::string error_for(const std::string& request) {
    const auto reply = ask(request);
    EXPECT_EQ(reply.outcome, Outcome::answered) << reply.why;
    return nlohmann::json::parse(reply.text).value("error", "no error");
  }

  TemporaryFolder folder_;
  EventLoop loop_;
  std::string path_ = folder_ / "state.json.socket";
  std::string much_ = std::string(20'000'000, 'x') + "end";
  int asked_ = 0;
};

}  // namespace quotawatch::os
