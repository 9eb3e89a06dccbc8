// A journal written by hand, to be checked against the invariants.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/check/journal_checker.h"
#include "transcript/transcript.h"

namespace quotawatch::tests {

constexpr Milliseconds ms{1};

class Log {
 public:
  Log() {
    transcript_.start = *parse_wall("2026-11-23T12:00:00Z");
    transcript_.config.accounts = {"a", "b", "c"};
  }

  Config& config() { return transcript_.config; }
  WallTime wall(Milliseconds offset) const { return transcript_.start + offset; }

  Event& add(Milliseconds offset, EventKind kind) {
    journal_.push_back({offset, run_, {}});
    Event& event = journal_.back().event;
    event.at = wall(offset);
    event.kind = kind;
    return event;
  }

  void verdict(Milliseconds offset, const std::string& session, const std::string& verdict) {
    Event& event = add(offset, EventKind::verdict);
    event.session = session;
    event.verdict = verdict;
  }

  // By one interactive session, which is shown to be exhausted.
  Event& hit(Milliseconds offset, EventKind kind) {
    verdict(offset, "main", "exhausted");
    Event& event = add(offset, kind);
    event.session = "main";
    event.pool = 0;
    event.interactive = 1;
    event.from = "a";
    return event;
  }

  // With a reset time far off, so that nothing need have been suspected.
  Event& asked(Milliseconds offset, const std::string& id, const std::string& from = "a", const std::string& to = "b") {
    Event& event = hit(offset, EventKind::switch_);
    event.id = id;
    event.from = from;
    event.to = to;
    event.reset_at = wall(offset + std::chrono::hours{5});
    return event;
  }

  Event& ended(Milliseconds offset, EventKind kind, const std::string& id) {
    Event& event = add(offset, kind);
    event.id = id;
    return event;
  }

  void done(Milliseconds offset, const std::string& id) { ended(offset, EventKind::switch_done, id); }

  void failed(Milliseconds offset, const std::string& id, Milliseconds wait) {
    ended(offset, EventKind::switch_failed, id).retry_at = wall(offset + wait);
  }

  void freed(Milliseconds offset, const std::string& account) {
    Event& event = add(offset, EventKind::account);
    event.account = account;
    event.reason = "free";
  }

  void used(Milliseconds offset, const std::string& from, const std::string& to) {
    Event& event = add(offset, EventKind::account);
    event.account = to;
    event.reason = "use";
    event.from = from;
  }

  void restart() { ++run_; }

  // The names of what was broken, in order.
  std::string broken() const {
    std::string names;
    for (const auto& violation : violations()) {
      names += (names.empty() ? "" : ", ") + violation.invariant;
    }
    return names;
  }

  std::vector<sim::Violation> violations() const {
    sim::JournalChecker checker(transcript_.config);
    for (const auto& entry : journal_) checker.take(entry);
    return std::move(checker.violations());
  }

 private:
  Transcript transcript_;
  std::vector<sim::JournalEntry> journal_;
  std::size_t run_ = 0;
};

}  // namespace quotawatch::tests
