// What each session truly showed whenever the monitor looked, and what follows from it:
// which are hits, and which of these are fresh (rule A3), told from truths instead of texts.
//
// Kept by RunChecker. Answers can be `maybe`: where a state was damaged, a screen was
// caught half-drawn or a clock was wrong, nobody can know, and nobody is held to it.
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

// How many sessions show a hit, and whether one of these is fresh.
struct HitCount {
  int surely = 0;
  int possibly = 0;  // these included
  Answer fresh = Answer::no;
};

// What the sessions, counted against the thresholds, amount to.
struct FleetCount {
  HitCount pool;
  HitCount interactive;
  bool blocked = false;  // one of the hits' sessions truly cannot work
};

class FleetRecord {
 public:
  explicit FleetRecord(const Config& config);

  // What counts as evidence: by the rules; or by a rule left out, to tell which one a
  // wrong decision broke.
  enum class Leniency { none, stale_is_fresh, failed_shows_last, error_is_no_veto };

  void told(const std::string& session, const Truth& truth);

  // The monitor captured the panes. `under_way`: the switch in flight or cooling down, empty if
  // there is none.
  void captured(const std::vector<PaneCapture>& panes, const std::string& under_way, Moment now);
  void switch_asked();
  void switch_ended(bool done);
  // Somebody switched by hand: what was seen last was shown then. `saved`: by a run that was
  // killed before it said so.
  void switched_by_hand(bool before_kill = false);

  // A run of the monitor was killed, at the moment of its last capture or later; it may
  // have asked for a switch that its journal does not know of.
  void killed(bool while_polling);
  void switch_was_asked_before_kill();
  // All that it remembered may be gone, or be as it was some time ago.
  void doubt_all();

  // False where a session was captured of which nothing is known.
  bool knows_truth() const { return knows_truth_; }

  FleetCount count(const std::optional<JournalChecker::Done>& last, WallTime wall,
                   Leniency leniency = Leniency::none) const;
  // No capture of a session that exists failed.
  bool saw_all() const { return failed_ == 0; }
  // No screen that was captured has a limit message.
  bool shows_nothing() const { return messages_ == 0; }

  // The latest reset among the fresh hits; nothing where nobody can be sure of it.
  struct Reset {
    bool sure = true;
    std::optional<WallTime> at;
  };
  Reset latest_reset(const std::optional<JournalChecker::Done>& last, WallTime wall) const;

  // Stale for no other reason than that it came late.
  bool is_late(const std::string& session, const std::optional<JournalChecker::Done>& last) const;

  // The first session that the last capture saw of which the journal surely says what is not so:
  // `verdicts` are those journalled last. Looked for where the screens or what is true changed.
  std::optional<std::string> misjudged(const std::map<std::string, std::string>& verdicts,
                                       WallTime wall) const;

  // The last capture was surely the first that saw a session refused again at its reset.
  bool was_refused_again() const;

  // A threshold's worth of sessions truly cannot work.
  bool truly_blocked() const;

 private:
  struct Session {
    bool pool = true;
    bool told = false;
    Truth truth;  // now

    PaneCapture::Status status = PaneCapture::Status::absent;  // as last captured
    bool same_pane = false;  // as a session before it, for which it counts
    bool was_seen = false;   // since the run began
    Truth seen;              // on the screen seen last

    std::string message;  // in this conversation since
    std::string conversation;
    WallTime first_seen;
    std::string during;        // the switch that was under way then
    bool seen_coming = false;  // it was seen without the message shortly before
    bool doubtful_message = false;
    std::optional<SteadyTime> last_look;  // in this run

    std::optional<std::string> at_request;  // the conversation then
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
  bool changed_ = true;  // a truth was told since
  bool captured_anew_ = false;
  bool knows_truth_ = true;
  std::size_t messages_ = 0;
  std::size_t failed_ = 0;
  int blocked_pool_ = 0;
  int blocked_interactive_ = 0;
};

}  // namespace quotawatch::sim
