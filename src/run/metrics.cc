#include "run/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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
  void add(std::string_view label, std::string_view of, double value) {
    text_ += fmt::format("quotawatch_{}{{{}=\"{}\"}} {}\n", name_, label, label_value(of), value);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

std::vector<GroupStatus::Session> all_sessions(const StatusReport& report) {
  auto all = report.sessions;
  for (const auto& group : report.groups) all.insert(all.end(), group.sessions.begin(), group.sessions.end());
  return all;
}

std::vector<GroupStatus::Account> all_accounts(const StatusReport& report) {
  auto all = report.accounts;
  for (const auto& group : report.groups) {
    for (auto account : group.accounts) {
      account.name = group.group + "/" + account.name;
      all.push_back(std::move(account));
    }
  }
  return all;
}

void add_sessions(Exposition& out, const StatusReport& report) {
  std::map<std::string, int> by_verdict;
  for (const auto verdict : {Verdict::clear, Verdict::exhausted}) by_verdict[std::string(verdict_name(verdict))] = 0;
  for (const auto& one : all_sessions(report)) {
    ++by_verdict[one.verdict ? std::string(verdict_name(*one.verdict)) : "none"];
  }
  out.begin("sessions", "gauge", "Watched sessions by verdict; none: no such session.");
  for (const auto& [verdict, count] : by_verdict) out.add("verdict", verdict, count);
}

void add_accounts(Exposition& out, const StatusReport& report) {
  const auto accounts = all_accounts(report);
  if (accounts.empty()) return;
  out.begin("account_free", "gauge", "1 if the account is not known to be at its limit.");
  for (const auto& account : accounts) out.add("account", account.name, account.limited_until ? 0 : 1);
  out.begin("account_active", "gauge", "1 for the account in use.");
  for (const auto& account : accounts) out.add("account", account.name, account.active ? 1 : 0);
  out.begin("account_limited_until_timestamp_seconds", "gauge", "When the account is free again; 0 if it is.");
  for (const auto& account : accounts) {
    out.add("account", account.name, account.limited_until ? unix_seconds(*account.limited_until) : 0);
  }
}

void add_monitor(Exposition& out, const StatusReport& report) {
  out.begin("tmux_up", "gauge", "1 if the tmux server answered the last poll.");
  out.add(report.tmux && report.tmux->up ? 1 : 0);
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
  switch (event.kind) {
    case EventKind::switch_done:
      ++switches_["done"];
      break;
    case EventKind::switch_failed:
      ++switches_["failed"];
      break;
    case EventKind::switch_ineffective:
      ++switches_["ineffective"];
      break;
    case EventKind::resume:
      ++resumes_["attempted"];
      break;
    case EventKind::resumed:
      ++resumes_["resumed"];
      break;
    case EventKind::resume_failed:
      ++resumes_["failed"];
      break;
    default:
      break;
  }
}

void Metrics::add_standstill(const StatusReport& report, SteadyTime now) {
  const Milliseconds passed = begun_ ? now - last_ : Milliseconds{0};
  begun_ = true;
  last_ = now;
  for (const auto& one : all_sessions(report)) {
    auto& stood = stood_still_[one.name];
    if (stands_still(one)) stood += passed;
  }
}

std::string Metrics::text(const StatusReport& report, SteadyTime now) {
  add_standstill(report, now);
  Exposition out;
  add_sessions(out, report);
  add_accounts(out, report);
  out.begin("switches_total", "counter", "Switches by outcome, since the start of the monitor.");
  for (const char* outcome : {"done", "failed", "ineffective"}) {
    out.add("outcome", outcome, static_cast<double>(switches_[outcome]));
  }
  out.begin("resumes_total", "counter", "Sessions asked to go on, by outcome, since the start of the monitor.");
  for (const char* outcome : {"attempted", "resumed", "failed"}) {
    out.add("outcome", outcome, static_cast<double>(resumes_[outcome]));
  }
  out.begin("session_stood_still_seconds_total", "counter", "How long each session stood still at a limit.");
  for (const auto& [name, stood] : stood_still_) out.add("session", name, in_seconds(stood));
  add_monitor(out, report);
  return out.take();
}

}  // namespace quotawatch
