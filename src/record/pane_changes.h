// From captures to the events of a transcript, in two steps: what changed since the last capture,
// and how a transcript says it. Common to both recorders: LiveRecording, which writes a file, and
// FlightRecorder, which keeps the changes until write_recording() is called.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/tmux.h"
#include "record/redaction.h"
#include "transcript/action.h"

namespace quotawatch {

struct PaneChange {
  std::size_t session = 0;  // index of the watched session
  PaneCapture now;
  std::string packed = {};  // the text instead of `now.text`, while the flight recorder keeps it
};

struct CaptureChanges {
  std::optional<SetServer> server = {};
  std::vector<PaneChange> panes = {};
};

class ChangeDetector {
 public:
  explicit ChangeDetector(std::size_t sessions) : panes_(sessions) {}

  CaptureChanges take(const TmuxCapture& capture);

  // From now on captures are of so many sessions; the new ones were not there.
  void grow(std::size_t sessions) { panes_.resize(sessions); }

  // The last capture of each session. A pane without a text keeps the one that it had before.
  const std::vector<PaneCapture>& panes() const { return panes_; }
  bool server_up() const { return server_up_; }

 private:
  std::vector<PaneCapture> panes_;
  bool server_up_ = true;
};

// Panes as actions of a transcript, each pane once however many sessions show it.
class PaneActions {
 public:
  // `redactor`: null to keep everything.
  PaneActions(std::vector<std::string> sessions, Redactor* redactor)
      : sessions_(std::move(sessions)),
        redactor_(redactor),
        panes_(sessions_.size()),
        said_(sessions_.size()),
        started_(sessions_.size()) {}

  // Changes at the same time must be passed in the order of sessions.
  std::vector<Action> take(std::size_t session, const PaneCapture& shown);

 private:
  std::vector<std::string> sessions_;
  Redactor* redactor_;
  std::vector<std::string> panes_;                // the pane of each session; empty if none or unknown
  std::vector<std::optional<Testimony>> said_;    // by its program's own record
  std::vector<std::optional<WallTime>> started_;  // when its program was started, if known
};

SetServer server_action(bool up);

// The reason of a failed capture or switch, on one line.
std::string redacted_reason(const std::string& why, Redactor* redactor);
std::string redacted_text(const PaneCapture& pane, Redactor* redactor);

}  // namespace quotawatch
