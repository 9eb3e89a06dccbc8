// Packs that extend others: rules of one kind of screen on another, and two packs as one. For pack.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/pack.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// Where rules of such a screen can look, by name; nullopt: of any screen.
std::vector<std::string> known_regions(std::optional<ScreenKind> screen);

// The rule for another kind of screen: what speaks in the conversation of one does so in that of the other, and in
// the rows of a plain one. Nullopt if such screens have none of its regions.
std::optional<Rule> moved_to(Rule rule, ScreenKind screen);

// Puts `base` behind `pack`, whose rules replace those of the same id.
void extend(Pack& pack, const Pack& base);

}  // namespace quotawatch
