// Sessions of a tmux server in one line: how they are asked for, and what that says.
//
// Pure text; used by TmuxControlReader, which asks for it with each capture.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// A session, and the pane that it shows.
struct ListedSession {
  std::string id;  // "$3": tmux's own, never given twice
  int columns = 0;
  int rows = 0;
  std::string name;
  std::string pane = {};  // "%12"
  bool ended = false;     // the program in the pane has

  bool operator==(const ListedSession&) const = default;
};

// What `display-message -p` is to print of a session.
std::string_view listing_format();

// Of one session or more, in order of their names. Nothing where the line is no such list.
std::optional<std::vector<ListedSession>> read_listing(std::string_view line);

// The session that its owner calls `asked`, of a list in order; null if there is none.
const ListedSession* find_session(const std::vector<ListedSession>& sessions,
                                  std::string_view asked);

}  // namespace quotawatch::os
