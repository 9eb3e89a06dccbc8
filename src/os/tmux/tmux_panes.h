// What a tmux server says about all its panes in one line: the format, its parser, and how the panes
// of a capture are completed with it.
//
// Pure text and values; used by both transports with each capture.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/tmux.h"

namespace quotawatch::os {

// A pane in one of the sessions that show it: linked windows have several.
struct ListedPane {
  std::string pane;     // "%12"
  std::string session;  // "$3"
  std::string window_pane;
  int process = 0;  // that tmux started in it
  int columns = 0;
  int rows = 0;
  bool ended = false;
  bool in_mode = false;
  bool attached = false;  // a client shows the session
  WallTime session_used;  // when a key was last pressed in a client of the session

  bool operator==(const ListedPane&) const = default;
};

// The format for `display-message -p`: all panes of all sessions.
std::string pane_listing_format();

// Empty if the line is not a valid list.
std::optional<std::vector<ListedPane>> read_pane_listing(std::string_view line);

// The ids of the panes that these sessions have besides their active ones, without those whose program
// has ended. `active`: the ids of those, one for each session; "" is a session that does not exist.
std::vector<std::string> further_panes(const std::vector<ListedPane>& listed,
                                       const std::vector<std::string>& session_ids,
                                       const std::vector<std::string>& active);

// Adds to the active panes of a capture what the list says of them, and the sessions' further panes.
// `screens`: the further panes' captures, by pane id; one that is missing is left out.
void complete_capture(TmuxCapture& capture, const std::vector<ListedPane>& listed,
                      const std::vector<std::string>& session_ids, const std::map<std::string, PaneCapture>& screens);

}  // namespace quotawatch::os
