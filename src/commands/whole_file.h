// Files that are written whole or not at all; for reports and blessed transcripts.
#pragma once

#include <string>
#include <string_view>

namespace quotawatch {

// Written beside the file and moved over it, so that it is never half written. A link stays
// one, and permissions stay as they are. Throws InputError if it cannot be written.
void write_whole(const std::string& path, std::string_view text);

}  // namespace quotawatch
