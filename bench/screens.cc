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

std::string full_screen(Scene scene) {
  const std::string rule = fmt::format("{:─<120}\n", "");
  const char* const prose = scene == Scene::talk ? "The parser reads Each line once; Rows that Hold a Limit in their "
                                                   "Prose are not banners, {} of them so far."
                                                 : "The parser reads Each line once; Rows that Hold a Comment in their "
                                                   "Margin are not kept, {} of them so far.";
  std::string text = "❯ go on with the next part of the plan\n\n● Bash(ninja -C build)\n  ⎿  ok\n";
  constexpr int rows = 29;
  for (int row = 0; row < rows; ++row) {
    text += row % 5 == 0 ? "\n● " : "  ";
    text += fmt::format("{:.116}\n", fmt::format("{:3} {}", row, fmt::format(fmt::runtime(prose), row * 7)));
    if (row % 5 == 0) ++row;
  }
  text += scene == Scene::hit ? "  ⎿ \u00a0You've hit your 5-hour limit · resets 12am (Europe/Paris)\n"
                              : "\n● All 214 tests pass; the branch is ready for review.\n";
  text += "\n✻ Cooked for 12s · done 8:52 PM\n\n" + rule + "❯\u00a0\n" + rule;
  return text + "  ⏵⏵ bypass permissions on (shift+tab to cycle) · ← for agents\n";
}

}  // namespace quotawatch::bench
