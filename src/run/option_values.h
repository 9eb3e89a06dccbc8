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

// The config of the run that a command is about: `given`, else quotawatch.json in the current folder.
// If neither exists, throws InputError in the name of `command`.
std::string find_usual_config(const std::string& given, const std::string& command);

}  // namespace quotawatch
