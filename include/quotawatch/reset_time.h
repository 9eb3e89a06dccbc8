// When a limit ends, as a banner says it ("8pm", "in 45 minutes"), and the
// instant that means for somebody who saw the banner at a known time.
//
// Read once from a screen by Judge; resolved by fold() once it knows when the
// banner came to the screen (rules A3 and A4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

struct ResetTime {
  std::string text;                              // as written, without the zone
  std::optional<std::chrono::minutes> at_clock;  // "8pm": after local midnight
  std::optional<Milliseconds> after;             // "in 45 minutes": from first seen
  std::optional<Zone> zone;                      // where the banner names one

  // Both unset: the text names no possible time ("13pm"); it never resolves.
  bool resolvable() const { return at_clock.has_value() || after.has_value(); }
};

// The first reset time in `text`, as the seed reads it: "resets 8pm",
// "resets at 11:30pm (America/Los_Angeles)", "resets in 45 minutes".
std::optional<ResetTime> find_reset(std::string_view text);

// The instant: the next such moment strictly after `first_seen`, in the banner's
// zone if it names one, else in `host`. Nothing if the text is not resolvable.
std::optional<WallTime> resolve_reset(const ResetTime& reset, WallTime first_seen,
                                      const Zone& host);

}  // namespace quotawatch
