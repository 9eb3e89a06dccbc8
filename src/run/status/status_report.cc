#include "run/status/status_report.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/text.h"
#include "quotawatch/evidence.h"
#include "quotawatch/group_states.h"
#include "run/status/waiting.h"

namespace quotawatch {
namespace {

WallTime wall_time_of(SteadyTime time, Moment now) { return now.wall + (time - now.steady); }

void add_accounts(GroupStatus& status, const Config& config, const State& state, WallTime now) {
  status.active_account = state.active_account;
  auto names = config.accounts;
  const bool listed = std::find(names.begin(), names.end(), state.active_account) != names.end();
  if (!listed && !state.active_account.empty()) names.push_back(state.active_account);
  for (const auto& name : names) {
    const bool reserve = std::ranges::find(config.reserve, name) != config.reserve.end();
    GroupStatus::Account account{name, name == state.active_account, std::nullopt, reserve,
                                 known_use(state, name, now)};
    if (is_limited(state, name, now)) account.limited_until = state.limited_until.at(name);
    status.accounts.push_back(std::move(account));
  }
}

void add_state(GroupStatus& status, const Config& config, const State& state, Moment now) {
  add_accounts(status, config, state, now.wall);
  status.in_flight = state.in_flight;
  status.last_switch = state.last_switch;
  if (in_cooldown(config.quota, state, now.steady)) {
    assert(state.run.cooldown_since);
    status.cooldown_until = wall_time_of(*state.run.cooldown_since + config.quota.cooldown, now);
  }
  if (const auto& suspicion = state.run.suspicion) {
    status.suspicion = {wall_time_of(suspicion->since, now), suspicion->confirmed};
  }
}

std::optional<WallTime> retry_time(const State& state, Moment now) {
  const auto& retry = state.run.retry_at;
  return retry && now.steady < *retry ? std::optional(wall_time_of(*retry, now)) : std::nullopt;
}

// Adds what the state says about a session.
void add_memory(GroupStatus::Session& session, const State& state) {
  const auto found = state.sessions.find(session.name);
  if (found == state.sessions.end()) return;
  // A message that is no longer visible is remembered, too.
  const bool out_of_sight = session.verdict && session.rule.empty();
  if (found->second.sighting && !out_of_sight) session.message_since = found->second.sighting->first_seen;
  session.unchanged_since_switch = found->second.shown_at_switch.has_value();
}

// Adds what it waits for. `seen`, `counted`: see waiting_of().
void add_waiting(GroupStatus::Session& session, const Config& config, const State& state,
                 const MonitorView::Session* seen, const std::optional<HitCounts>& counted, WallTime now) {
  Waiting waiting = waiting_of(config, state, session.name, seen, counted, now);
  if (!waiting.what.empty()) session.waits_since = waiting.since;
  session.waits_for = std::move(waiting.what);
  const auto known = state.resumptions.find(session.name);
  if (known != state.resumptions.end() && !known->second.went_on) session.attempts = known->second.attempts;
  const bool counts = seen != nullptr && (seen->hit == HitStatus::fresh || seen->hit == HitStatus::stale);
  if (counts && counted) session.evidence = evidence_text(config, *counted);
}

GroupStatus::Session describe(const MonitorView::Session& seen) {
  GroupStatus::Session session{seen.name, seen.pool};
  if (!seen.verdict) return session;
  session.account = seen.account;
  session.pane = seen.pane;
  session.window_pane = seen.window_pane;
  session.program = escape_controls(seen.program);
  session.no_agent = seen.no_agent;
  session.stand_in = seen.stand_in;
  session.verdict = seen.verdict->verdict;
  session.rule = seen.verdict->rule;
  session.snippet = seen.verdict->snippet;
  session.reset_text = escape_controls(seen.verdict->reset_text);
  session.reset_at = seen.verdict->reset_at;
  session.why = escape_controls(seen.verdict->why);
  session.since = seen.since;
  if (seen.testimony) {
    session.witness = testimony_name(seen.testimony->says);
    session.witness_at = seen.testimony->at;
  }
  session.hit = seen.hit;
  session.why_uncounted = seen.why_uncounted;
  return session;
}

void add_run(GroupStatus& status, const Config& config, const State& state, const MonitorView& view, std::size_t group,
             Moment now) {
  add_state(status, config, state, now);
  const auto& counted = view.groups[group].counted;
  if (counted) {
    status.hits = {counted->pool, config.quota.pool_threshold, counted->interactive,
                   config.quota.interactive_threshold};
  }
  for (const auto& seen : view.sessions) {
    if (seen.group != group) continue;
    status.sessions.push_back(describe(seen));
    add_memory(status.sessions.back(), state);
    add_waiting(status.sessions.back(), config, state, &seen, counted, now.wall);
  }
}

void add_saved(GroupStatus& status, const Config& config, const State& state, Moment now) {
  add_state(status, config, state, now);
  for (auto& [name, pool, pack] : watched_sessions(config)) status.sessions.push_back({std::move(name), pool});
  for (auto& session : status.sessions) {
    add_memory(session, state);
    add_waiting(session, config, state, nullptr, std::nullopt, now.wall);
  }
}

// All groups are paused alike.
void add_pause(StatusReport& report, const State& state, WallTime now) {
  report.monitor.paused = is_paused(state, now);
  if (report.monitor.paused) report.monitor.paused_until = state.pause->until;
}

}  // namespace

StatusReport report_run(const Config& config, const Monitor& monitor, const RunFacts& run, Moment now) {
  StatusReport report;
  const MonitorView view = monitor.view();
  report.at = now.wall;
  report.timezone = run.timezone;
  report.monitor = {true, true, run.process, "", run.since, run.dry_run};
  report.monitor.poll_took_ms = static_cast<int>(view.poll_took.count());
  report.monitor.tmux_took_ms = static_cast<int>(view.tmux_took.count());
  add_pause(report, monitor.state(), now.wall);
  report.monitor.poll_interval = config.quota.poll_interval;
  report.monitor.polled_at = view.polled_at;
  report.monitor.next_poll_at = wall_time_of(view.next_poll, now);
  report.tmux = {view.server_up, view.server_since, escape_controls(view.server_why), run.tmux_asked_by};
  if (view.store) {
    report.store = {!view.store->down_since, view.store->down_since, escape_controls(view.store->why)};
  }
  if (config.groups.empty()) {
    report.monitor.failures_in_a_row = monitor.state().run.failures_in_a_row;
    report.monitor.retry_at = retry_time(monitor.state(), now);
    add_run(report, config, monitor.state(), view, 0, now);
    return report;
  }
  const auto groups = groups_of(config);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const State& state = monitor.state(i);
    GroupStatus& status = report.groups.emplace_back();
    status.group = groups[i].group;
    status.failures_in_a_row = state.run.failures_in_a_row;
    status.retry_at = retry_time(state, now);
    add_run(status, groups[i], state, view, i, now);
  }
  return report;
}

StatusReport report_saved(const Config& config, std::optional<State> saved, WallTime now) {
  const Moment moment{SteadyTime{}, now};
  StatusReport report;
  report.at = now;
  for (const auto& group : groups_of(config)) {
    const State state = state_at_start(group, state_of_group(saved, group.group), moment);
    add_pause(report, state, now);
    if (group.group.empty()) {
      add_saved(report, group, state, moment);
    } else {
      GroupStatus& status = report.groups.emplace_back();
      status.group = group.group;
      add_saved(status, group, state, moment);
    }
  }
  return report;
}

}  // namespace quotawatch
