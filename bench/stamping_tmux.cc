// A wrapper around tmux that records when it is first asked for a screen.
//
// cost.cc puts it in PATH before tmux to measure from outside how long a monitor takes to start.
// STAMPING_TMUX names the real program, STAMPING_FILE the file that is created then.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view asking = "capture-pane";

// Only the first time counts: the file is not created again.
void stamp() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const int file = ::open(std::getenv("STAMPING_FILE"), O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file < 0) return;
  constexpr long nanoseconds_a_second = 1'000'000'000;
  const auto text = std::to_string(now.tv_sec * nanoseconds_a_second + now.tv_nsec);
  if (::write(file, text.data(), text.size()) < 0) std::abort();
  ::close(file);
}

void pass_on(int to) {
  std::array<char, 1 << 16> bytes{};
  std::string seen;  // the end of the input so far, where a word may be incomplete
  for (ssize_t size = 0; (size = ::read(STDIN_FILENO, bytes.data(), bytes.size())) > 0;) {
    const auto count = static_cast<std::size_t>(size);
    seen.append(bytes.data(), count);
    if (seen.find(asking) != std::string::npos) stamp();
    seen.erase(0, seen.size() - std::min(seen.size(), asking.size()));
    if (::write(to, bytes.data(), count) != size) return;
  }
}

}  // namespace

int main(int, char** argv) {
  for (char** argument = argv; *argument != nullptr; ++argument) {
    if (*argument == asking) stamp();
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return EXIT_FAILURE;
  const int child = ::fork();
  if (child == 0) {
    ::dup2(ends[0], STDIN_FILENO);
    ::execv(std::getenv("STAMPING_TMUX"), argv);
    ::_exit(127);
  }
  ::close(ends[0]);
  pass_on(ends[1]);
  ::close(ends[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
