// The config of the run that a command asks about.
#pragma once

#include <string>

namespace quotawatch {

// `given`, else quotawatch.json in this folder. Throws InputError in `command`'s name where there
// is neither.
std::string find_usual_config(const std::string& given, const std::string& command);

}  // namespace quotawatch
