// A regular expression taken apart as text: enough for `patterns lint` to say which
// part of a rule nothing tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// What stands between the "|" that are in no group and no class.
std::vector<std::string> split_alternatives(std::string_view expression);

// True if it begins where a message does, and says something there.
bool is_anchored(std::string_view alternative);

// The words that it spells out, in lower case; classes and escapes are left out.
std::vector<std::string> literal_words(std::string_view expression);

}  // namespace quotawatch
