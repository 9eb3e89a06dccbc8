// What each session really showed at each capture, and what follows from it: which sessions are
// hits, and which hits are fresh (rule A3). Derived from the ground truth instead of from texts.
//
// Owned by RunChecker. Answers can be `maybe`: where a state was damaged, a screen was half-drawn
// or a clock was wrong, the right answer is unknown and either decision is accepted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/tmux.h"
#include "sim/check/journal_checker.h"
#include "transcript/truth.h"

namespace quotawatch::sim {

enum class Answer { no, maybe, yes };

// How many sessions are hits, and whether one of them is fresh.
struct HitCount {
  int surely = 0;
  int possibly = 0;  // including the sure ones
  Answer fresh = Answer::no;
};

// The hits in each group that has a threshold.
struct FleetCount {
  HitCount pool;
  HitCount interactive;
  bool blocked = false;  // at least one of the hits is really blocked
};

class FleetRecord {
 public:
  explicit FleetRecord(const Config& config);

  // Which rule to leave out when counting hits: used to find the rule that a wrong decision broke.
  enum class Leniency { none, stale_is_fresh, failed_shows_last, error_is_no_veto };

  void set_truth(const std::string& session, const Truth& truth);

  // The monitor captured the panes. `under_way`: the switch in flight or cooling down; empty if
  // there is none.
  void captured(const std::vector<PaneCapture>& panes, const std::string& under_way, Moment now);
  void switch_asked();
  void switch_ended(bool done);
  // The operator switched accounts, so what was seen last belongs to the old account.
  // `before_kill`: the run was killed after saving the switch and before journalling it.
  void switched_by_hand(bool before_kill = false);

  // The monitor was killed at its last capture or later; it may have requested a switch that is not
  // in the journal.
  void killed(bool while_polling);
  void switch_was_asked_before_kill();
  // The monitor may have lost its memory, or restored an old one.
  void doubt_all();

  // False if a session without ground truth was captured.
  bool knows_truth() const { return knows_truth_; }

  FleetCount count(const std::optional<JournalChecker::Done>& last, WallTime wall,
                   Leniency leniency = Leniency::none) const;
  // True if no capture of an existing session failed.
  bool saw_all() const { return failed_ == 0; }
  // True if no captured screen has a limit message.
  bool shows_nothing() const { return messages_ == 0; }

  // The latest reset among the fresh hits; not `sure` if it cannot be determined.
  struct Reset {
    bool sure = true;
    std::optional<WallTime> at;
  };
  Reset latest_reset(const std::optional<JournalChecker::Done>& last, WallTime wall) const;

  // True if the only reason for being stale is that the banner came late.
  bool is_late(const std::string& session, const std::optional<JournalChecker::Done>& last) const;

  // The first session of the last capture whose journalled verdict is certainly wrong. `verdicts`:
  // the last verdict of each session. Checked only where the screens or the truth changed.
  std::optional<std::string> misjudged(const std::map<std::string, std::string>& verdicts, WallTime wall) const;

  // True if the last capture was certainly the first to see a session refused again at its reset.
  bool was_refused_again() const;

  // True if enough sessions for a threshold are really blocked.
  bool truly_blocked() const;

 private:
  struct Session {
    bool pool = true;
    bool has_truth = false;
    Truth truth;  // now

    PaneCapture::Status status = PaneCapture::Status::absent;  // as last captured
    bool same_pane = false;                                    // same pane as an earlier session, which counts instead
    bool was_seen = false;                                     // since the run began
    Truth seen;                                                // the truth of the last captured screen

    std::string message;  // shown in this conversation since `first_seen`
    std::string conversation;
    WallTime first_seen;
    std::string during;        // the switch that was under way then
    bool seen_coming = false;  // it was seen without the message shortly before
    bool doubtful_message = false;
    std::optional<SteadyTime> last_look;  // in this run

    std::optional<std::string> at_request;  // the conversation at that time
    std::optional<std::string> at_switch;
    std::optional<std::string> at_kill;
    bool touched = false;  // by the last capture
  };

  static std::optional<std::string> conversation_of(const Session& session);
  static bool is_refused_again(const Session& session);
  void look(Session& session, const std::string& under_way, Moment now);
  static Answer is_expired(const Session& session, WallTime wall);
  Answer is_hit(const Session& session, WallTime wall, Leniency leniency) const;
  static Answer is_fresh(const Session& session, const std::optional<JournalChecker::Done>& last);

  const Config& config_;
  std::vector<std::string> names_;  // in the order of the captures
  std::vector<Session> sessions_;
  std::map<std::string, std::size_t> index_;
  std::vector<PaneCapture> last_;
  bool changed_ = true;  // some truth has changed since
  bool capture_differs_ = false;
  bool knows_truth_ = true;
  std::size_t messages_ = 0;
  std::size_t failed_ = 0;
  int blocked_pool_ = 0;
  int blocked_interactive_ = 0;
};

}  // namespace quotawatch::sim
