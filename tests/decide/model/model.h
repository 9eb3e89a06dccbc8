// A second, simplest possible implementation of the rules of docs/design.md, to compare the
// decision code with: it remembers everything that ever happened and searches it.
//
// Uses the types of the production headers (Event, SwitchRequest) but none of their functions.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/config.h"
#include "quotawatch/evidence.h"
#include "tests/decide/panes.h"

namespace quotawatch::tests {

class Model {
 public:
  Model(const DecisionRules& rules, std::string active)
      : quota_(rules.quota),
        accounts_(rules.accounts),
        reserve_(rules.reserve),
        drains_(rules.order == AccountOrder::drain),
        reaches_(rules.reaches),
        active_(std::move(active)) {
    activations_.push_back(active_);
    eras_.push_back({active_, WallTime::min()});
  }

  Outcome poll(const std::vector<Pane>& panes, Moment now);
  Outcome end(const std::string& id, bool done, Moment now);
  Outcome restart(Moment now);
  Outcome obey(const AccountCommand& command, Moment now);
  // The run ends; what only it knew is lost.
  void kill();

  SwitchReach reaches() const { return reaches_; }
  bool in_flight() const { return in_flight_.has_value(); }
  std::string in_flight_id() const { return switches_[*in_flight_].request.id; }

  // Whose hits were charged at the last poll (A8, A9), and which accounts are limited now, in words.
  std::string standing(WallTime now) const;

  // When an account became active, for programs that are started just then (A8).
  std::vector<WallTime> switch_times() const;

  // The times until something changes by itself, for tests to aim at.
  std::vector<Milliseconds> boundaries(const std::vector<Pane>& panes, Moment now) const;

 private:
  // One look at one session.
  struct Seen {
    int poll;
    Moment at;
    std::optional<std::size_t> under_way;  // switch in flight or cooling down then
    std::string session;
    std::optional<Screen> screen;  // empty: no such session
  };
  struct Reset {
    std::optional<WallTime> at;
    bool expired = false;
    std::optional<WallTime> retry_at;  // refused again
  };
  struct Asked {
    SwitchRequest request;
    int poll;
    WallTime done_at;
    std::map<std::string, Screen> shown;  // by each session with a banner when it was requested
    // For manual switches: the last banners on plain screens that this run has not seen.
    std::map<std::string, std::string> banners;
    int done_poll = 0;         // the last poll before it was done
    bool took = false;         // a session has gone on since (A9)
    bool ineffective = false;  // reported
  };
  // A switch that did not take (A9).
  struct Untaken {
    std::string from;
    std::string to;
    WallTime reset_at;
    bool requested_again = false;
    bool given_up = false;
  };
  // The account was active since then, for programs that are started (A8).
  struct Era {
    std::string account;
    WallTime since;
  };
  struct Program {
    std::string account;  // active when it was seen first
    std::optional<WallTime> started;
  };
  // A hit that says something of this account alone, for as long as it stands.
  struct Charge {
    std::string account;
    int poll;             // since this one
    bool learnt = false;  // the account is limited for it
  };
  struct Hit {
    const Pane* pane;
    bool stale;
    Reset reset;
    bool charged = false;
    bool lone = false;
  };
  struct Suspicion {
    SteadyTime since;
    bool confirmed;
  };
  struct Count {
    int pool = 0;
    int interactive = 0;
    bool blocked = false;
    const Hit* first = nullptr;   // fresh
    const Hit* latest = nullptr;  // fresh, resets last
    bool lone = false;
    bool sure = false;  // a fresh one names its reset in known words
  };

  // A word on how much of an account's window of five hours is used, that was heard of it.
  struct Said {
    int percent;
    std::optional<WallTime> resets;
    WallTime at;
    std::set<WallTime> left_until = {};  // the account was left for the windows that end then
  };
  // Of one pane, at this poll.
  struct Near {
    std::string session;
    int percent;
    std::optional<WallTime> resets;
  };
  void note_use(const std::vector<Pane>& panes);
  static WallTime end_of(const Said& said);
  static bool is_over(const Said& said, WallTime now);
  std::optional<int> known_use(const std::string& account, WallTime now) const;
  std::optional<Near> nearest(const std::vector<Pane>& panes, WallTime now) const;
  void switch_early(const std::vector<Pane>& panes, const Count& counted, Moment now, Outcome& outcome);
  void ask(Event asked, const std::string& to, const std::vector<Pane>& panes, Moment now, Outcome& outcome);

  std::vector<const Seen*> looks_at(const std::string& session) const;
  const Seen* first_seen(const std::string& session) const;
  static bool hides(const Screen& shown, const Seen& look);
  bool was_seen_coming(const Seen& first) const;
  Reset reset_of(const Pane& pane, WallTime now) const;
  Reset reset_on_screen(const Pane& pane, WallTime now) const;
  static bool is_refused(const Pane& pane);
  bool is_hit(const Pane& pane, WallTime now) const;
  bool is_stale(const Pane& pane, WallTime now) const;
  bool cooling_down(SteadyTime now) const { return cooldown_began_ && now < *cooldown_began_ + quota_.cooldown; }
  bool look(const std::vector<Pane>& panes, Moment now);
  std::optional<Event> skip(Moment now) const;
  std::vector<Hit> hits_of(const std::vector<Pane>& panes, Moment now) const;
  void report_stale(const std::vector<Hit>& hits, Moment now, Outcome& outcome);
  void note_program(const Pane& pane);
  std::string account_of(const std::string& session) const;
  void note_charges(const std::vector<Pane>& panes, WallTime now);
  void limit(const std::string& account, WallTime until);
  void ignore_standing(const std::string& account);
  void clear(const std::string& reason, const Count& counted, Moment now, Outcome& outcome);
  Count count(const std::vector<Hit>& hits) const;
  std::optional<std::string> free_account(WallTime now, bool early = false) const;
  std::vector<std::string> free_accounts(WallTime now) const;
  WallTime next_free() const;
  const Seen* last_banner(const std::string& session) const;
  std::optional<Screen> shown_at(const Asked& asked, const std::string& session) const;
  void use(const std::string& account, Moment now);
  bool stood_when_done(const Asked& asked, const std::string& session) const;
  void note_again(const std::vector<Pane>& panes);
  void note_stopped(const std::vector<Pane>& panes, Moment now);
  bool began_before_switch(const std::string& session) const;
  void note_proof(const std::vector<Pane>& panes, Moment now);
  bool awaits_proof(WallTime now) const;
  SteadyTime active_at(const std::string& session) const;
  SteadyTime stands_since(const std::string& session) const;
  bool is_lone(const Hit& hit, const std::vector<Pane>& panes, Moment now) const;
  bool names_reset_left(const Hit& hit) const;
  std::vector<const Hit*> untaken_hits(const std::vector<Hit>& hits, WallTime now) const;
  void report_untaken(const std::vector<const Hit*>& hits, Moment now, Outcome& outcome);
  WallTime wait_after_failure(Moment now);
  void act(const Count& count, const std::vector<Pane>& panes, Moment now, Outcome& outcome);

  static Event event(EventKind kind, Moment now) {
    Event made;
    made.at = now.wall;
    made.kind = kind;
    return made;
  }
  static Event with_trigger(Event made, const Count& count) {
    made.session = count.first->pane->session;
    made.rule = rule_of(count.first->pane->screen);
    made.snippet = count.first->pane->screen.banner;
    if (count.latest) {
      made.reset_text = count.latest->pane->screen.reset_text;
      made.reset_at = count.latest->reset.at;
    }
    made.pool = count.pool;
    made.interactive = count.interactive;
    if (count.lone) made.reason = "lone";
    return made;
  }

  QuotaRules quota_;
  std::vector<std::string> accounts_;
  std::vector<std::string> reserve_;
  bool drains_;
  SwitchReach reaches_;

  int polls_ = 0;
  int run_began_ = 0;  // after this poll
  int asked_ = 0;      // switches except manual ones
  std::vector<Seen> history_;
  // The sessions seen shortly before a poll in the same run, by poll.
  std::map<int, std::set<std::string>> seen_coming_;
  std::vector<Asked> switches_;
  std::vector<std::string> activations_;  // every account that became active, in order
  std::map<std::string, WallTime> limited_until_;
  std::string active_;
  std::optional<std::size_t> in_flight_;
  std::optional<std::size_t> last_done_;
  std::optional<SteadyTime> cooldown_began_;
  std::vector<std::string> last_hits_;  // sessions, at the last poll of this run
  std::string charged_now_;
  std::optional<SteadyTime> retry_at_;
  int failures_ = 0;
  std::optional<Suspicion> suspicion_;
  std::optional<Untaken> untaken_;
  std::set<std::string> stopped_;            // stood at the last switch, or showed a limit of the account left since
  std::set<std::string> again_;              // shows a banner that came after that
  std::vector<Era> eras_;                    // in the order in which they began
  std::map<std::string, Program> programs_;  // by session
  std::map<std::string, Charge> charged_;    // by session
  std::map<int, std::set<std::string>> went_on_;  // by poll
  std::map<int, std::set<std::string>> ended_;
  std::map<std::string, std::vector<Said>> said_;  // by account, what was newer than all before
  std::map<std::string, WallTime> used_up_;        // by account, until then
  std::set<std::string> heard_;                    // at this poll, whose record speaks of its account now
  bool said_exhausted_ = false;
  std::set<std::string> said_stale_;
};

}  // namespace quotawatch::tests
