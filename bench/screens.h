// Screens that the benchmarks judge: as large as real ones, with and without a hit.
#pragma once

#include <string>

namespace quotawatch::bench {

// The three lines that the seed looks at.
std::string tail(bool with_hit);

// A pane of 40 rows and 120 columns, full of text; the hit is its last row.
std::string full_screen(bool with_hit);

}  // namespace quotawatch::bench
