#include "run/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "os/host/memory.h"

namespace quotawatch {
namespace {

double in_seconds(Milliseconds time) { return std::chrono::duration<double>(time).count(); }

double unix_seconds(WallTime time) { return in_seconds(time.time_since_epoch()); }

std::string label_value(std::string_view text) {
  std::string value;
  for (const char c : escape_controls(text)) {
    if (c == '\\' || c == '"') value += '\\';
    value += c;
  }
  return value;
}

// Metrics in the order in which they are added, each with its help and type.
class Exposition {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP quotawatch_{0} {1}\n# TYPE quotawatch_{0} {2}\n", name, help, type);
  }
  void add(double value) { text_ += fmt::format("quotawatch_{} {}\n", name_, value); }
  // Without groups there is no label `group`.
  void add(std::string_view group, std::string_view label, std::string_view of, double value) {
    const std::string first = group.empty() ? "" : fmt::format("group=\"{}\",", label_value(group));
    text_ += fmt::format("quotawatch_{}{{{}{}=\"{}\"}} {}\n", name_, first, label, label_value(of), value);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

// The groups; without groups the report itself, which has no name.
std::vector<const GroupStatus*> groups_of(const StatusReport& report) {
  std::vector<const GroupStatus*> groups;
  for (const auto& group : report.groups) groups.push_back(&group);
  if (groups.empty()) groups.push_back(&report);
  return groups;
}

void add_sessions(Exposition& out, const std::vector<const GroupStatus*>& groups) {
  out.begin("sessions", "gauge", "Watched sessions by verdict; none: no such session.");
  for (const auto* group : groups) {
    std::map<std::string, int> by_verdict;
    for (const auto verdict : {Verdict::clear, Verdict::exhausted}) by_verdict[std::string(verdict_name(verdict))] = 0;
    for (const auto& one : group->sessions) {
      ++by_verdict[one.verdict ? std::string(verdict_name(*one.verdict)) : "none"];
    }
    for (const auto& [verdict, count] : by_verdict) out.add(group->group, "verdict", verdict, count);
  }
}

void add_accounts(Exposition& out, const std::vector<const GroupStatus*>& groups) {
  if (std::ranges::all_of(groups, [](const auto* group) { return group->accounts.empty(); })) return;
  const auto add_each = [&](auto value_of) {
    for (const auto* group : groups) {
      for (const auto& account : group->accounts) out.add(group->group, "account", account.name, value_of(account));
    }
  };
  out.begin("account_free", "gauge", "1 if the account is not known to be at its limit.");
  add_each([](const auto& account) { return account.limited_until ? 0 : 1; });
  out.begin("account_active", "gauge", "1 for the account in use.");
  add_each([](const auto& account) { return account.active ? 1 : 0; });
  out.begin("account_limited_until_timestamp_seconds", "gauge", "When the account is free again; 0 if it is.");
  add_each([](const auto& account) { return account.limited_until ? unix_seconds(*account.limited_until) : 0; });
}

void add_monitor(Exposition& out, const StatusReport& report) {
  out.begin("tmux_up", "gauge", "1 if the tmux server answered the last poll.");
  out.add(report.tmux && report.tmux->up ? 1 : 0);
  if (report.store) {
    out.begin("store_up", "gauge", "1 if the database that hosts share answers.");
    out.add(report.store->up ? 1 : 0);
  }
  out.begin("paused", "gauge", "1 while the operator has paused the monitor.");
  out.add(report.monitor.paused ? 1 : 0);
  if (report.monitor.polled_at) {
    out.begin("last_poll_timestamp_seconds", "gauge", "When the last poll began.");
    out.add(unix_seconds(*report.monitor.polled_at));
  }
  out.begin("poll_duration_seconds", "gauge", "How long the last poll took.");
  out.add(in_seconds(Milliseconds{report.monitor.poll_took_ms}));
  out.begin("tmux_latency_seconds", "gauge", "How long tmux took to show all panes at the last poll.");
  out.add(in_seconds(Milliseconds{report.monitor.tmux_took_ms}));
  out.begin("resident_memory_bytes", "gauge", "Memory of the monitor.");
  out.add(static_cast<double>(os::resident_memory()));
  if (report.monitor.since) {
    out.begin("start_timestamp_seconds", "gauge", "When the monitor was started.");
    out.add(unix_seconds(*report.monitor.since));
  }
}

}  // namespace

bool stands_still(const GroupStatus::Session& session) {
  const bool counts = session.hit == HitStatus::fresh || session.hit == HitStatus::stale;
  return counts || !session.waits_for.empty() || session.verdict == Verdict::exhausted;
}

void Metrics::count(const Event& event) {
  const std::string group = event.group.value_or("");
  switch (event.kind) {
    case EventKind::switch_done:
      ++switches_[{group, "done"}];
      break;
    case EventKind::switch_failed:
      ++switches_[{group, "failed"}];
      break;
    case EventKind::switch_ineffective:
      ++switches_[{group, "ineffective"}];
      break;
    case EventKind::resume:
      ++resumes_[{group, "attempted"}];
      break;
    case EventKind::resumed:
      ++resumes_[{group, "resumed"}];
      break;
    case EventKind::resume_failed:
      ++resumes_[{group, "failed"}];
      break;
    default:
      break;
  }
}

void Metrics::add_standstill(const std::vector<const GroupStatus*>& groups, SteadyTime now) {
  const Milliseconds passed = begun_ ? now - last_ : Milliseconds{0};
  begun_ = true;
  last_ = now;
  for (const auto* group : groups) {
    for (const auto& one : group->sessions) {
      auto& stood = stood_still_[{group->group, one.name}];
      if (stands_still(one)) stood += passed;
    }
  }
}

std::string Metrics::text(const StatusReport& report, SteadyTime now) {
  const auto groups = groups_of(report);
  add_standstill(groups, now);
  Exposition out;
  add_sessions(out, groups);
  add_accounts(out, groups);
  const auto add_outcomes = [&](Counts& counts, std::initializer_list<const char*> outcomes) {
    for (const auto* group : groups) {
      for (const char* outcome : outcomes) {
        out.add(group->group, "outcome", outcome, static_cast<double>(counts[{group->group, outcome}]));
      }
    }
  };
  out.begin("switches_total", "counter", "Switches by outcome, since the start of the monitor.");
  add_outcomes(switches_, {"done", "failed", "ineffective"});
  out.begin("resumes_total", "counter", "Sessions asked to go on, by outcome, since the start of the monitor.");
  add_outcomes(resumes_, {"attempted", "resumed", "failed"});
  out.begin("session_stood_still_seconds_total", "counter", "How long each session stood still at a limit.");
  for (const auto& [session, stood] : stood_still_)
    out.add(session.first, "session", session.second, in_seconds(stood));
  add_monitor(out, report);
  return out.take();
}

}  // namespace quotawatch
