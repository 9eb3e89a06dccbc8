// Plays a program in a pane of the soak: shows what the driver writes to a pipe, and notes each key that
// reaches it, with the time, as one line of a file that all players share.
//
//   player PIPE SESSION FILE
//
// Ends when the driver writes the byte 4 (end of transmission).
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace {

constexpr char end_of_transmission = '\x04';

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string_view read_some(int descriptor, std::array<char, 4096>& buffer) {
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

bool note(int file, const std::string& session, std::string_view keys) {
  using std::chrono::milliseconds;
  const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now()).time_since_epoch();
  const nlohmann::json line{{"at", now.count()}, {"session", session}, {"keys", keys}};
  return write_all(file, line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n");
}

void read_keys_one_by_one() {
  termios terminal{};
  if (::tcgetattr(STDIN_FILENO, &terminal) != 0) return;
  ::cfmakeraw(&terminal);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

int play(const char* path, const std::string& session, const char* log) {
  const int pipe = ::open(path, O_RDONLY | O_CLOEXEC);
  const int file = ::open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (pipe < 0 || file < 0) return 1;
  read_keys_one_by_one();
  std::array<char, 4096> buffer{};
  std::array<pollfd, 2> inputs{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{pipe, POLLIN, 0}};
  while (::poll(inputs.data(), inputs.size(), -1) > 0) {
    if (inputs[0].revents != 0) {
      const auto keys = read_some(STDIN_FILENO, buffer);
      if (keys.empty() || !note(file, session, keys)) return 0;
    }
    if (inputs[1].revents == 0) continue;
    const auto text = read_some(pipe, buffer);
    if (text.empty() || text.find(end_of_transmission) != std::string_view::npos) return 0;
    if (!write_all(STDOUT_FILENO, text)) return 0;
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    fmt::print(stderr, "usage: player PIPE SESSION FILE\n");
    return 2;
  }
  return play(arguments[1], arguments[2], arguments[3]);
}
