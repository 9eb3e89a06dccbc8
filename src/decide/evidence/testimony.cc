#include "decide/evidence/testimony.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/enum_names.h"
#include "base/mutant.h"

namespace quotawatch {
namespace {

using Says = Testimony::Says;

constexpr EnumNames<Says::failed> says_names{"under_way", "fine", "refused", "rate_limited", "failed"};

// How long a program may take between the two: it writes down how a turn ended, and runs its hook.
constexpr Milliseconds same_ending = std::chrono::minutes{1};

// True if the testimony says what no rule sees on the screen.
bool says_more(const Testimony& testimony, const Reading& screen) {
  if (mutant("a witness is heard only with a banner")) return false;
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
  if (!testimony) return std::nullopt;
  const bool refused = testimony->says == Says::refused;
  if (!says_more(*testimony, screen)) {
    if (!refused) return std::nullopt;
    Reading both = screen;
    both.limit->refused_at = testimony->at;
    return both;
  }
  Reading reading;
  reading.verdict = refused ? Verdict::exhausted : Verdict::throttled;
  reading.rule = witness_rule;
  reading.row = std::max<std::size_t>(screen.row, 1);
  reading.line = screen.line;
  reading.snippet = screen.snippet;
  reading.context = screen.context;
  // The same for as long as it is the last that was said; the next one is another message (A3).
  const auto identity = refused ? "refused" : fmt::format("rate limited at {}", format_wall_ms(testimony->at));
  reading.limit = screen.limit.value_or(Occurrence{Fingerprint::of(identity), ConversationTrace::unknown()});
  if (refused && !mutant("a refusal is another one when the screen changes")) reading.limit->refused_at = testimony->at;
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

bool proves_nothing(const std::optional<Testimony>& testimony) {
  return testimony && testimony->says != Says::fine && testimony->says != Says::under_way;
}

bool denies(const std::optional<Testimony>& testimony, Verdict verdict, WallTime now) {
  if (mutant("a witness is not believed")) return false;
  if (!testimony || testimony->says == Says::fine) return testimony.has_value();
  return testimony->says == Says::under_way && verdict == Verdict::exhausted && now >= testimony->at &&
         (now - testimony->at < longest_silence || mutant("a silent witness denies for ever"));
}

void dispute(const Testimony& testimony, DatedVerdict& dated) {
  if (!names_limit(dated.verdict)) return;
  dated.verdict = Verdict::clear;
  dated.disputed = true;
  dated.reset_at.reset();
  dated.retry_at.reset();
  dated.why = testimony.says == Says::fine ? "disputed: the program's own record says that this turn ended well"
                                           : "disputed: the program's own record says that this turn goes on";
}

}  // namespace quotawatch
