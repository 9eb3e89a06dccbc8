// Values that options of several subcommands take.
#pragma once

#include <string>

#include "quotawatch/time.h"

namespace quotawatch {

// For CLI11's check(): an unset variable of a script is a mistake, not a default.
std::string refuse_empty(const std::string& value);

// Throws InputError naming the option where `text` is no duration.
Milliseconds duration_of_option(const char* option, const std::string& text);

}  // namespace quotawatch
