// Finds the config of the run that a command is about.
#pragma once

#include <string>

namespace quotawatch {

// `given`, else quotawatch.json in the current folder. If neither exists, throws InputError in the
// name of `command`.
std::string find_usual_config(const std::string& given, const std::string& command);

}  // namespace quotawatch
