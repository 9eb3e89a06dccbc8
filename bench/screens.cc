#include "bench/screens.h"

#include <fmt/format.h>

namespace quotawatch::bench {
namespace {

constexpr const char* banner = "  You've hit your limit · resets 8pm (Europe/Paris)\n";
constexpr const char* no_banner = "  All 214 tests pass; the branch is ready for review.\n";

}  // namespace

std::string tail(bool with_hit) {
  return std::string("> go on with the next part of the plan\n") + (with_hit ? banner : no_banner) +
         "  auto-accept edits on (shift+tab to cycle)\n";
}

std::string full_screen(bool with_hit) {
  std::string text;
  constexpr int rows = 39;
  for (int row = 0; row < rows; ++row) {
    text += fmt::format(
        "{:.119}|\n", fmt::format("{:4} The parser reads Each line once; Rows that Hold a Limit in "
                                  "their Prose are not banners, {} of them so far.",
                                  row, row * 7));
  }
  return text + (with_hit ? banner : no_banner);
}

}  // namespace quotawatch::bench
