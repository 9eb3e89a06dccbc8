#include "os/loop/descendants.h"

#include <algorithm>
#include <cassert>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/text.h"

namespace quotawatch::os {
namespace {

// How many searches may find new processes before we stop trying to stop them one by one.
constexpr int most_looks = 100;

}  // namespace

std::vector<ProcessStatus> Descendants::read_processes() {
  std::vector<ProcessStatus> processes;
  std::error_code error;
  for (std::filesystem::directory_iterator folder("/proc", error), end; !error && folder != end;
       folder.increment(error)) {
    const std::string name = folder->path().filename();
    std::string_view rest = name;
    pid_t process = 0;
    if (!take_number(rest, process)) continue;
    if (const auto status = read_process_status(process)) processes.push_back(*status);
  }
  return processes;
}

Descendants::Descendants(pid_t ancestor) {
  assert(ancestor > 0);
  if (const auto status = read_process_status(ancestor)) known_.push_back(*status);
  refresh();
}

bool Descendants::refresh() {
  if (!any_left()) return false;
  auto others = read_processes();
  const auto is_known = [this](pid_t process) {
    return std::ranges::find(known_, process, &ProcessStatus::process) != known_.end();
  };
  const std::size_t known_before = known_.size();
  // A child may be listed before its parent: repeat until nothing new is found.
  for (bool found = true; found;) {
    found = false;
    std::erase_if(others, [&](const ProcessStatus& other) {
      if (is_known(other.process)) return true;
      if (!is_known(other.parent)) return false;
      known_.push_back(other);
      return found = true;
    });
  }
  return known_.size() > known_before;
}

bool Descendants::any_left() {
  std::erase_if(known_, [](const ProcessStatus& known) {
    const auto status = read_process_status(known.process);
    return !status || status->started_ticks != known.started_ticks;
  });
  return !known_.empty();
}

void Descendants::signal_outside(pid_t group, int number) const {
  assert(group > 0);
  for (const auto& known : known_) {
    if (known.group != group) ::kill(known.process, number);
  }
}

// A stopped process starts no other and orphans no children: once all known processes are stopped
// and no new one is found, the list is complete.
void Descendants::kill() {
  refresh();
  for (int look = 0; look < most_looks; ++look) {
    for (const auto& known : known_) ::kill(known.process, SIGSTOP);
    if (!refresh()) break;
  }
  for (const auto& known : known_) ::kill(known.process, SIGKILL);
  known_.clear();
}

}  // namespace quotawatch::os
