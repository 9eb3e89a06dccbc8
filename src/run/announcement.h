// The messages on stderr when a run begins: what it watches, and what looks wrong.
//
// Called by Production.
#pragma once

#include <string>

#include "quotawatch/config.h"
#include "quotawatch/tmux.h"
#include "run/zone_choice.h"

namespace quotawatch {

// `account`: the active one. `says_only`: switches are only journalled, not carried out.
void announce_run(const Config& config, const std::string& account, bool says_only);

// Logs the zone that applies to reset times without one.
void announce_zone(const ZoneChoice& choice);

// A missing session is no error, but warns about one that may be misspelt.
void name_missing_sessions(const Config& config, Tmux& tmux);

}  // namespace quotawatch
