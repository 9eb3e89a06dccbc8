#include "base/file_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 16U;

[[noreturn]] void fail(const std::string& name, std::string_view what, int error) {
  throw InputError(name, 0, fmt::format("{}: {}", what, std::generic_category().message(error)));
}

bool has_a_name(int pipe) {
  struct statfs system {};
  return ::fstatfs(pipe, &system) != 0 || system.f_type != PIPEFS_MAGIC;
}

}  // namespace

// O_NONBLOCK: opening a pipe would wait for its writer.
FileReader::FileReader(std::string path)
    : name_(std::move(path)), descriptor_(::open(name_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {
  if (descriptor_ < 0) fail(name_, "cannot be opened", errno);
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return;
  named_pipe_ = S_ISFIFO(status.st_mode) && has_a_name(descriptor_);
  may_wait_ = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || ::isatty(descriptor_) == 1;
}

FileReader::FileReader() : name_("stdin"), descriptor_(STDIN_FILENO) {}

FileReader::~FileReader() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

std::string_view FileReader::next() {
  assert(pending_.empty());  // it would be overwritten
  buffer_.resize(piece_bytes);
  while (true) {
    const ssize_t count = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (count > 0) {
      begun_ = true;
      return std::string_view(buffer_).substr(0, static_cast<std::size_t>(count));
    }
    if (count == 0) {
      refuse_pipe_without_writer();
      return {};
    }
    if (errno == EAGAIN) {
      wait_for_more();
    } else if (errno != EINTR) {
      fail(name_, "cannot be read", errno);
    }
  }
}

void FileReader::wait_for_more() const {
  if (!may_wait_) {
    throw InputError(name_, 0,
                     "has nothing to read now, and reading it could wait for ever; copy what you "
                     "want of it into a file");
  }
  pollfd wanted{descriptor_, POLLIN, 0};
  if (::poll(&wanted, 1, -1) < 0 && errno != EINTR) fail(name_, "cannot be read", errno);
}

// A pipe whose writer has gone reads the same way; the difference is that nothing was read before.
void FileReader::refuse_pipe_without_writer() const {
  if (begun_ || !named_pipe_) return;
  throw InputError(name_, 0, "is a pipe that nobody writes to; start its writer first");
}

std::string FileReader::rest(std::size_t limit) {
  std::string text(std::exchange(pending_, {}));
  for (auto piece = next(); !piece.empty(); piece = next()) {
    text += piece;
    if (text.size() > limit) {
      throw InputError(name_, line_at(text, limit),
                       fmt::format("larger than {} KiB, more than this can be", limit / 1024));
    }
  }
  return text;
}

bool FileReader::next_line(std::string& line, std::size_t limit) {
  line.clear();
  ++line_number_;
  while (true) {
    if (pending_.empty()) pending_ = next();
    if (pending_.empty()) return !line.empty();
    const auto end = std::min(pending_.find('\n'), pending_.size());
    line += pending_.substr(0, end);
    if (line.size() > limit) {
      throw InputError(name_, line_number_, fmt::format("longer than {} MiB, more than a screen can be", limit >> 20U));
    }
    const bool ended = end < pending_.size();
    pending_.remove_prefix(ended ? end + 1 : end);
    if (ended) return true;
  }
}

}  // namespace quotawatch
