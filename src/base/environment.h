// Variables of the process's environment, read while there is one thread.
#pragma once

#include <string>

namespace quotawatch {

// Empty if it is not set.
std::string environment_variable(const char* name);

}  // namespace quotawatch
