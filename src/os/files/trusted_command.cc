#include "os/files/trusted_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/text.h"
#include "os/files/trusted_path.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// The default of execvp() if the environment has no PATH.
constexpr std::string_view usual_path = "/bin:/usr/bin";

// The errno that exec would give; 0 if it would run the program.
int find_error(const std::string& program) {
  struct stat status {};
  if (::stat(program.c_str(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EACCES;
  return ::faccessat(AT_FDCWD, program.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

struct Found {
  std::string path;
  int error = ENOENT;
};

// As execvp(): the first that can be run, else the error of one that cannot.
Found look_up(const std::string& name) {
  if (name.find('/') != std::string::npos) return {name, find_error(name)};
  const char* variable = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  std::string_view folders = variable == nullptr ? usual_path : variable;
  Found found{name, ENOENT};
  for (bool more = true; more;) {
    const std::size_t colon = folders.find(':');
    more = colon != std::string_view::npos;
    const std::string folder(folders.substr(0, colon));
    if (more) folders.remove_prefix(colon + 1);
    const std::string path = (folder.empty() ? "." : folder) + "/" + name;
    const int error = find_error(path);
    if (error == 0) return {path, 0};
    if (error == EACCES) found = {path, error};
  }
  return found;
}

std::string describe(const Found& found, const std::string& name) {
  if (found.error == EACCES) {
    return fmt::format("{} cannot be run; it must be a file with permission to (`chmod u+x`)", in_quotes(found.path));
  }
  if (found.error == ENOENT && name.find('/') == std::string::npos) {
    return fmt::format("there is no program {} in PATH; give its whole path", in_quotes(name));
  }
  return fmt::format("the program {} cannot be found: {}", in_quotes(found.path), error_text(found.error));
}

}  // namespace

std::vector<std::string> trusted_command(std::vector<std::string> command, const std::string& config,
                                         std::string_view key) {
  if (command.empty()) return command;
  const Found found = look_up(command.front());
  const auto refuse = [&](const std::string& problem) -> void {
    throw InputError(config, 0, fmt::format("{}: {}", key, problem));
  };
  try {
    follow_trusted(found.path);
  } catch (const InputError& error) {
    refuse(fmt::format("{}: {}", in_quotes(found.path), error.problem()));
  }
  if (found.error == 0) command.front() = found.path;
  return command;
}

std::string trusted_tmux() { return trusted_command({"tmux"}, "PATH", "tmux").front(); }

std::string why_not_runnable(const std::vector<std::string>& command) {
  if (command.empty()) return "";
  const Found found = look_up(command.front());
  return found.error == 0 ? "" : describe(found, command.front());
}

}  // namespace quotawatch::os
