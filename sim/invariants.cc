#include "sim/invariants.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "quotawatch/duration.h"

namespace quotawatch::sim {
namespace {

// Reads the journal once, in order, and keeps only what the invariants speak of.
class InvariantChecker {
 public:
  explicit InvariantChecker(const Config& config) : config_(config) {}

  std::vector<Violation> check(const std::vector<JournalEntry>& journal) {
    for (const auto& entry : journal) {
      at_ = entry.offset;
      begin_run(entry.run);
      take(entry.event);
    }
    return std::move(violations_);
  }

 private:
  void violate(std::string invariant, std::string what) {
    violations_.push_back({std::move(invariant), at_, std::move(what)});
  }

  void require(bool holds, std::string_view invariant, const std::string& what) {
    if (!holds) violate(std::string(invariant), what);
  }

  // Suspicion and backoff are not kept over a restart. That every account is out
  // is said once, restarts or not, so a run may be waiting without saying so again.
  void begin_run(std::size_t run) {
    if (run == run_) return;
    run_ = run;
    suspected_at_.reset();
    retry_from_.reset();
    restarted_since_done_ = true;
  }

  void take(const Event& event) {
    switch (event.kind) {
      case EventKind::suspect:
        check_thresholds(event);
        suspected_at_ = at_;
        break;
      case EventKind::clear:
        suspected_at_.reset();
        waiting_ = false;
        break;
      case EventKind::exhausted_everywhere:
        check_thresholds(event);
        limit_from(event);
        waiting_ = true;
        break;
      case EventKind::switch_:
        check_switch(event);
        break;
      case EventKind::switch_resumed:
        require(in_flight_ && event.id == in_flight_, "one id a switch",
                "a switch was resumed that was not in flight");
        break;
      case EventKind::switch_done:
      case EventKind::switch_failed:
        end_switch(event);
        break;
      case EventKind::verdict:
        verdicts_[*event.session] = event.verdict.value_or("");
        break;
      default:
        break;
    }
  }

  void check_thresholds(const Event& event) {
    const bool enough = event.pool.value_or(0) >= config_.quota.pool_threshold ||
                        event.interactive.value_or(0) >= config_.quota.interactive_threshold;
    require(enough, "thresholds",
            fmt::format("{} with pool {} and interactive {}", event_name(event.kind),
                        event.pool.value_or(0), event.interactive.value_or(0)));
  }

  void check_switch(const Event& event) {
    check_thresholds(event);
    check_timing();
    check_confirmation(event);
    check_trigger(event);
    check_accounts(event);
    require(!in_flight_, "single flight", "a switch was asked for while one was in flight");
    require(ids_.insert(event.id.value_or("")).second, "one id a switch", "an id came twice");
    limit_from(event);
    in_flight_ = event.id;
    suspected_at_.reset();
    waiting_ = false;
  }

  // Restarts measure the cooldown by wall time (A6), which only the journal's own
  // `at` could tell; within one run it is plain.
  void check_timing() {
    if (done_at_ && !restarted_since_done_) {
      require(
          at_ - *done_at_ >= config_.quota.cooldown, "cooldown",
          fmt::format("a switch {} after the last one was done", format_duration(at_ - *done_at_)));
    }
    require(!retry_from_ || at_ >= *retry_from_, "backoff",
            "a switch before a failed one was waited out");
  }

  void check_confirmation(const Event& event) {
    if (event.reset_at || waiting_) return;
    require(suspected_at_.has_value() && *suspected_at_ < at_, "confirmation",
            "a switch from a single poll without a reset time");
  }

  void check_trigger(const Event& event) {
    const std::string verdict = verdicts_[event.session.value_or("")];
    require(verdict == "exhausted" || (verdict == "throttled" && config_.quota.count_throttled),
            "evidence",
            fmt::format("the switch was triggered by a session whose verdict is {}", verdict));
  }

  void check_accounts(const Event& event) {
    const std::string to = event.to.value_or("");
    if (config_.accounts.empty()) {
      require(to.empty(), "accounts", "a switch to an account that no config names");
      return;
    }
    require(to != event.from, "accounts", "a switch to the account it leaves");
    const auto limited = limited_until_.find(to);
    require(limited == limited_until_.end() || limited->second <= event.at, "accounts",
            fmt::format("a switch to {}, which is limited", to));
  }

  void limit_from(const Event& event) {
    limited_until_[event.from.value_or("")] =
        event.reset_at.value_or(event.at + config_.quota.unknown_reset);
  }

  void end_switch(const Event& event) {
    require(in_flight_ && event.id == in_flight_, "single flight",
            "the end of a switch that was not in flight");
    in_flight_.reset();
    if (event.kind == EventKind::switch_done) {
      done_at_ = at_;
      restarted_since_done_ = false;
      retry_from_.reset();
    } else if (event.retry_at) {
      retry_from_ = at_ + (*event.retry_at - event.at);
    }
  }

  const Config& config_;
  std::size_t run_ = 0;
  Milliseconds at_{0};
  std::vector<Violation> violations_;

  std::optional<Milliseconds> suspected_at_;
  bool waiting_ = false;  // confirmed, and every account is limited
  std::optional<std::string> in_flight_;
  std::optional<Milliseconds> done_at_;
  bool restarted_since_done_ = false;
  std::optional<Milliseconds> retry_from_;
  std::set<std::string> ids_;
  std::map<std::string, WallTime> limited_until_;
  std::map<std::string, std::string> verdicts_;
};

}  // namespace

std::vector<Violation> check_invariants(const Transcript& transcript,
                                        const std::vector<JournalEntry>& journal) {
  return InvariantChecker(transcript.config).check(journal);
}

}  // namespace quotawatch::sim
