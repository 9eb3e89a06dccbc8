// The sentences about limits that stand in a program's own files: in the literals of source code, of bundles and of
// type files, also inside binaries, and between the bytes of compiled ones. For `patterns audit`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file_reader.h"

namespace quotawatch {

// The file's sentences that speak of an account's limit, each once, in their order. What a program fills in at run
// time is filled in with an example, and a beginning is completed.
std::vector<std::string> limit_sentences(FileReader& file);

// The text with examples in place of "${…}", "{}" and "%s", and an end if it lacks one.
std::string completed(std::string_view text);

// True for what a program may say of the limit of an account: that it is reached, near, or gone round.
bool speaks_of_limit(std::string_view text);

}  // namespace quotawatch
