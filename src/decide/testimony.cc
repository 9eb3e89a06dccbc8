#include "decide/testimony.h"

#include <fmt/format.h>

#include <cassert>

#include "base/enum_names.h"

namespace quotawatch {
namespace {

using Says = Testimony::Says;

constexpr EnumNames<Says::failed> says_names{"under_way", "fine", "refused", "failed"};

}  // namespace

std::string_view testimony_name(Testimony::Says says) { return says_names.name(says); }

std::vector<std::string> testimony_names() { return says_names.all(); }

std::optional<Reading> read_testimony(const Reading& screen, const std::optional<Testimony>& testimony) {
  if (!testimony || testimony->says != Says::refused) return std::nullopt;
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

bool confirms(const std::optional<Testimony>& testimony) {
  if (!testimony || testimony->says != Says::refused) return false;
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
