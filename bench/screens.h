// Screens for the benchmarks: as large as real ones, with and without a hit.
#pragma once

#include <string>

namespace quotawatch::bench {

// The three lines that the original monitor searches.
std::string tail(bool with_hit);

// A Claude Code session on 40 rows and 120 columns, all rows full.
enum class Scene {
  quiet,  // works; nothing on the screen is about limits
  talk,   // works on something about limits, mentioned on every row
  hit,    // has hit its limit
};
std::string full_screen(Scene scene);

}  // namespace quotawatch::bench
