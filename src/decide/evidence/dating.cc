#include "decide/evidence/dating.h"

#include <cassert>
#include <variant>

#include "base/mutant.h"
#include "decide/accounts/nearing.h"

namespace quotawatch {
namespace {

constexpr Milliseconds refusal_retry = std::chrono::minutes{1};

// "8pm", "Mon 8pm": recurring times.
bool recurs(const ResetTime& reset) {
  return reset.at_clock && (!reset.day || std::holds_alternative<std::chrono::weekday>(*reset.day));
}

// True if the message appeared just after the reset it names; then `dated` gets that reset. A time
// of day can also mean the next day: the rule's window decides, or else that no program would
// announce a limit of that length. On plain screens the author is unknown, and the next such time
// is assumed.
bool refused_again(const Reading& reading, const Zone& host_zone, WallTime first_seen, DatedReset& dated) {
  assert(reading.reset && reading.limit && dated.at);
  if (reading.reset->after) return false;  // a time span never refers to the past
  const WallTime since = first_seen - refusal_window;
  const Milliseconds just_before{1};
  auto named = *dated.at;
  if (recurs(*reading.reset)) {
    const bool within_window = !reading.window || named - first_seen <= *reading.window + window_slack;
    if (reading.limit->conversation.block && within_window) return false;
    named = resolve_reset(*reading.reset, since - just_before, host_zone).value_or(named);
  }
  if (named == first_seen && mutant("a reset at the first look is another day's")) return false;
  if (named < since || named > first_seen) return false;
  dated.at = named;
  dated.retry_at = first_seen + refusal_retry;
  return true;
}

}  // namespace

void take_reset(const Testimony& testimony, WallTime first_seen, WallTime now, DatedReset& dated) {
  if (!testimony.reset_at || mutant("the reset of a witness is ignored")) return;
  const Milliseconds late = testimony.at - *testimony.reset_at;
  if (!dated.retry_at && late >= Milliseconds{0} && late <= refusal_window) {
    dated.retry_at = first_seen + refusal_retry;
  }
  dated.at = testimony.reset_at;
  dated.too_far = false;
  dated.expired = *dated.at <= now && !dated.retry_at;
}

DatedReset date_reset(const Reading& reading, const Zone& host_zone, FirstLook first, WallTime now) {
  if (!reading.reset) return {};
  DatedReset dated;
  dated.at = resolve_reset(*reading.reset, first.at, host_zone);
  if (!dated.at) return dated;
  if (mutant("a limit shown again is expired")) first.seen_coming = false;
  if (first.seen_coming && refused_again(reading, host_zone, first.at, dated)) return dated;
  const Milliseconds longest = reading.window ? *reading.window + window_slack : longest_limit;
  const bool beyond = *dated.at - first.at > longest;
  dated.too_far = beyond && !recurs(*reading.reset);
  dated.expired = !dated.too_far && (beyond || *dated.at <= now);
  if (mutant("limits never expire")) dated.expired = false;
  if (dated.too_far && !mutant("resets in the far future are believed")) dated.at.reset();
  assert(!(dated.too_far && dated.expired));
  assert(dated.at || !dated.expired);
  return dated;
}

}  // namespace quotawatch
