// A transcript of panes as they are seen, text by text: what `record` writes.
//
// Fed with captures, in order of time; gives the events each one adds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/tmux.h"
#include "quotawatch/zone.h"
#include "record/recorded_panes.h"
#include "record/redaction.h"

namespace quotawatch {

class LiveRecording {
 public:
  // Begins at `start`. `redactor`: none where everything is to stay.
  LiveRecording(const Config& config, Moment start, Redactor* redactor);

  // The header. Its `until`, where it has one, is a field of a fixed width at a fixed place
  // near its beginning.
  std::string header(const Zone& zone, const std::string& source, bool with_until) const;
  std::size_t until_place() const;
  static std::string until_field(Milliseconds until);

  // Lines to add; empty where nothing has changed.
  std::string take(const TmuxCapture& capture, Moment at);

  // An event without effect at the last moment, for files that cannot say `until`.
  std::string last_line() const;

  const std::vector<std::string>& sessions() const { return sessions_; }
  Milliseconds elapsed() const { return elapsed_; }
  std::size_t screens() const { return screens_; }

 private:
  Config config_;
  std::vector<std::string> sessions_;
  Moment start_;
  std::vector<PaneCapture> panes_;
  RecordedPanes recorded_;
  bool begun_ = false;
  bool server_up_ = true;
  Milliseconds drift_{0};  // of the wall clock, as far as it was told
  Milliseconds elapsed_{0};
  std::size_t screens_ = 0;
};

}  // namespace quotawatch
