#include "decide/testimony.h"

#include <fmt/format.h>

#include <cassert>

#include "base/enum_names.h"
#include "quotawatch/reset_time.h"

namespace quotawatch {
namespace {

using Says = Testimony::Says;

constexpr EnumNames<Says::failed> says_names{"under_way", "fine", "refused", "failed"};

// No account is locked for longer by a record than by a screen (A4).
constexpr Milliseconds longest = std::chrono::hours{24 * 32};

// A turn that has not ended says that this one was not refused; but a program that has stopped writing must not hide
// a limit for ever.
bool denies(const Testimony& testimony, WallTime now) {
  if (testimony.says == Says::fine) return true;
  return testimony.says == Says::under_way && now >= testimony.at && now - testimony.at < longest_silence;
}

}  // namespace

std::string_view testimony_name(Testimony::Says says) { return says_names.name(says); }

std::vector<std::string> testimony_names() { return says_names.all(); }

std::optional<Reading> read_testimony(const Reading& screen, const std::optional<Testimony>& testimony) {
  if (!testimony || testimony->says != Says::refused) {
    return std::nullopt;
  }
  if (screen.verdict == Verdict::exhausted && screen.counts) return std::nullopt;
  Reading reading;
  reading.verdict = Verdict::exhausted;
  reading.rule = witness_rule;
  reading.row = 1;
  reading.context = screen.context;
  // The same refusal for as long as the record ends with it; the next one is another message (A3).
  reading.limit = Occurrence{Fingerprint::of(fmt::format("refused at {}", format_wall_ms(testimony->at))),
                             ConversationTrace::unknown()};
  assert(is_consistent(reading));
  return reading;
}

void heed(const std::optional<Testimony>& testimony, WallTime now, DatedVerdict& dated) {
  if (!testimony) return;
  if (dated.verdict == Verdict::exhausted && denies(*testimony, now)) {
    dated.verdict = Verdict::clear;
    dated.disputed = true;
    dated.reset_at.reset();
    dated.retry_at.reset();
    dated.why = testimony->says == Says::fine ? "disputed: the program's own record says that this turn ended well"
                                              : "disputed: the program's own record says that this turn goes on";
    return;
  }
  if (testimony->says != Says::refused) return;
  const bool shown = dated.verdict == Verdict::exhausted || dated.expired;
  if (!shown || !testimony->reset_at) {
    dated.witnessed = dated.verdict == Verdict::exhausted;
    return;
  }
  const WallTime reset = *testimony->reset_at;
  if (reset - testimony->at > longest) return;
  dated.witnessed = true;
  dated.reset_at = reset;
  dated.expired = reset <= now && !dated.retry_at;
  dated.verdict = dated.expired ? Verdict::clear : Verdict::exhausted;
  if (!dated.retry_at) dated.why = dated.expired ? "expired: its reset has passed" : "";
}

}  // namespace quotawatch
