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
  Answer lone = Answer::no;  // a single hit blocks the idle pool (A10)
  bool blocked = false;      // at least one of the hits is really blocked
};

class FleetRecord {
 public:
  explicit FleetRecord(const Config& config);

  // Which rule to leave out when counting hits: used to find the rule that a wrong decision broke.
  enum class Leniency { none, stale_is_fresh, failed_shows_last, error_is_no_veto, record_denies_nothing };

  void set_truth(const std::string& session, const Truth& truth);

  // The monitor captured the panes. `under_way`: the switch in flight or cooling down; empty if
  // there is none. `journal` knows which account is in use.
  void captured(const std::vector<PaneCapture>& panes, const std::string& under_way, const JournalChecker& journal,
                Moment now);
  // Which of the captured limits are another account's than that in use (A8). After each capture, once it is known
  // whether a session has gone on.
  void note_charges(const JournalChecker& journal, WallTime wall);
  // Whether a session on the account in use has gone on since the capture before (A9). `since`: when the switch was
  // asked for that it might prove; older programs say nothing of it.
  Answer went_on(const std::optional<WallTime>& since) const;
  // The last switch did not take: these sessions' messages are about the account left.
  void charge(const std::vector<std::string>& sessions, const std::string& account);
  // The account that a switch came from that is to be asked for again: what was charged to it counts.
  // Not `surely`: the monitor may have forgotten it.
  void count_again(std::optional<std::string> account, bool surely) {
    counts_again_ = std::move(account);
    surely_again_ = surely;
  }
  // True if every message that is certainly or possibly a fresh hit is one of the account left, in
  // sessions that stood at the last switch: then that did not take.
  bool shows_untaken(const JournalChecker::Done& last, WallTime wall) const;
  // False if the session certainly does not show, asked again after the last switch, the limit of the account left.
  bool may_show_untaken(const std::string& session, const JournalChecker::Done& last, WallTime wall) const;
  // The clock was set back, so it is not known what came first.
  void doubt_accounts() { accounts_doubtful_ = true; }
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
  bool was_refused_again(WallTime wall) const;

  // True if enough sessions for a threshold are really blocked.
  bool truly_blocked() const;

 private:
  // How long a server may keep refusing requests after the reset that it named.
  static constexpr Milliseconds refusal_window = std::chrono::minutes{5};
  // The conversation of a session that was seen, but whose content is uncertain.
  static constexpr const char* unclear = "?";

  struct Session {
    bool pool = true;
    bool has_truth = false;
    Truth truth;  // now

    PaneCapture::Status status = PaneCapture::Status::absent;  // as last captured
    bool same_pane = false;                                    // same pane as an earlier session, which counts instead
    bool was_seen = false;                                     // since the run began
    Truth seen;                                                // the truth of the last captured screen and record
    std::optional<Testimony> testimony;                        // of the program's record, at the last capture
    std::optional<WallTime> refused_at;                        // by the record: when the message's turn was refused

    std::string message;  // shown in this conversation since `first_seen`
    std::string conversation;
    WallTime first_seen;
    std::string during;        // the switch that was under way then
    bool seen_coming = false;  // it was seen without the message shortly before
    bool doubtful_message = false;
    std::optional<SteadyTime> last_look;  // in this run

    // The program, and the account that it runs on (A8).
    std::optional<WallTime> program_started;
    std::string account;
    std::string charged_to;  // whose limit the message is, if not that of the account in use
    bool charge_doubtful = false;
    // What is known of its going on (A9, A10), in this run.
    std::string text;
    Answer went_on = Answer::no;  // at the last capture
    std::optional<SteadyTime> active_surely;
    std::optional<SteadyTime> active_possibly;
    std::optional<SteadyTime> stands_early;  // since when the message has stood, at the most
    std::optional<SteadyTime> stands_late;   // and at the least
    Answer stood = Answer::no;               // at the last switch
    Answer again = Answer::no;               // the message came after that

    std::optional<std::string> at_request;  // the conversation at that time
    std::optional<std::string> at_switch;
    std::optional<std::string> at_kill;
    bool touched = false;  // by the last capture
  };

  void note_program(Session& session, const PaneCapture& pane, const JournalChecker& journal) const;
  void note_active(const JournalChecker& journal);
  void note_charge(Session& session, const JournalChecker& journal, WallTime wall) const;
  static void note_progress(Session& session, const PaneCapture& pane, const Truth& before, bool was_seen, Moment now);
  static void note_standing(Session& session, Moment now);
  Answer is_charged(const Session& session) const;
  Answer shares_account(const Session& a, const Session& b) const;
  Answer is_lone(const Session& session, SteadyTime now) const;
  static std::optional<std::string> conversation_of(const Session& session);
  static bool is_refused_again(const Session& session);
  void look(Session& session, const std::string& under_way, Moment now);
  static bool is_denied(const Session& session, WallTime wall);
  static bool is_refused_in_record(const Session& session);
  static bool is_refused_late(const Session& session);
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
  bool accounts_doubtful_ = false;
  std::optional<std::string> counts_again_;
  bool surely_again_ = true;
  std::string active_;
  bool active_unsure_ = false;
  SteadyTime captured_at_;
  std::size_t messages_ = 0;
  std::size_t failed_ = 0;
  int blocked_pool_ = 0;
  int blocked_interactive_ = 0;
};

}  // namespace quotawatch::sim
