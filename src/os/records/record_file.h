// Reads a file of lines from its end, in pieces: lines of several megabytes stand in conversations.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace quotawatch::os {

// Calls `take` with each whole line, the last one first, until it returns true or `limit` bytes were read. A last line
// without its newline is still being written and left out. False if the file cannot be read.
bool read_lines_backwards(const std::string& path, std::size_t limit,
                          const std::function<bool(std::string_view)>& take);

// The first line; empty if there is none within `limit` bytes.
std::string read_first_line(const std::string& path, std::size_t limit);

}  // namespace quotawatch::os
