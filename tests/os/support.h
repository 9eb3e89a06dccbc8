// Shared by the tests of src/os: temporary folders, variables and programs, and waiting for
// conditions without fixed sleeps.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "os/loop/event_loop.h"
#include "tests/support.h"

namespace quotawatch::os::testing_support {

// Longer than anything here takes on a busy machine.
constexpr Milliseconds long_time{20'000};

// A folder that is removed with the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const;

 private:
  std::string path_;
};

// Sets or unsets an environment variable until the end of the test.
class Variable {
 public:
  Variable(std::string name, const char* value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
  std::string before_;
  bool was_set_;
};

using tests::write_file;
std::string read_file(const std::string& path);  // empty if there is none
bool file_exists(const std::string& path);

// Writes an executable shell script; `text` follows its first line.
void write_script(const std::string& path, std::string_view text);

// How many file descriptors this process has open.
std::size_t open_descriptors();

// True while the process exists and is not a zombie.
bool process_runs(int process);

// True if this process has no children, not even zombies.
bool has_no_children();

// Waits for `condition`, turning the loop if there is one; false after ten seconds.
bool eventually(const std::function<bool()>& condition, EventLoop* loop = nullptr);

// Has this process stopped (SIGSTOP) after `in`, and continued after `duration`.
void get_stopped(Milliseconds in, Milliseconds duration);

struct ProgramResult {
  bool ended = false;
  int exit_status = -1;
  std::string output;
  std::string error_output;
};

// Runs a program to its end.
ProgramResult run_program(std::vector<std::string> arguments, std::string input = "");

}  // namespace quotawatch::os::testing_support
