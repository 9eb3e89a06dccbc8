#include "sim/check/coverage.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace quotawatch::sim {
namespace {

constexpr auto mark_names = std::to_array<std::string_view>({"named reset",
                                                             "confirmed",
                                                             "by pool",
                                                             "by interactive",
                                                             "throttled",
                                                             "veto",
                                                             "expiry",
                                                             "limit ended",
                                                             "account freed",
                                                             "account used",
                                                             "charged",
                                                             "lone",
                                                             "untaken",
                                                             "untaken again",
                                                             "given up",
                                                             "stale",
                                                             "late banner",
                                                             "suspicion cleared",
                                                             "suspicion too old",
                                                             "suspicion kept",
                                                             "cooldown",
                                                             "pending",
                                                             "backoff",
                                                             "hook failed",
                                                             "hook timed out",
                                                             "switch resumed",
                                                             "id again",
                                                             "all accounts out",
                                                             "account free again",
                                                             "unsaved",
                                                             "fallback",
                                                             "state lost",
                                                             "server down",
                                                             "server up",
                                                             "capture failed",
                                                             "session gone",
                                                             "half drawn",
                                                             "unrecognised",
                                                             "resumed",
                                                             "resume held",
                                                             "resume failed",
                                                             "witnessed",
                                                             "disputed",
                                                             "near limit",
                                                             "before the wall",
                                                             "session found",
                                                             "session lost",
                                                             "crash before save",
                                                             "crash after save",
                                                             "crash before write",
                                                             "crash after write",
                                                             "crash before start",
                                                             "crash after start",
                                                             "crash before type",
                                                             "crash after type",
                                                             "crash after report"});
static_assert(mark_names.size() == mark_count);

}  // namespace

std::string_view mark_name(Mark mark) {
  assert(static_cast<std::size_t>(mark) < mark_count);
  return mark_names[static_cast<std::size_t>(mark)];
}

std::optional<Mark> find_mark(std::string_view name) {
  const auto* const found = std::find(mark_names.begin(), mark_names.end(), name);
  if (found == mark_names.end()) return std::nullopt;
  return static_cast<Mark>(found - mark_names.begin());
}

Coverage& Coverage::operator+=(const Coverage& other) {
  for (std::size_t i = 0; i < times.size(); ++i) times[i] += other.times[i];
  return *this;
}

void CoverageCounter::captured(const TmuxCapture& capture, Moment /*began*/) {
  if (half_drawn_ > 0 && capture.server_up) coverage_.add(Mark::half_drawn);
  // Neither cleared nor confirmed by the previous poll, which missed some sessions.
  if (std::exchange(saw_less_, false) && suspected_) coverage_.add(Mark::suspicion_kept);
}

void CoverageCounter::truth_set(const SetTruth& set, Moment /*now*/) {
  Truth& truth = truths_[set.session];
  const auto half = [](const Truth& some) { return some.says == Verdict::unknown ? 1U : 0U; };
  half_drawn_ += half(set.truth);
  assert(half_drawn_ >= half(truth));
  half_drawn_ -= half(truth);
  truth = set.truth;
}

void CoverageCounter::journalled(const JournalEntry& entry) {
  const Event& event = entry.event;
  switch (event.kind) {
    case EventKind::suspect:
      suspected_ = true;
      break;
    case EventKind::clear:
      suspected_ = false;
      coverage_.add(event.reason == "too_old" ? Mark::suspicion_too_old : Mark::suspicion_cleared);
      break;
    case EventKind::switch_:
      take_switch(event);
      break;
    case EventKind::switch_failed:
      take_end(event);
      break;
    case EventKind::switch_resumed:
      coverage_.add(Mark::switch_resumed);
      break;
    case EventKind::exhausted_everywhere:
      all_out_ = true;
      coverage_.add(Mark::all_accounts_out);
      break;
    case EventKind::verdict:
      take_verdict(event);
      break;
    case EventKind::skip:
      take_skip(event);
      break;
    case EventKind::stale:
      coverage_.add(checker_.shows_late_banner(*event.session) ? Mark::late_banner : Mark::stale);
      break;
    case EventKind::unrecognised:
      coverage_.add(Mark::unrecognised);
      break;
    case EventKind::reset:
      coverage_.add(Mark::limit_ended);
      break;
    case EventKind::account:
      coverage_.add(event.from ? Mark::account_used : Mark::account_freed);
      break;
    case EventKind::tmux_down:
      coverage_.add(Mark::server_down);
      break;
    case EventKind::tmux_up:
      coverage_.add(Mark::server_up);
      break;
    case EventKind::switch_ineffective:
      coverage_.add(Mark::untaken);
      break;
    case EventKind::resumed:
      coverage_.add(Mark::resumed);
      break;
    case EventKind::resume_held:
      coverage_.add(Mark::resume_held);
      break;
    case EventKind::resume_failed:
      coverage_.add(Mark::resume_failed);
      break;
    case EventKind::found:
      coverage_.add(Mark::found);
      break;
    case EventKind::lost:
      coverage_.add(Mark::lost);
      break;
    case EventKind::near_limit:
      coverage_.add(Mark::near_limit);
      break;
    case EventKind::resume:
    case EventKind::pause:
    case EventKind::typed:
    case EventKind::switch_done:
    case EventKind::switch_beaten:
    case EventKind::store_down:
    case EventKind::store_up:
    case EventKind::stopped:
    case EventKind::no_agent:
    case EventKind::disagree:
      break;
  }
}

void CoverageCounter::take_switch(const Event& event) {
  if (event.reason == "near_limit") return coverage_.add(Mark::early);
  coverage_.add(event.reset_at ? Mark::named_reset : Mark::confirmed);
  coverage_.add(event.interactive.value_or(0) > 0 ? Mark::by_interactive : Mark::by_pool);
  if (event.reason == "lone") coverage_.add(Mark::lone);
  if (event.why == "the switch before did not take") coverage_.add(Mark::untaken_again);
  if (all_out_) coverage_.add(Mark::account_free_again);
  if (event.rule == "request-rejected") coverage_.add(Mark::throttled);
  suspected_ = false;
  all_out_ = false;
}

void CoverageCounter::take_end(const Event& event) {
  const std::string why = event.why.value_or("");
  coverage_.add(why == "timed out"                    ? Mark::hook_timed_out
                : why.starts_with("the state cannot") ? Mark::unsaved
                                                      : Mark::hook_failed);
}

void CoverageCounter::take_verdict(const Event& event) {
  if (event.verdict == "unknown") {
    coverage_.add(Mark::capture_failed);
    saw_less_ = suspected_;
  }
  if (event.account) coverage_.add(Mark::charged);
  if (event.rule == "witness") coverage_.add(Mark::witnessed);
  if (event.why.value_or("").starts_with("disputed")) coverage_.add(Mark::disputed);
  if (event.why.value_or("").starts_with("expired")) coverage_.add(Mark::expiry);
  if (event.verdict == "server_error" && !truths_[*event.session].message.empty()) {
    coverage_.add(Mark::veto);
  }
}

void CoverageCounter::take_skip(const Event& event) {
  coverage_.add(event.reason == "cooldown"      ? Mark::cooldown
                : event.reason == "pending"     ? Mark::pending
                : event.reason == "ineffective" ? Mark::given_up
                                                : Mark::backoff);
}

void CoverageCounter::hook_started(const SwitchRequest& request, Moment /*now*/) {
  if (!ids_.insert(request.id).second) coverage_.add(Mark::id_again);
}

void CoverageCounter::loaded(const std::optional<State>& state, bool /*whole*/, Moment /*now*/) {
  if (!state && had_state_) coverage_.add(Mark::state_lost);
  had_state_ = had_state_ || state.has_value();
  suspected_ = false;
}

void CoverageCounter::performed(const Action& action, Moment /*now*/) {
  if (std::holds_alternative<RemoveSession>(action)) coverage_.add(Mark::session_gone);
}

Coverage CoverageCounter::finish(const Stage& stage) {
  coverage_.times[static_cast<std::size_t>(Mark::fallback)] += stage.store().fallbacks();
  const auto first = static_cast<std::size_t>(Mark::crash_before_save);
  const auto& kills = stage.fail_points().kills();
  for (std::size_t i = 0; i < kills.size(); ++i) coverage_.times[first + i] += kills[i];
  return coverage_;
}

}  // namespace quotawatch::sim
