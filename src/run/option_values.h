// Values of options shared by several subcommands.
#pragma once

#include <string>

#include "quotawatch/time.h"

namespace quotawatch {

// For CLI11's check(): in a script, an empty value is usually an unset variable and not meant as
// the default.
std::string refuse_empty(const std::string& value);

// Throws InputError naming the option if `text` is not a duration.
Milliseconds duration_of_option(const char* option, const std::string& text);

// The user's own config: quotawatch/quotawatch.json in `$XDG_CONFIG_HOME` (else ~/.config); empty if neither is known.
std::string own_config();

// Where a config is looked for without --config: `$QUOTAWATCH_CONFIG`, quotawatch.json in the current folder, and
// own_config(). The first that is named or exists; empty if none.
std::string search_config(const std::string& given);

// If there is none, throws InputError in the name of `command`.
std::string find_config(const std::string& given, const std::string& command);

// The tmux server to ask: `given` on the command line, the config's, the one of `$TMUX`, else `default`. A name as
// `tmux -L` takes it, or a path.
std::string choose_socket(const std::string& given, const std::string& configured);

}  // namespace quotawatch
