// What programs write about limits and troubles, with places for the times: the words that
// simulated agents show. Taken from screens that were recorded and reported, not from the
// packs that are to recognise them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"
#include "quotawatch/time.h"
#include "quotawatch/verdict.h"
#include "quotawatch/zone.h"
#include "sim/screens/fuzz_screen.h"

namespace quotawatch::sim {

enum class LimitKind {
  window,  // of five hours
  week,
  open,  // until somebody pays: no banner can name its end
};

struct Wording {
  ScreenKind program = ScreenKind::claude_code;
  Place place = Place::result;
  Verdict says = Verdict::exhausted;
  // The text, in it {clock} ("8pm"), {clock12} ("11:42 PM"), {date} ("Dec 2, 7pm"),
  // {ordinal} ("Jan 3rd, 2026 2:30 PM"), {zone}, {epoch}.
  std::string_view text;
  std::optional<LimitKind> limit = std::nullopt;  // of a banner
  bool names_reset = false;
  bool counts = true;  // false: never a hit
};

// Banners of a hard stop, for a program and a kind of limit; those that name a reset, or
// those that do not. Never empty, for none is without.
std::vector<const Wording*> banners(ScreenKind program, LimitKind limit, bool names_reset);

// Everything of a class that is no hard stop: warnings, throttles, 5xx, login.
std::vector<const Wording*> notices(ScreenKind program, Verdict says);

// The text with its times, for people in `zone`.
std::string word(const Wording& wording, WallTime resets_at, const Zone& zone);

// The same up to the time it names: what makes it the message it is, whatever follows.
std::string word_to_reset(const Wording& wording, WallTime resets_at, const Zone& zone);

// A time at which clocks in `zone` show a full hour or half hour, and from whose words
// everybody finds the same instant: `time` or shortly before it, or after it where
// clocks change.
WallTime round_for_banner(WallTime time, const Zone& zone);

}  // namespace quotawatch::sim
