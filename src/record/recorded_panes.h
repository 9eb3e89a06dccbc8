// What sessions were seen to show, as events of a transcript: one pane is told once, however
// many sessions show it.
//
// Used by whoever writes recordings: write_recording() and LiveRecording.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/tmux.h"
#include "record/redaction.h"
#include "transcript/action.h"

namespace quotawatch {

class RecordedPanes {
 public:
  // `redactor`: null where all of it is to stay.
  RecordedPanes(std::vector<std::string> sessions, Redactor* redactor)
      : sessions_(std::move(sessions)), redactor_(redactor), panes_(sessions_.size()), started_(sessions_.size()) {}

  // What the session of this number shows from now on; those of one moment in order.
  std::vector<Action> take(std::size_t session, const PaneCapture& shown);

 private:
  std::vector<std::string> sessions_;
  Redactor* redactor_;
  std::vector<std::string> panes_;                // which pane each shows; empty: none, or not known
  std::vector<std::optional<WallTime>> started_;  // when the program in it was, as far as known
};

// Why a capture failed or a switch did, as a transcript may say it.
std::string redacted_reason(const std::string& why, Redactor* redactor);
std::string redacted_text(const PaneCapture& pane, Redactor* redactor);

}  // namespace quotawatch
