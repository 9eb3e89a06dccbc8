#include "os/files/line_journal.h"

#include <fmt/format.h>
#include <poll.h>

#include <cassert>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/text.h"

namespace quotawatch::os {
namespace {

// How long a write may block on a slow reader, once.
constexpr int patience_ms = 200;

// Waits until at least PIPE_BUF bytes can be written without blocking.
int wait_writable(int descriptor, int timeout_ms) {
  pollfd wanted{descriptor, POLLOUT, 0};
  const int count = ::poll(&wanted, 1, timeout_ms);
  if (count > 0) return 0;  // or broken: the write reports that
  return count == 0 ? EAGAIN : errno;
}

}  // namespace

LineJournal::LineJournal(int descriptor, std::string name, Log log)
    : borrowed_(descriptor), name_(std::move(name)), log_(std::move(log)) {}

LineJournal::LineJournal(const std::string& path, Log log, JournalLimits limits)
    : file_(std::in_place, path, limits),
      name_(in_quotes(path)),
      log_(std::move(log)),
      line_begun_(file_->ends_within_a_line()) {}

void LineJournal::write(const Event& event) {
  const int error = write_line(to_json(event) + "\n");
  if (error != 0) {
    if (lost_++ == 0) {
      const std::string why = error == EAGAIN ? "its reader does not read" : error_text(error);
      log_(
          fmt::format("cannot write the journal {}: {}; events are lost until it can be "
                      "written again",
                      name_, why));
    }
  } else if (lost_ > 0) {
    const int lost = std::exchange(lost_, 0);
    log_(fmt::format("the journal {} is written again; {} {} lost", name_, lost,
                     lost == 1 ? "event was" : "events were"));
  }
}

// Returns 0 or an errno. Writes at most PIPE_BUF bytes at a time: more could block even if the pipe
// is reported writable.
int LineJournal::write_line(std::string_view line) {
  assert(line.find('\n') == line.size() - 1);
  if (const int error = end_begun_line(); error != 0) return error;
  make_room(line.size());
  while (!line.empty()) {
    const int timeout_ms = lost_ == 0 ? patience_ms : 0;
    if (const int error = wait_writable(descriptor(), timeout_ms); error != 0) return error;
    const auto [error, written] = write_all(descriptor(), line.substr(0, PIPE_BUF));
    line.remove_prefix(written);
    if (written > 0) line_begun_ = !line.empty();
    if (error != 0) return error;
  }
  return 0;
}

int LineJournal::end_begun_line() {
  if (!line_begun_) return 0;
  if (const int error = wait_writable(descriptor(), 0); error != 0) return error;
  if (const auto end = write_all(descriptor(), "\n"); end.error != 0) return end.error;
  line_begun_ = false;
  return 0;
}

void LineJournal::make_room(std::size_t bytes) {
  if (!file_ || !file_->is_full_for(bytes)) return;
  const auto problem = file_->rotate();
  if (problem && !outgrown_) {
    log_(fmt::format("the journal {} is full and cannot be renamed: {}; it keeps growing", name_, *problem));
  }
  outgrown_ = problem.has_value();
}

void LineJournal::reopen() {
  if (!file_) return;
  end_begun_line();  // best effort: this file is no longer ours
  if (const auto problem = file_->reopen()) {
    log_(fmt::format("{}; going on in the file from before", *problem));
  }
  line_begun_ = file_->ends_within_a_line();
}

void LineJournal::limit(JournalLimits limits) {
  if (file_) file_->limit(limits);
}

}  // namespace quotawatch::os
