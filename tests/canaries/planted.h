// Whether a bug of bugs.json is in force: what the planted copies of the decision code ask.
//
// Only canary_tests has these copies; the program knows nothing of them.
#pragma once

#include <string_view>

namespace quotawatch::canaries {

// True if that bug was planted last.
bool planted(std::string_view bug);

// Plants it, and takes the one before out; an empty name plants none.
void plant(std::string_view bug);

}  // namespace quotawatch::canaries
