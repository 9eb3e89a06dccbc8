// The seam to the panes: the visible screens of all watched sessions in one call.
//
// Called once per poll by Monitor. Real: TmuxClient (src/os), over one lasting connection or with
// one process per call. Fake: FakeTmux (sim/), which plays a transcript. Both fulfil
// tests/contracts/tmux_contract.h.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/testimony.h"
#include "quotawatch/time.h"

namespace quotawatch {

// The content of one session's pane, or why it is unknown.
struct PaneCapture {
  enum class Status {
    screen,  // `text` is the content of the pane
    absent,  // tmux answered that there is no such session
    failed,  // unknown, see `why`
    ended,   // the pane's program has ended, and its last screen is still there
  };
  Status status = Status::absent;
  // Rows ended by newlines, including blank ones at the bottom; valid UTF-8. Shared, so that an
  // unchanged screen can be returned again without a copy.
  std::shared_ptr<const std::string> text;
  int columns = 0;
  int rows = 0;
  std::string why;
  // tmux's id of the pane, "%12", never reused: linked windows and session groups show one pane in
  // several sessions. Set if the status is `screen` or `ended`.
  std::string pane = {};

  // What is known of the pane besides its screen; empty where it is not known.
  std::string window_pane = {};  // its place in the session: "1.0"
  std::string program = {};      // in the foreground: "claude"
  int program_process = 0;       // its number
  // When that was started. The same for as long as it runs, whatever happens to the wall clock.
  std::optional<WallTime> program_started = {};
  bool at_shell = false;                               // `program` is an interactive shell: no agent runs
  bool in_mode = false;                                // tmux shows a mode (copy, view) over the screen
  std::optional<WallTime> client_used = std::nullopt;  // when a key was last pressed in an attached client
  int first_process = 0;                               // the process that tmux started in the pane
  std::optional<Testimony> testimony = std::nullopt;   // of the program itself, see Witness
};

// A pane of a session besides its active one.
struct FurtherPane {
  std::size_t session = 0;  // the index of its session in the request
  PaneCapture pane;         // `screen` or `ended`
};

inline bool shows_same(const PaneCapture& a, const PaneCapture& b) {
  const bool same_text = a.text == b.text || (a.text && b.text && *a.text == *b.text);
  return a.status == b.status && same_text && a.columns == b.columns && a.rows == b.rows && a.why == b.why &&
         a.pane == b.pane && a.program_started == b.program_started && a.testimony == b.testimony;
}

struct TmuxCapture {
  // False if no server gave a valid answer: then every pane is `failed`.
  bool server_up = true;
  // True if a stop was requested before tmux answered: then the rest is meaningless.
  bool interrupted = false;
  std::string why;                        // if the server is not up
  std::vector<PaneCapture> panes;         // the active pane of each requested session, in that order
  std::vector<FurtherPane> further = {};  // in the order of their sessions, windows and panes
};

// The result for a server that is not up: every pane failed for the same reason.
inline TmuxCapture all_failed(std::size_t count, const std::string& why) {
  TmuxCapture capture;
  capture.server_up = false;
  capture.why = why;
  capture.panes.assign(count, {PaneCapture::Status::failed, nullptr, 0, 0, why});
  return capture;
}

// The result for a caller that was stopped before tmux answered.
inline TmuxCapture interrupted_capture(std::size_t count) {
  TmuxCapture capture = all_failed(count, "interrupted");
  capture.interrupted = true;
  return capture;
}

// The part of a capture that is of `count` sessions from the `first` one on.
inline TmuxCapture part_of(const TmuxCapture& whole, std::size_t first, std::size_t count) {
  TmuxCapture part;
  part.server_up = whole.server_up;
  part.why = whole.why;
  const auto begin = whole.panes.begin() + static_cast<std::ptrdiff_t>(first);
  part.panes.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  for (const auto& further : whole.further) {
    if (further.session < first || further.session >= first + count) continue;
    part.further.push_back(further);
    part.further.back().session -= first;
  }
  return part;
}

// The sessions of a server.
struct SessionList {
  bool server_up = true;     // false if no server gave a valid answer: then nothing is known
  bool interrupted = false;  // a stop was requested before
  std::string why = {};      // if the server is not up
  std::vector<std::string> names = {};
};

class Tmux {
 public:
  virtual ~Tmux() = default;

  // The names of all sessions, in no order; those of our own connections left out. As capture().
  virtual SessionList list_sessions() = 0;

  // Exact names only: without `a-1`, `a-1` is absent even if `a-10` exists (rule A5). Never throws
  // for errors of tmux, never starts a server, changes nothing in users' sessions.
  virtual TmuxCapture capture(const std::vector<std::string>& sessions) = 0;
};

}  // namespace quotawatch
