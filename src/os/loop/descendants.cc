#include "os/loop/descendants.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {
namespace {

// How many searches may find new processes before we stop trying to stop them one by one.
constexpr int most_looks = 100;

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  if (error != std::errc{} || end != text.end()) return std::nullopt;
  return number;
}

}  // namespace

struct Descendants::Entry {
  Known known;
  pid_t parent = 0;

  // /proc/PID/stat: "PID (name) state parent group …"; the start time is the 20th field after the
  // name, which may contain any character. Empty for a process that has ended.
  static std::optional<Entry> read(pid_t process) {
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
    constexpr std::size_t start_place = 19;
    std::array<std::string_view, start_place + 1> words;
    for (auto& word : words) word = take_until(text, ' ');
    const auto parent = to_number<pid_t>(words[parent_place]);
    const auto group = to_number<pid_t>(words[group_place]);
    const auto started = to_number<std::uint64_t>(words[start_place]);
    const bool ended = words[0] == "Z" || words[0] == "X";
    if (ended || !parent || !group || !started) return std::nullopt;
    return Entry{{process, *started, *group}, *parent};
  }
};

std::vector<Descendants::Entry> Descendants::read_processes() {
  std::vector<Entry> entries;
  std::error_code error;
  for (std::filesystem::directory_iterator folder("/proc", error), end; !error && folder != end;
       folder.increment(error)) {
    const auto process = to_number<pid_t>(folder->path().filename().native());
    if (!process) continue;
    if (const auto entry = Entry::read(*process)) entries.push_back(*entry);
  }
  return entries;
}

Descendants::Descendants(pid_t ancestor) {
  assert(ancestor > 0);
  if (const auto entry = Entry::read(ancestor)) known_.push_back(entry->known);
  refresh();
}

bool Descendants::refresh() {
  if (!any_left()) return false;
  auto others = read_processes();
  const auto is_known = [this](pid_t process) {
    return std::ranges::find(known_, process, &Known::process) != known_.end();
  };
  const std::size_t known_before = known_.size();
  // A child may be listed before its parent: repeat until nothing new is found.
  for (bool found = true; found;) {
    found = false;
    std::erase_if(others, [&](const Entry& entry) {
      if (is_known(entry.known.process)) return true;
      if (!is_known(entry.parent)) return false;
      known_.push_back(entry.known);
      return found = true;
    });
  }
  return known_.size() > known_before;
}

bool Descendants::any_left() {
  std::erase_if(known_, [](const Known& known) {
    const auto entry = Entry::read(known.process);
    return !entry || entry->known.started != known.started;
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
