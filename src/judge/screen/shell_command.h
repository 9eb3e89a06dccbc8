// What a command line at a shell is there for: whether what follows it may be an
// agent's words, or is text that it was asked to print.
#pragma once

#include <string_view>

namespace quotawatch {

struct Purpose {
  bool agent = false;    // one of its programs is a coding agent
  bool printer = false;  // one of them shows text that is somewhere else
};

// Looks at each word that stands where a command can: at the beginning, behind "|",
// "&&", ";" and behind "sudo", "timeout 60", "VAR=x" and their like.
Purpose purpose_of(std::string_view command_line);

}  // namespace quotawatch
