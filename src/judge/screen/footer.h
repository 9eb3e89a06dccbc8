// The texts of a program's footer, the rows below its prompt. Called by the reader of each program's screens.
#pragma once

#include <cstddef>
#include <vector>

#include "judge/screen/rows.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// Rows split into columns, the cells of each column joined downwards. A text may begin at any cell.
std::vector<Message> read_footer(const Rows& rows, std::size_t begin, std::size_t end);

}  // namespace quotawatch
