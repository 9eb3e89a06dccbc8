// Explains one screen to a person: regions in the margin, rules with reasons, the verdict, and the
// reset in local time and UTC.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/evidence.h"
#include "quotawatch/judge.h"
#include "quotawatch/time.h"
#include "quotawatch/zone.h"
#include "run/zone_choice.h"

namespace quotawatch {

// A reading with the time its screen was seen.
struct Dated {
  Verdict verdict;
  DatedReset reset = {};
};

// Ends with a newline. Coloured if stdout supports it; all text from the screen is escaped.
std::string explain_text(const Explanation& explanation, const Dated& dated, const ZoneChoice& zone);

}  // namespace quotawatch
