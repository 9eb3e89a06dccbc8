// The list of a tmux server's sessions in one line: its format and its parser.
//
// Pure text; used by TmuxControlReader with each capture.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// A session and its current pane.
struct ListedSession {
  std::string id;  // "$3": assigned by tmux, never reused
  int columns = 0;
  int rows = 0;
  std::string name;
  std::string pane = {};  // "%12"
  bool ended = false;     // the pane's program has ended

  bool operator==(const ListedSession&) const = default;
};

// The format for `display-message -p`, for each session.
std::string_view listing_format();

// Parses one or more sessions, sorted by name. Empty if the line is not a valid list.
std::optional<std::vector<ListedSession>> read_listing(std::string_view line);

// The session that the user calls `asked`, in a sorted list; null if there is none.
const ListedSession* find_session(const std::vector<ListedSession>& sessions, std::string_view asked);

}  // namespace quotawatch::os
