// Checks what reaches the keyboards of a run's sessions against the invariants of docs/design.md,
// "Sessions go on": an observer of a Stage.
//
// Used by replay and by the simulator. Restates the rules independently; uses none of the code that
// decides or reads screens.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/config.h"
#include "sim/check/violation.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

class ResumeChecker final : public StageObserver {
 public:
  explicit ResumeChecker(const Config& config) : config_(config), names_(session_names(config)) {}

  void captured(const TmuxCapture& capture, Moment began) override;
  void truth_set(const SetTruth& set, Moment now) override;
  void journalled(const JournalEntry& entry) override;
  void typed(const Stroke& stroke, const PaneCapture& before, Moment now) override;
  void loaded(const std::optional<State>& state, bool whole, Moment now) override;
  void killed(Moment now) override;
  void performed(const Action& action, Moment now) override;

  // To be called after the run. Ordered by time.
  std::vector<Violation> finish() { return std::move(violations_); }

 private:
  struct Session {
    Truth truth;
    std::optional<Testimony::Says> in_record;   // what its program wrote last
    std::shared_ptr<const std::string> judged;  // its screen at the last poll,
    std::string judged_conversation;            // and what it showed
    std::set<std::string> unused;               // kinds of strokes that the attempt under way may still send
    std::set<std::string> answered;             // menus, by their screens, in that attempt
    std::string charged_to;                     // the account whose limit it shows, if not the active one's (A8)
    std::optional<WallTime> limited_until;      // as that says
    WallTime seen_at = {};                      // what it shows
    std::string reason;                         // of the last attempt
    std::optional<Milliseconds> asked_at;
    int attempts = 0;  // of this stop
    // Stopped when a switch was done: must be asked, or held for a reason, by then.
    std::optional<Milliseconds> ask_by;
  };

  void violate(std::string_view invariant, Milliseconds at, const std::string& session, std::string_view what);
  void check_place(const Stroke& stroke, const PaneCapture& before, Moment now);
  void check_attempt(const JournalEntry& entry, Session& session);
  void expect_asking(Milliseconds done, WallTime wall);
  bool shows_limit_of_active(const Session& session, WallTime wall) const;
  void hinder();
  void expect_no_asking();
  void take_verdict(const Event& event);
  void begin_stops();

  const Config& config_;
  const std::vector<std::string> names_;  // in the order of captures
  std::map<std::string, Session> sessions_;
  std::vector<Violation> violations_;
  bool in_flight_ = false;
  bool clock_stepped_ = false;
  bool server_faulty_ = false;
  std::string active_;                 // since the last switch
  std::optional<WallTime> out_until_;  // every account is
  WallTime latest_wall_ = {};          // of all captures
  std::optional<Milliseconds> look_by_;
  std::optional<std::pair<std::string, Milliseconds>> last_text_;
};

}  // namespace quotawatch::sim
