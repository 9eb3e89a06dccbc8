#include "os/loop/process_status.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// /proc/PID/stat: "PID (name) state parent group session terminal foreground-group …"; the start time
// is the 20th field after the name, which may contain any character.
std::optional<ProcessStatus> read_process_status(int process) {
  const FileDescriptor file(::open(fmt::format("/proc/{}/stat", process).c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> buffer;
  const ssize_t length = file ? ::read(file.get(), buffer.data(), buffer.size()) : 0;
  if (length <= 0) return std::nullopt;
  std::string_view text(buffer.data(), static_cast<std::size_t>(length));
  const auto name_end = text.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(name_end + 2);
  constexpr std::size_t parent_place = 1;
  constexpr std::size_t group_place = 2;
  constexpr std::size_t foreground_group_place = 5;
  constexpr std::size_t start_place = 19;
  std::array<std::string_view, start_place + 1> words;
  for (auto& word : words) word = take_until(text, ' ');
  const bool ended = words[0] == "Z" || words[0] == "X";
  ProcessStatus status{.process = process};
  const bool whole = take_number(words[parent_place], status.parent) && take_number(words[group_place], status.group) &&
                     take_number(words[foreground_group_place], status.foreground_group) &&
                     take_number(words[start_place], status.started_ticks);
  if (ended || !whole) return std::nullopt;
  return status;
}

// Kernel files have no size, and a process may end while they are read.
std::string read_process_file(int process, std::string_view name) {
  const FileDescriptor file(::open(fmt::format("/proc/{}/{}", process, name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t length = 1; file && length > 0;) {
    length = ::read(file.get(), buffer.data(), buffer.size());
    if (length < 0) return "";
    text.append(buffer.data(), static_cast<std::size_t>(length));
  }
  return text;
}

std::string working_folder_of(int process) {
  std::error_code error;
  const auto folder = std::filesystem::read_symlink(fmt::format("/proc/{}/cwd", process), error);
  return error ? "" : folder.string();
}

std::vector<std::string> open_files(int process) {
  std::vector<std::string> files;
  std::error_code error;
  std::filesystem::directory_iterator descriptors(fmt::format("/proc/{}/fd", process), error);
  for (; !error && descriptors != std::filesystem::directory_iterator(); descriptors.increment(error)) {
    std::error_code closed;
    const auto file = std::filesystem::read_symlink(descriptors->path(), closed);
    if (!closed) files.push_back(file.string());
  }
  return files;
}

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

std::optional<double> up_seconds() {
  std::ifstream uptime("/proc/uptime");  // "12345.67 98765.43"
  double up_s = 0;
  if (!(uptime >> up_s)) return std::nullopt;
  return up_s;
}

std::vector<int> processes_below(int process) {
  std::vector<int> processes{process};
  for (std::size_t i = 0; i < processes.size(); ++i) {
    std::error_code error;
    std::filesystem::directory_iterator threads(fmt::format("/proc/{}/task", processes[i]), error);
    for (; !error && threads != std::filesystem::directory_iterator(); threads.increment(error)) {
      const std::string thread = threads->path().filename();
      const std::string children = read_process_file(processes[i], fmt::format("task/{}/children", thread));
      std::string_view rest = children;
      for (int child = 0; !rest.empty() && take_number(rest, child);) processes.push_back(child);
    }
  }
  return processes;
}

}  // namespace quotawatch::os
