// What the kernel says of processes in /proc, which Linux alone has: its one reader.
//
// Used by Descendants, by foreground_program(), by find_program() and by the drill.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

struct ProcessStatus {
  int process = 0;
  int parent = 0;
  int group = 0;
  int foreground_group = 0;         // of its terminal; -1 if it has none
  std::uint64_t started_ticks = 0;  // since boot; needed because process numbers are reused
};

// Empty for a process that has ended, also if nobody has waited for it yet.
std::optional<ProcessStatus> read_process_status(int process);

// The process and those that it, its children and theirs have started and that still run as their children, as the
// kernel lists them. Cheaper than Descendants, and without those whose parent has ended.
std::vector<int> processes_below(int process);

// The content of /proc/PROCESS/NAME; empty if the process has ended or may not be looked at.
std::string read_process_file(int process, std::string_view name);

// Empty if it has ended or may not be looked at.
std::string working_folder_of(int process);

// The paths, as the kernel has them, of what it has open.
std::vector<std::string> open_files(int process);

// The file that this process runs.
std::string own_program();

// Since boot; empty if it is unknown.
std::optional<double> up_seconds();

}  // namespace quotawatch::os
