#include "os/records/record_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {
namespace {

constexpr std::size_t piece = std::size_t{64} << 10U;

// Never waits: whatever lies there may be a pipe.
FileDescriptor open_regular(const std::string& path, std::size_t& size) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return FileDescriptor();
  size = static_cast<std::size_t>(status.st_size);
  return file;
}

std::optional<std::string> read_at(const FileDescriptor& file, std::size_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    const auto read = ::pread(file.get(), bytes.data() + got, count - got, static_cast<off_t>(offset + got));
    if (read <= 0) return std::nullopt;
    got += static_cast<std::size_t>(read);
  }
  return bytes;
}

}  // namespace

bool read_lines_backwards(const std::string& path, std::size_t limit,
                          const std::function<bool(std::string_view)>& take) {
  std::size_t size = 0;
  const FileDescriptor file = open_regular(path, size);
  if (!file) return false;
  std::string rest;  // from the start of what was read to its first newline
  std::size_t begin = size;
  bool last = true;
  while (begin > 0 && size - begin < limit) {
    const std::size_t count = std::min(piece, begin);
    auto bytes = read_at(file, begin - count, count);
    if (!bytes) return false;
    begin -= count;
    rest.insert(0, *bytes);
    // A line of megabytes is searched once: only the new piece can hold its start.
    for (std::size_t newline = rest.rfind('\n', last ? std::string::npos : count); newline != std::string::npos;
         newline = newline == 0 ? std::string::npos : rest.rfind('\n', newline - 1)) {
      const std::string_view line = std::string_view(rest).substr(newline + 1);
      const bool whole = !std::exchange(last, false);
      if (whole && !line.empty() && take(line)) return true;
      rest.resize(newline);
    }
  }
  if (begin == 0 && !last && !rest.empty()) take(rest);
  return true;
}

std::string read_first_line(const std::string& path, std::size_t limit) {
  std::size_t size = 0;
  const FileDescriptor file = open_regular(path, size);
  if (!file) return "";
  const auto bytes = read_at(file, 0, std::min(size, limit));
  if (!bytes) return "";
  const auto newline = bytes->find('\n');
  return newline == std::string::npos ? "" : bytes->substr(0, newline);
}

}  // namespace quotawatch::os
