// A tmux client that displays a session on a terminal of its own.
#pragma once

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace quotawatch::os::testing_support {

class Onlooker {
 public:
  Onlooker(const std::string& socket_name, const std::string& session) {
    const winsize size{3, 20, 0, 0};
    process_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    if (process_ > 0) return;
    ::setenv("TERM", "xterm", 1);
    ::execlp("tmux", "tmux", "-L", socket_name.c_str(), "attach-session", "-t", ("=" + session + ":").c_str(), nullptr);
    ::_exit(127);
  }
  ~Onlooker() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(terminal_);
  }
  Onlooker(const Onlooker&) = delete;
  Onlooker& operator=(const Onlooker&) = delete;

  // Everything drawn until nothing more has come for a while.
  std::string drawn() {
    std::string text;
    std::array<char, 4096> buffer;
    for (pollfd wanted{terminal_, POLLIN, 0}; ::poll(&wanted, 1, 300) > 0;) {
      const ssize_t count = ::read(terminal_, buffer.data(), buffer.size());
      if (count <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  int terminal_ = -1;
  pid_t process_ = -1;
};

}  // namespace quotawatch::os::testing_support
