// Combines the messages of a screen to one reading.
//
// The last live message of the turn wins, a server error vetoes, menus and footers contribute. Called by
// Judge for every screen with one of the packs' words.
#pragma once

#include <vector>

#include "judge/rules/ruleset.h"
#include "quotawatch/judge.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// The reading of `screen`. `text`: what the screen was read from. `findings`: if not null, receives every
// rule that matched and its effect.
Reading weigh(const Screen& screen, Ruleset& rules, std::string_view text, std::vector<RuleFinding>* findings);

}  // namespace quotawatch
