// The limit and error messages of real programs, with placeholders for times, for the screens of
// simulated agents. Taken from recorded and reported screens, not from the packs that have to
// recognise them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"
#include "quotawatch/testimony.h"
#include "quotawatch/time.h"
#include "quotawatch/verdict.h"
#include "quotawatch/zone.h"
#include "sim/screens/fuzz_screen.h"

namespace quotawatch::sim {

enum class LimitKind {
  window,  // of five hours
  week,
  open,  // until the user pays: banners name no end
};

struct Wording {
  ScreenKind program = ScreenKind::claude_code;
  Place place = Place::result;
  Verdict says = Verdict::exhausted;
  // Placeholders: {clock} ("8pm"), {clock12} ("11:42 PM"), {date} ("Dec 2, 7pm"), {ordinal} ("Jan
  // 3rd, 2026 2:30 PM"), {zone}, {epoch}.
  std::string_view text;
  std::optional<LimitKind> limit = std::nullopt;  // of a banner
  bool names_reset = false;
  bool counts = true;  // false: never a hit
};

// Servers change the words of banners without a release.
enum class Words {
  known,    // as recorded
  changed,  // in words that no pack knows
};

// Banners of a hard stop, for a program and a kind of limit, with or without a reset. Never empty.
std::vector<const Wording*> banners(ScreenKind program, LimitKind limit, bool names_reset, Words words = Words::known);

// All messages of a verdict other than a hard stop: warnings, throttles, 5xx, login.
std::vector<const Wording*> notices(ScreenKind program, Verdict says);

// The text with its times filled in, in `zone`.
std::string word(const Wording& wording, WallTime resets_at, const Zone& zone);

// A warning, with its percentage filled in, too.
std::string word_use(const Wording& warning, const WindowUse& use, const Zone& zone);

// The same, up to and including the time: the part that identifies the message.
std::string word_to_reset(const Wording& wording, WallTime resets_at, const Zone& zone);

// A time at which clocks in `zone` show a full or half hour and whose wording is unambiguous:
// `time` or shortly before it, or after it where clocks change.
WallTime round_for_banner(WallTime time, const Zone& zone);

}  // namespace quotawatch::sim
