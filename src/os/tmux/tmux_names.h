// How a session's name is said to tmux so that it means that session and no other.
// Pure text; used by TmuxBatch and by the tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// The names a session may really have whose owner calls it `asked`, the exact one
// first: tmux changes some characters when it makes a session (`a.b` is `a_b`),
// and which ones depends on its version. Empty if no session can be called so.
std::vector<std::string> possible_names(std::string_view asked);

// A target (`-t`) for the current pane of the session of exactly this name. Tmux
// may still answer for another one where this does not exist (a client's name, a
// pattern), so the answer has to be compared with the name.
std::string pane_target(std::string_view name);

// One argument of a command that tmux parses, everything in it taken literally.
std::string quote_argument(std::string_view text);

}  // namespace quotawatch::os
