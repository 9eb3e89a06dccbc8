// The commands that capture many panes at once, and the parser of their output.
//
// Created by TmuxProcess for each capture. Pure text in and out: the script is run by one `tmux
// source-file -`, whose whole output is parsed here. Each pane's text stands between two marker
// lines with a nonce, so that text in a pane cannot be taken for a marker.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/tmux/tmux_panes.h"
#include "quotawatch/tmux.h"

namespace quotawatch::os {

// The longest output that so many screens can produce.
std::size_t tmux_output_limit(std::size_t screens);

// A capture of the pane with this id; failed if `text` is not valid UTF-8.
PaneCapture read_screen(std::string_view text, int columns, int rows, std::string_view pane);

// A capture of a pane whose program has ended.
PaneCapture ended_pane(std::string_view pane);

struct TmuxAnswer {
  std::vector<PaneCapture> panes;                 // one for each session, in order
  std::vector<std::string> session_ids;           // likewise: "$3"; empty where there is no session
  std::map<std::string, PaneCapture> further;     // those of the further panes that were there, by id
  std::string version;                            // of the server: "3.3a"
  std::optional<std::vector<ListedPane>> listed;  // all panes; nothing if the list is not valid
};

class TmuxBatch {
 public:
  // 128 random bits, in hexadecimal.
  static std::string make_nonce();

  // `further`: ids of panes that are captured besides the sessions' active ones.
  TmuxBatch(std::vector<std::string> sessions, std::string nonce, std::vector<std::string> further = {});

  // Commands for tmux's stdin.
  std::string script() const;

  std::size_t output_limit() const;

  // Empty if the output is incomplete.
  std::optional<TmuxAnswer> read(std::string_view output) const;

 private:
  struct Asked {
    std::size_t session;  // index into the caller's list
    std::string name;
  };

  struct Section {
    bool whole = false;     // followed by the next marker, or by the last one
    std::string_view head;  // the rest of its marker line
    std::string_view text;
  };

  std::string marker(std::size_t index) const;
  std::vector<Section> split(std::string_view output) const;
  static PaneCapture read_section(const Section& section, std::string_view name);
  void read_sessions(const std::vector<Section>& sections, TmuxAnswer& answer) const;
  void read_further(const std::vector<Section>& sections, TmuxAnswer& answer) const;
  std::size_t last_section() const { return asked_.size() + further_.size(); }

  std::string nonce_;
  std::vector<std::string> sessions_;
  std::vector<Asked> asked_;
  std::vector<std::string> further_;
};

}  // namespace quotawatch::os
