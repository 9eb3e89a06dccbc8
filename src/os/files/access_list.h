// Access control lists of files, in the form that Linux has. Used where paths are judged (trusted_path.h).
#pragma once

#include <string>

namespace quotawatch::os {

// True if more users and groups than the owner and the group may have rights.
bool has_access_list(const std::string& path);

}  // namespace quotawatch::os
