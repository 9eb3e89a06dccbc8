// From what each message of a screen says to what the screen says.
//
// The last live message of the turn wins, a server error vetoes, menus and footers
// add what they know. Called by Judge for every screen that says anything at all.
#pragma once

#include <vector>

#include "judge/rules/ruleset.h"
#include "quotawatch/judge.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// The reading of `screen`. With `findings`, also every rule that matched and what
// became of it. `text`: what the screen was read from.
Reading weigh(const Screen& screen, Ruleset& rules, std::string_view text, std::vector<RuleFinding>* findings);

Progress progress_of(const Screen& screen, Ruleset& rules, std::string_view text);

// What the screen shows of a conversation.
Context context_of(const Screen& screen);

}  // namespace quotawatch
