// Screens that the benchmarks judge: as large as real ones, with and without a hit.
#pragma once

#include <string>

namespace quotawatch::bench {

// The three lines that the seed looks at.
std::string tail(bool with_hit);

// What a session of Claude Code shows on 40 rows and 120 columns, all of them full.
enum class Scene {
  quiet,  // it works; nothing on the screen is about limits
  talk,   // it works on something about limits, and every row says so
  hit,    // it has hit its limit
};
std::string full_screen(Scene scene);

}  // namespace quotawatch::bench
