// Plain packs: the last rows of a screen as one text, the first rule in the pack's
// order decides, a server error vetoes. The seed's way.
//
// Used by Judge where a session is given a plain pack by name.
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
