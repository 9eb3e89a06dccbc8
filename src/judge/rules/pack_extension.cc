#include "judge/rules/pack_extension.h"

#include <algorithm>
#include <utility>

namespace quotawatch {
namespace {

template <typename Value>
void append(std::vector<Value>& values, const std::vector<Value>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> known_regions(std::optional<ScreenKind> screen) {
  if (screen == ScreenKind::plain) return {"block"};
  if (screen == ScreenKind::opencode) return {"turn"};
  if (screen == ScreenKind::agent) return {"turn", "footer"};
  return {"turn", "notice", "panel", "footer"};
}

std::optional<Rule> moved_to(Rule rule, ScreenKind screen) {
  const auto known = known_regions(screen);
  std::vector<RegionKind> regions;
  for (auto region : rule.regions) {
    const bool conversation = region == RegionKind::turn || region == RegionKind::block;
    if (conversation) region = screen == ScreenKind::plain ? RegionKind::block : RegionKind::turn;
    const bool has = std::ranges::find(known, region_name(region)) != known.end();
    if (has && std::ranges::find(regions, region) == regions.end()) regions.push_back(region);
  }
  rule.regions = std::move(regions);
  return rule.regions.empty() ? std::nullopt : std::optional(std::move(rule));
}

void extend(Pack& pack, const Pack& base) {
  const std::size_t own = pack.rules.size();
  for (const auto& rule : base.rules) {
    const auto end = pack.rules.begin() + static_cast<std::ptrdiff_t>(own);
    if (std::find_if(pack.rules.begin(), end, [&](const Rule& other) { return other.id == rule.id; }) != end) continue;
    auto moved = moved_to(rule, pack.screen);
    if (!moved) continue;
    ++moved->inherited;
    pack.rules.push_back(std::move(*moved));
  }
  if (base.words.empty()) {
    pack.words.clear();
  } else {
    append(pack.words, base.words);
  }
  append(pack.programs, base.programs);
  append(pack.asides, base.asides);
  append(pack.menus, base.menus);
  append(pack.near, base.near);
}

}  // namespace quotawatch
