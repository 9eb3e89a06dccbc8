// The seam to the panes: the visible screen of each watched session, all in one go.
//
// Called once a poll by Monitor.
// Real: TmuxClient (src/os), over one lasting connection or with one process a call. Fake:
// FakeTmux (sim/), which plays a transcript.
// tests/contracts/tmux_contract.h is what both promise.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace quotawatch {

// What one session's pane showed, or why that is not known.
struct PaneCapture {
  enum class Status {
    screen,  // `text` is what the pane shows
    absent,  // tmux answered: there is no such session
    failed,  // not known, `why` says the reason
    ended,   // the program in the pane has ended, and what it left still stands there
  };
  Status status = Status::absent;
  // Rows ended by newlines, blank ones at the bottom included; valid UTF-8.
  // Shared, so that an unchanged screen can be handed out again without a copy.
  std::shared_ptr<const std::string> text;
  int columns = 0;
  int rows = 0;
  std::string why;
  // tmux's own name of the pane, "%12", never given twice: linked windows and session groups
  // show one pane in several sessions. Known where the status is `screen` or `ended`.
  std::string pane = {};
};

struct TmuxCapture {
  // False where no server answered as it should: every pane is `failed`.
  bool server_up = true;
  // True where a stop was asked for before tmux answered: the rest means nothing.
  bool interrupted = false;
  std::string why;                 // where the server is not up
  std::vector<PaneCapture> panes;  // one for each name asked for, in that order
};

// The answer of a server that is not up: every pane failed, for the same reason.
inline TmuxCapture all_failed(std::size_t count, const std::string& why) {
  TmuxCapture capture;
  capture.server_up = false;
  capture.why = why;
  capture.panes.assign(count, {PaneCapture::Status::failed, nullptr, 0, 0, why});
  return capture;
}

// The answer to one who was stopped before there was any.
inline TmuxCapture interrupted_capture(std::size_t count) {
  TmuxCapture capture = all_failed(count, "interrupted");
  capture.interrupted = true;
  return capture;
}

class Tmux {
 public:
  virtual ~Tmux() = default;

  // Exact names only: with `a-1` gone, `a-1` is absent even while `a-10` lives
  // (rule A5). Never throws for what tmux does; never starts a server; changes
  // nothing in anybody's session.
  virtual TmuxCapture capture(const std::vector<std::string>& sessions) = 0;
};

}  // namespace quotawatch
