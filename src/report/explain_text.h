// One screen explained to a person: regions in the margin, rules with reasons, the
// verdict and the reset in local and UTC time.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/evidence.h"
#include "quotawatch/judge.h"
#include "quotawatch/time.h"
#include "quotawatch/zone.h"
#include "run/zone_choice.h"

namespace quotawatch {

// A reading at the time its screen was seen.
struct Dated {
  Verdict verdict;
  DatedReset reset = {};
};

// Ends with a newline. Coloured if stdout takes colour; nothing of the screen is
// printed unescaped.
std::string explain_text(const Explanation& explanation, const Dated& dated,
                         const ZoneChoice& zone);

}  // namespace quotawatch
