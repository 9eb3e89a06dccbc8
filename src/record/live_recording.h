// The file of `record`: a transcript that is written while the panes are captured.
//
// Fed with captures in order of time; returns the lines to append.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/tmux.h"
#include "quotawatch/zone.h"
#include "record/pane_changes.h"
#include "record/redaction.h"

namespace quotawatch {

class LiveRecording {
 public:
  // `redactor`: null to keep everything.
  LiveRecording(const Config& config, Moment start, Redactor* redactor);

  // `until`, if wanted, has a fixed width and a fixed place, so that it can be overwritten.
  std::string header(const Zone& zone, const std::string& source, bool with_until) const;
  std::size_t until_place() const;
  static std::string until_field(Milliseconds until);

  // The lines to append; empty if nothing changed.
  std::string take(const TmuxCapture& capture, Moment at);

  // An event without effect at the last capture, for output that has no `until`.
  std::string last_line() const;

  const std::vector<std::string>& sessions() const { return sessions_; }
  Milliseconds elapsed() const { return elapsed_; }
  std::size_t screens() const { return screens_; }

 private:
  Config config_;
  std::vector<std::string> sessions_;
  Moment start_;
  ChangeDetector changes_;
  PaneActions actions_;
  bool begun_ = false;
  Milliseconds drift_{0};  // of the wall clock, as recorded so far
  Milliseconds elapsed_{0};
  std::size_t screens_ = 0;
};

}  // namespace quotawatch
