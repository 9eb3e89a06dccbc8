// What is said to tmux to see many panes at once, and what its answer means.
//
// Made by TmuxProcess for one capture. Pure text in and out: the script goes to one
// `tmux source-file -`, whose whole output is then read here. Every pane's text
// stands between two marker lines that carry a nonce, so that no text in a pane
// can be taken for a marker.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/tmux.h"

namespace quotawatch::os {

// More than this, of so many screens, is no answer of tmux's.
std::size_t tmux_output_limit(std::size_t screens);

// A pane that tmux calls `pane`, whose rows are `text`; failed where that is no text.
PaneCapture read_screen(std::string_view text, int columns, int rows, std::string_view pane);

// One whose program has ended.
PaneCapture ended_pane(std::string_view pane);

struct TmuxAnswer {
  std::vector<PaneCapture> panes;  // one for each session, in order
  std::string version;             // of the server: "3.3a"
};

class TmuxBatch {
 public:
  // 128 fresh random bits, in hexadecimal.
  static std::string make_nonce();

  TmuxBatch(std::vector<std::string> sessions, std::string nonce);

  // Commands for tmux's stdin.
  std::string script() const;

  std::size_t output_limit() const;

  // Nothing if the output is not whole.
  std::optional<TmuxAnswer> read(std::string_view output) const;

 private:
  struct Asked {
    std::size_t session;  // index in what the caller asked
    std::string name;
  };

  struct Section {
    bool whole = false;     // the marker after it is the next one, or the last
    std::string_view head;  // what its marker says
    std::string_view text;
  };

  std::string marker(std::size_t index) const;
  std::vector<Section> split(std::string_view output) const;
  static PaneCapture read_section(const Section& section, std::string_view name);

  std::string nonce_;
  std::vector<std::string> sessions_;
  std::vector<Asked> asked_;
};

}  // namespace quotawatch::os
