// Plain packs: the last rows of a screen are one text, the first matching rule in the pack's order
// decides, a server error vetoes.
//
// Used by Judge if a session has a plain pack by name.
#pragma once

#include <string_view>

#include "judge/rules/ruleset.h"
#include "quotawatch/judge.h"
#include "quotawatch/pack.h"

namespace quotawatch {

// `rules`: all of `pack`, over rows.
Reading read_block(const Pack& pack, const Ruleset& rules, std::string_view text);
Explanation explain_block(const Pack& pack, const Ruleset& rules, std::string_view text);

}  // namespace quotawatch
