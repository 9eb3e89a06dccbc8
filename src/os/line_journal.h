// The journal of `run`: JSON Lines on stdout or in a file.
//
// A journal that cannot be written must not stop the monitor: a reader that has
// gone away, a full disk or a reader that does not read is reported once, what
// cannot be written is dropped, and the journal goes on when it can.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "os/file_descriptor.h"
#include "quotawatch/journal.h"

namespace quotawatch::os {

class LineJournal final : public Journal {
 public:
  // Told when writing fails for the first time, and when it works again.
  using Report = std::function<void(std::string_view message)>;

  // Writes to a descriptor of somebody else's (stdout); `name` is what reports
  // call it. SIGPIPE must be ignored, which an EventLoop sees to.
  LineJournal(int descriptor, std::string name, Report report);

  // Appends to a file, which is made for its owner only. Throws InputError.
  LineJournal(const std::string& path, Report report);

  void write(const Event& event) override;

 private:
  int write_line(std::string_view line);

  FileDescriptor file_;
  int descriptor_;
  std::string name_;
  Report report_;
  bool line_begun_ = false;  // the last line written lacks its end
  int lost_ = 0;             // events that could not be written, in a row
};

}  // namespace quotawatch::os
