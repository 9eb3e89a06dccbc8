// The journal of `run`: JSON Lines on stdout or in a file.
//
// A journal that cannot be written must not stop the monitor. A reader that has gone away or does
// not read, or a full disk, is reported once; what cannot be written is dropped, and the journal
// continues as soon as it can.
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
  // Writes to a descriptor owned by the caller (stdout); `name` is its name in the log, which is
  // called when writing fails for the first time and when it works again. SIGPIPE must be ignored,
  // which EventLoop ensures.
  LineJournal(int descriptor, std::string name, Log log);

  // Appends to a file, which is created with mode 0600 and rotated when full. Throws InputError.
  LineJournal(const std::string& path, Log log, JournalLimits limits = {});

  void write(const Event& event) override;

  // Reopens the file, in case it was moved; no line is lost or cut. Does nothing for a journal on a
  // caller's descriptor.
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
  bool line_begun_ = false;  // the last line is incomplete
  int lost_ = 0;             // events dropped in a row
  bool outgrown_ = false;    // the file is full and cannot be rotated, which was reported
};

}  // namespace quotawatch::os
