// How to address a tmux session by its name so that no other session matches. Pure text; used by
// TmuxBatch and by the tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// The names that the session a user calls `asked` may really have, the exact one first: tmux
// replaces some characters when it creates a session (`a.b` becomes `a_b`), and which ones depends
// on its version. Empty if no session can have such a name.
std::vector<std::string> possible_names(std::string_view asked);

// A target (`-t`) for the current pane of the session with exactly this name. If it does not exist,
// tmux may still pick another (by a client's name or a pattern), so the answer's session name must
// be compared.
std::string pane_target(std::string_view name);

// The option that names a server: -S for a path, else -L.
std::string socket_option(std::string_view socket);

// One argument of a tmux command, quoted so that everything in it is literal.
std::string quote_argument(std::string_view text);

}  // namespace quotawatch::os
