// What a run says of itself on stderr when it begins: what it watches, and what looks wrong.
//
// Called by Production.
#pragma once

#include <string>

#include "quotawatch/config.h"
#include "quotawatch/tmux.h"
#include "run/zone_choice.h"

namespace quotawatch {

// `account`: the active one. `says_only`: nobody carries a switch out.
void announce_run(const Config& config, const std::string& account, bool says_only);

// Which zone reset times are in that name none.
void announce_zone(const ZoneChoice& choice);

// A session that does not exist is no error, but a misspelt one should be seen.
void name_missing_sessions(const Config& config, Tmux& tmux);

}  // namespace quotawatch
