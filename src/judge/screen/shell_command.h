// Classifies a shell command: whether its output may be an agent's words, or is text that it was asked to
// print.
#pragma once

#include <string_view>

namespace quotawatch {

struct Purpose {
  bool agent = false;    // one of its programs is a coding agent
  bool printer = false;  // one of them prints files or other text
};

// Checks each word in the position of a command: at the beginning, after "|", "&&", ";" and after "sudo",
// "timeout 60", "VAR=x" and the like.
Purpose purpose_of(std::string_view command_line);

}  // namespace quotawatch
