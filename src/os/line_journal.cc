#include "os/line_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <utility>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// How long a reader that does not read may hold us up, once.
constexpr int patience_ms = 200;

// Waits until at least PIPE_BUF bytes can be written without blocking.
int wait_writable(int descriptor, int timeout_ms) {
  pollfd wanted{descriptor, POLLOUT, 0};
  const int count = ::poll(&wanted, 1, timeout_ms);
  if (count > 0) return 0;  // or broken, which writing will tell
  return count == 0 ? EAGAIN : errno;
}

// True if the last run was cut off in the middle of a line.
bool ends_in_a_line(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const off_t size = file ? ::lseek(file.get(), 0, SEEK_END) : 0;
  char last = '\n';
  return size > 0 && ::pread(file.get(), &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

LineJournal::LineJournal(int descriptor, std::string name, Report report)
    : descriptor_(descriptor), name_(std::move(name)), report_(std::move(report)) {}

LineJournal::LineJournal(const std::string& path, Report report)
    : file_(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)),
      descriptor_(file_.get()),
      name_(in_quotes(path)),
      report_(std::move(report)) {
  if (!file_) {
    throw InputError(path, 0, "the journal cannot be opened: " + error_text(errno));
  }
  line_begun_ = ends_in_a_line(path);
}

void LineJournal::write(const Event& event) {
  const int error = write_line(to_json(event) + "\n");
  if (error != 0) {
    if (lost_++ == 0) {
      const std::string why = error == EAGAIN ? "its reader does not read" : error_text(error);
      report_(
          fmt::format("cannot write the journal {}: {}; events are lost until it can be "
                      "written again",
                      name_, why));
    }
  } else if (lost_ > 0) {
    const int lost = std::exchange(lost_, 0);
    report_(fmt::format("the journal {} is written again; {} {} lost", name_, lost,
                        lost == 1 ? "event was" : "events were"));
  }
}

// Returns 0 or the errno. No more than PIPE_BUF bytes at a time, since more could
// block however much the pipe says it can take.
int LineJournal::write_line(std::string_view line) {
  if (line_begun_) {
    if (const int error = wait_writable(descriptor_, 0); error != 0) return error;
    if (const auto end = write_all(descriptor_, "\n"); end.error != 0) return end.error;
    line_begun_ = false;
  }
  while (!line.empty()) {
    const int timeout_ms = lost_ == 0 ? patience_ms : 0;
    if (const int error = wait_writable(descriptor_, timeout_ms); error != 0) return error;
    const auto [error, written] = write_all(descriptor_, line.substr(0, PIPE_BUF));
    line.remove_prefix(written);
    if (written > 0) line_begun_ = !line.empty();
    if (error != 0) return error;
  }
  return 0;
}

}  // namespace quotawatch::os
