// The journal of `run`: JSON Lines on stdout or in a file.
//
// A journal that cannot be written must not stop the monitor: a reader that has
// gone away, a full disk or a reader that does not read is reported once, what
// cannot be written is dropped, and the journal goes on when it can.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "os/files/journal_file.h"
#include "os/log.h"
#include "quotawatch/journal.h"

namespace quotawatch::os {

class LineJournal final : public Journal {
 public:
  // Writes to a descriptor of somebody else's (stdout); `name` is what it is
  // called in the log, which is told when writing fails and when it works again. SIGPIPE must be
  // ignored, which an EventLoop sees to.
  LineJournal(int descriptor, std::string name, Log log);

  // Appends to a file, which is made for its owner only, and put aside when it is
  // full. Throws InputError.
  LineJournal(const std::string& path, Log log, JournalLimits limits = {});

  void write(const Event& event) override;

  // Opens the file anew, where somebody may have moved it away; no line is lost or
  // cut. For a journal on somebody else's descriptor these do nothing.
  void reopen();
  void limit(JournalLimits limits);

 private:
  int descriptor() const { return file_ ? file_->descriptor() : borrowed_; }
  int write_line(std::string_view line);
  int end_begun_line();
  void make_room(std::size_t bytes);

  std::optional<JournalFile> file_;
  int borrowed_ = -1;
  std::string name_;
  Log log_;
  bool line_begun_ = false;  // the last line written lacks its end
  int lost_ = 0;             // events that could not be written, in a row
  bool outgrown_ = false;    // the file is full and cannot be renamed, which was reported
};

}  // namespace quotawatch::os
