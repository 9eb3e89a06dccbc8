#include "tests/os/support.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "base/text.h"
#include "os/loop/child_process.h"

namespace quotawatch::os::testing_support {
namespace {

constexpr std::chrono::seconds patience{10};

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "quotawatch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

Variable::Variable(std::string name, const char* value) : name_(std::move(name)) {
  const char* before = std::getenv(name_.c_str());
  was_set_ = before != nullptr;
  if (was_set_) before_ = before;
  value != nullptr ? ::setenv(name_.c_str(), value, 1) : ::unsetenv(name_.c_str());
}

Variable::~Variable() { was_set_ ? ::setenv(name_.c_str(), before_.c_str(), 1) : ::unsetenv(name_.c_str()); }

std::string read_file(const std::string& path) {
  constexpr std::size_t most = std::size_t{1} << 30U;
  return std::filesystem::is_regular_file(path) ? quotawatch::read_file(path, most) : "";
}

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

void write_script(const std::string& path, std::string_view text) {
  write_file(path, "#!/bin/sh\n" + std::string(text) + "\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator entries("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

bool process_runs(int process) {
  // A process that ends during the read makes it fail and leaves the line empty.
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string status;
  std::getline(file, status);
  const std::size_t name_end = status.rfind(')');
  return name_end != std::string::npos && status.substr(name_end, 3) != ") Z";
}

bool has_no_children() {
  siginfo_t ignored{};
  return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

bool eventually(const std::function<bool()>& condition, EventLoop* loop) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    if (loop != nullptr) loop->turn();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

// By a grandchild, so that this process gets no unexpected child.
void get_stopped(Milliseconds in, Milliseconds duration) {
  const pid_t self = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    if (::fork() == 0) {
      std::this_thread::sleep_for(in);
      ::kill(self, SIGSTOP);
      std::this_thread::sleep_for(duration);
      ::kill(self, SIGCONT);
    }
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

ProgramResult run_program(std::vector<std::string> arguments, std::string input) {
  EventLoop loop;
  ProgramResult result;
  ChildProcess program(loop, {std::move(arguments), {}, std::move(input)},
                       {[&](std::string_view bytes) { result.output += bytes; },
                        [&](std::string_view bytes) { result.error_output += bytes; },
                        [&](const ChildEnd& end) {
                          result.ended = true;
                          result.exit_status = end.exit_status;
                        }});
  loop.run_until([&] { return result.ended; }, std::chrono::seconds{30});
  return result;
}

}  // namespace quotawatch::os::testing_support
