#include "report/status_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "quotawatch/duration.h"
#include "run/metrics.h"

namespace quotawatch {
namespace {

// Polls that may be missed before a monitor counts as hung.
constexpr int most_missed_polls = 3;
constexpr Milliseconds grace{10'000};

class Checker {
 public:
  explicit Checker(const StatusReport& report) : report_(report) {}

  HealthCheck check() {
    if (!report_.monitor.answers) return without_answer();
    check_polls();
    check_group(report_, report_.monitor.failures_in_a_row);
    for (const auto& group : report_.groups) check_group(group, group.failures_in_a_row);
    if (report_.monitor.paused) add(Health::warning, "paused by the operator");
    if (report_.monitor.dry_run) add(Health::warning, "no switch is carried out (no hook, or --dry-run)");
    if (words_.empty()) words_.push_back(when_fine());
    return {health_, fmt::format("{}", fmt::join(words_, "; "))};
  }

 private:
  HealthCheck without_answer() const {
    if (!report_.monitor.running) return {Health::critical, "no monitor runs"};
    const std::string& why = report_.monitor.why;
    return {Health::critical, fmt::format("the monitor (process {}) does not answer{}{}", report_.monitor.process,
                                          why.empty() ? "" : ": ", why)};
  }

  void add(Health health, std::string words) {
    health_ = std::max(health_, health);
    words_.push_back(group_ + std::move(words));
  }

  void check_polls() {
    if (report_.tmux && !report_.tmux->up) add(Health::critical, "tmux does not answer: " + report_.tmux->why);
    if (report_.store && !report_.store->up) add(Health::warning, "the store does not answer: " + report_.store->why);
    const auto& monitor = report_.monitor;
    if (!monitor.polled_at || !monitor.poll_interval) return;
    const Milliseconds since = report_.at - *monitor.polled_at;
    if (since <= most_missed_polls * *monitor.poll_interval + grace) return;
    add(Health::critical, fmt::format("the last poll was {} ago", format_duration(since)));
  }

  void check_group(const GroupStatus& status, int failures) {
    group_ = status.group.empty() ? "" : escape_controls(status.group) + ": ";
    check_accounts(status.accounts);
    check_switches(failures);
    check_sessions(status.sessions);
    sessions_ += status.sessions.size();
    group_.clear();
  }

  void check_accounts(const std::vector<GroupStatus::Account>& accounts) {
    if (accounts.empty()) return;
    const auto limited = std::ranges::count_if(accounts, [](const auto& one) { return one.limited_until.has_value(); });
    if (static_cast<std::size_t>(limited) == accounts.size()) {
      add(Health::critical, "all accounts are at their limit");
    } else if (accounts.size() > 1 && static_cast<std::size_t>(limited) + 1 == accounts.size()) {
      add(Health::warning, "one account is left");
    }
  }

  void check_switches(int failures) {
    if (failures == 0) return;
    add(failures == 1 ? Health::warning : Health::critical,
        fmt::format("the last {} failed", failures == 1 ? "switch" : fmt::format("{} switches", failures)));
  }

  void name(const std::vector<GroupStatus::Session>& sessions, const char* what,
            bool (*is)(const GroupStatus::Session&)) {
    std::vector<std::string> names;
    for (const auto& one : sessions) {
      if (is(one)) names.push_back(escape_controls(one.name));
    }
    if (!names.empty()) add(Health::warning, fmt::format("{} {}", what, fmt::join(names, ", ")));
  }

  void check_sessions(const std::vector<GroupStatus::Session>& sessions) {
    if (!report_.monitor.polled_at) return;
    name(sessions, "stopped at a limit:", stands_still);
    name(sessions, "login or policy notice:", [](const auto& one) { return one.verdict == Verdict::auth; });
    name(sessions, "no such session:", [](const auto& one) { return !one.verdict; });
    name(sessions, "its agent has ended:", [](const auto& one) { return one.no_agent; });
  }

  std::string when_fine() const {
    if (!report_.groups.empty())
      return fmt::format("{} in {}", counted(sessions_, "session"), counted(report_.groups.size(), "group"));
    return fmt::format("{}, account {}", counted(sessions_, "session"),
                       report_.active_account.empty() ? "unknown" : escape_controls(report_.active_account));
  }

  const StatusReport& report_;
  Health health_ = Health::ok;
  std::string group_;  // that is looked at, for what is said of it
  std::size_t sessions_ = 0;
  std::vector<std::string> words_;
};

}  // namespace

HealthCheck check_health(const StatusReport& report) { return Checker(report).check(); }

std::string health_line(const HealthCheck& check) {
  static constexpr std::array names{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  // What follows "|" would be taken for numbers.
  std::string words = escape_controls(check.words);
  std::ranges::replace(words, '|', '/');
  return fmt::format("QUOTAWATCH {}: {}\n", names.at(static_cast<std::size_t>(check.health)), words);
}

}  // namespace quotawatch
