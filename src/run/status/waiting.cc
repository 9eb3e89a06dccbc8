#include "run/status/waiting.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "quotawatch/resume.h"

namespace quotawatch {
namespace {

bool any_free(const Config& config, const State& state, WallTime now) {
  return config.accounts.empty() || std::ranges::any_of(config.accounts, [&](const std::string& account) {
           return account != state.active_account && !is_limited(state, account, now);
         });
}

// It is to go on, and is seen to.
std::string for_going_on(const State& state, const Resumption& resumption, WallTime now) {
  if (state.in_flight) return "the switch";
  if (is_limited(state, state.active_account, now)) return "a free account";
  if (resumption.failed) return "its user";
  if (resumption.to_type) return "its prompt, to be asked there";
  const std::string held = resumption.held.empty() ? "" : fmt::format(" (held: {})", resumption.held.back());
  if (resumption.attempts == 0) return "being asked to go on" + held;
  return fmt::format("going on, asked {} of {} times{}", resumption.attempts, most_resume_attempts, held);
}

std::string for_switch(const Config& config, const State& state, const MonitorView::Session& seen,
                       const HitCounts& counted, WallTime now) {
  if (state.in_flight) return state.in_flight->proposed ? "the other hosts' word" : "the switch";
  if (state.shared && !state.run.row_is_current) return "the store";
  if (state.run.retry_at) return "another try of the switch";
  if (state.run.cooldown_since) return "the end of the cooldown";
  if (state.run.suspicion && !any_free(config, state, now)) return "a free account";
  const int shown = seen.pool ? counted.pool : counted.interactive;
  const int needed = seen.pool ? config.quota.pool_threshold : config.quota.interactive_threshold;
  if (shown < needed) return fmt::format("{} more at a limit", needed - shown);
  return "the next poll";
}

}  // namespace

std::string evidence_text(const Config& config, const HitCounts& counted) {
  return fmt::format("pool {} of {}, dedicated {} of {}", counted.pool, config.quota.pool_threshold,
                     counted.interactive, config.quota.interactive_threshold);
}

Waiting waiting_of(const Config& config, const State& state, const std::string& session,
                   const MonitorView::Session* seen, const std::optional<HitCounts>& counted, WallTime now) {
  std::optional<WallTime> since = seen != nullptr && seen->verdict ? std::optional(seen->since) : std::nullopt;
  const auto memory = state.sessions.find(session);
  if (memory != state.sessions.end() && memory->second.sighting) since = memory->second.sighting->first_seen;
  const auto known = state.resumptions.find(session);
  if (known != state.resumptions.end() && !known->second.went_on) {
    return {escape_controls(for_going_on(state, known->second, now)),
            known->second.tried_at ? known->second.tried_at : since};
  }
  if (seen == nullptr || !seen->verdict) return {};
  switch (seen->hit) {
    case HitStatus::fresh:
      return {for_switch(config, state, *seen, counted.value_or(HitCounts{}), now), since};
    case HitStatus::stale:
    case HitStatus::charged:
      return {config.resume.way_of(session).how == ResumeHow::off ? "its user" : "being asked to go on", since};
    default:
      return {};
  }
}

}  // namespace quotawatch
