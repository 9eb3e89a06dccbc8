#include "decide/testimony.h"

#include <fmt/format.h>

#include <cassert>

#include "base/enum_names.h"

namespace quotawatch {
namespace {

using Says = Testimony::Says;

constexpr EnumNames<Says::failed> says_names{"under_way", "fine", "refused", "rate_limited", "failed"};

// How long a program may take between the two: it writes down how a turn ended, and runs its hook.
constexpr Milliseconds same_ending = std::chrono::minutes{1};

// True if the testimony says what no rule sees on the screen.
bool says_more(const Testimony& testimony, const Reading& screen) {
  if (testimony.says == Says::refused) return screen.verdict != Verdict::exhausted || !screen.counts;
  if (testimony.says != Says::rate_limited) return false;
  return screen.verdict == Verdict::clear || screen.verdict == Verdict::warning;
}

}  // namespace

std::string_view testimony_name(Testimony::Says says) { return says_names.name(says); }

std::vector<std::string> testimony_names() { return says_names.all(); }

std::optional<Testimony> last_word(const std::optional<Testimony>& record, const std::optional<Testimony>& hook) {
  if (!record || !hook) return record ? record : hook;
  const bool ended = record->says != Says::under_way && record->says != Says::fine;
  return record->at > hook->at - (ended ? same_ending : Milliseconds{0}) ? record : hook;
}

std::optional<Reading> read_testimony(const Reading& screen, const std::optional<Testimony>& testimony) {
  if (!testimony || !says_more(*testimony, screen)) return std::nullopt;
  Reading reading;
  reading.verdict = testimony->says == Says::refused ? Verdict::exhausted : Verdict::throttled;
  reading.rule = witness_rule;
  reading.row = 1;
  reading.context = screen.context;
  // The same refusal for as long as the record ends with it; the next one is another message (A3).
  reading.limit = Occurrence{Fingerprint::of(fmt::format("refused at {}", format_wall_ms(testimony->at))),
                             ConversationTrace::unknown()};
  assert(is_consistent(reading));
  return reading;
}

bool confirms(const std::optional<Testimony>& testimony, const Reading& screen) {
  if (!testimony) return false;
  if (testimony->says == Says::rate_limited) {
    return screen.verdict == Verdict::exhausted && screen.counts && screen.rule != limit_by_shape;
  }
  if (testimony->says != Says::refused) return false;
  return !testimony->reset_at || *testimony->reset_at - testimony->at <= longest_limit;
}

DatedReset with_reset(DatedReset dated, WallTime reset, WallTime now) {
  dated.at = reset;
  dated.too_far = false;
  dated.expired = reset <= now && !dated.retry_at;
  return dated;
}

bool denies(const std::optional<Testimony>& testimony, WallTime now) {
  if (!testimony || testimony->says == Says::fine) return testimony.has_value();
  return testimony->says == Says::under_way && now >= testimony->at && now - testimony->at < longest_silence;
}

void dispute(const Testimony& testimony, DatedVerdict& dated) {
  if (dated.verdict != Verdict::exhausted) return;
  dated.verdict = Verdict::clear;
  dated.disputed = true;
  dated.reset_at.reset();
  dated.retry_at.reset();
  dated.why = testimony.says == Says::fine ? "disputed: the program's own record says that this turn ended well"
                                           : "disputed: the program's own record says that this turn goes on";
}

}  // namespace quotawatch
