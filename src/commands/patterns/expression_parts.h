// Splits a regular expression as text: enough for `patterns lint` to name parts of a rule that no
// example tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// The alternatives: the parts between "|" outside groups and classes.
std::vector<std::string> split_alternatives(std::string_view expression);

// True if it is anchored at the beginning of a message and has literal text there.
bool is_anchored(std::string_view alternative);

// Its literal words in lower case, without classes and escapes.
std::vector<std::string> literal_words(std::string_view expression);

}  // namespace quotawatch
