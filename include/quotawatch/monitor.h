// The monitor: polls, judges, decides, asks, and keeps state and journal.
//
// Everything of it is here; production, replay and simulation construct this same
// class and differ only in the parts they hand it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/agent_panes.h"
#include "quotawatch/clock.h"
#include "quotawatch/config.h"
#include "quotawatch/evidence.h"
#include "quotawatch/journal.h"
#include "quotawatch/judge.h"
#include "quotawatch/keyboard.h"
#include "quotawatch/reset_watch.h"
#include "quotawatch/resume.h"
#include "quotawatch/run_observer.h"
#include "quotawatch/state_store.h"
#include "quotawatch/step.h"
#include "quotawatch/switcher.h"
#include "quotawatch/tmux.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// The world as the monitor sees it. All must outlive it.
struct MonitorParts {
  Clock& clock;
  Tmux& tmux;
  Switcher& switcher;
  StateStore& store;
  Journal& journal;
  RunObserver& observer = RunObserver::none();
  Keyboard* keyboard = nullptr;  // null: what would be typed is only journalled
};

// What a poll took a session's screen for.
enum class HitStatus {
  none,
  uncounted,
  fresh,
  stale,
  charged,  // to another account than the active one (A8)
};

// What a monitor knows beside its state, for `status`: made when somebody asks.
struct MonitorView {
  struct Session {
    std::string name;
    bool pool = true;
    std::optional<DatedVerdict> verdict;  // as last journalled; nothing: no such session
    WallTime since;                       // when that was journalled
    HitStatus hit = HitStatus::none;      // at the last poll
    std::string why_uncounted = {};
    std::string pane = {};         // tmux's id of the pane that is watched: "%12"
    std::string window_pane = {};  // its place: "1.0"
    std::string program = {};      // in its foreground
    bool no_agent = false;         // an agent ran in it, and its shell is left
    std::string account = {};      // that its program runs on (A8)
  };
  std::vector<Session> sessions;      // in the config's order; of several agents in one, each
  std::optional<WallTime> polled_at;  // the last poll; nothing before the first
  bool server_up = true;
  WallTime server_since;   // when it came to be up or down, as far as this run knows
  std::string server_why;  // where it is down
  SteadyTime next_poll;
  std::optional<HitCounts> counted;  // by the last poll
};

// The state that a run with this config begins with, made of what was saved.
State state_at_start(const Config& config, std::optional<State> saved, Moment now);

class Monitor {
 public:
  // Loads the state. Throws InputError if it cannot be read, or a pack of the
  // config's cannot be used. `judges` must outlive the monitor, or the next
  // configure().
  Monitor(const Config& config, const Zone& host_zone, JudgeCache& judges, MonitorParts parts);

  // Goes on with another config; what is remembered stays. Throws InputError, and
  // changes nothing, if a pack of it cannot be used.
  void configure(const Config& config, JudgeCache& judges);

  // Resumes a switch that the state has in flight, if any.
  void start();

  // Polls on time until the clock says stop or reload, and says which. The first
  // poll comes one interval after the monitor was made; one that is late is not
  // made up for. Between polls, limits that end are told at that very moment.
  Wake run();

  // One poll, now.
  void poll();

  // Waits until the switch in flight, if any, has ended. False: stopped before.
  bool finish_switch();

  // Takes note of a switch that has ended, if one has. run() does so by itself.
  void take_report();

  // Does what the operator says, or says why not; saved and journalled before it returns.
  // For whoever is asked while the monitor waits: not while is_polling().
  CommandAnswer obey(const AccountCommand& command);

  // Asks a session to go on, as far as nothing stands in the way. As obey().
  CommandAnswer resume_by_hand(const std::string& session);

  // While tmux is asked: half of a poll is done.
  bool is_polling() const { return polling_; }

  const State& state() const { return state_; }
  MonitorView view() const;

 private:
  struct Watched {
    std::string session;    // what it is called: see AgentPane
    std::size_t index = 0;  // of its session in `sessions_`
    bool pool = true;
    bool no_agent = false;
    PaneCapture::Status status = PaneCapture::Status::absent;  // as last captured
    std::string why = {};                                      // where that failed
    std::string pane = {};                                     // which it was; empty: not known
    std::string window_pane = {};                              // its place in the session
    std::string program = {};                                  // in its foreground
    std::string same_pane_as = {};                             // see Observation
    std::optional<WallTime> program_started = {};              // as last captured
    bool went_on = false;                                      // see Observation
    Posture posture = {};                                      // where sessions may be resumed
    std::shared_ptr<const std::string> text = {};              // the screen last judged
    Reading reading = {};                                      // what it says
    std::optional<DatedVerdict> reported = {};                 // the verdict last journalled
    WallTime reported_at = {};                                 // and when
    std::string unrecognised = {};                             // the near-miss last journalled
    HitStatus hit = HitStatus::none;                           // at the last poll
    std::string why_uncounted = {};                            // where it is that
  };

  // A session that is due, as the last poll saw it.
  struct Asked {
    std::string session;
    std::string pane;
    std::string program;
    std::optional<WallTime> program_started;
    Fingerprint still;
    bool by_hand = false;
  };

  // An attempt of which the first key has been sent.
  struct Typing {
    enum class Next { text, enter };
    std::string session;
    Asked asked;
    Next next = Next::enter;
  };

  void plan_resumptions(const Evidence& evidence, Moment now);
  std::vector<ResumeLook> look_at_all(const Evidence& evidence) const;
  void go_on_resuming();
  void go_on_typing();
  void ask(const Asked& asked);
  void start_asking(const Watched& watched, const Asked& asked, const PaneCapture& pane, const Posture& posture);
  bool send(const Asked& asked, Stroke stroke);
  void hold_back(const Asked& asked, std::string_view why);
  PaneCapture capture_pane(const Watched& watched, const Asked& asked);
  std::string draft_in(const Watched& watched, const PaneCapture& pane, const Posture& posture) const;
  std::string_view why_not_touched(const Asked& asked, const PaneCapture& pane, const Posture& posture,
                                   Moment now) const;
  std::string_view why_not_asked(const Watched& watched, const Asked& asked, const PaneCapture& pane,
                                 const Posture& posture, Moment now) const;
  void name_sessions_to_resume(Event& done) const;
  void poll(const PollTime& time);
  TmuxCapture capture();
  Wake wait_until(SteadyTime deadline);
  SteadyTime next_due() const;
  SteadyTime next_wake() const;
  void plan_second_look(const Evidence& evidence, Moment now);
  void schedule_next_poll(SteadyTime now);
  void announce_resets(Moment now);
  void take_panes(std::vector<AgentPane> panes, Moment now);
  void take_pane(std::size_t index, AgentPane pane, bool heeds_progress, Moment now);
  void watch(const std::vector<AgentPane>& panes);
  void judge(Watched& watched, std::shared_ptr<const std::string> text, bool heeds_progress) const;
  void find_shared_panes();
  std::vector<Observation> observe() const;
  void decide(const Evidence& evidence, Moment now);
  Watched* find_watched(const std::string& session);
  void journal_server(const TmuxCapture& capture, Moment now);
  void journal_verdicts(const Evidence& evidence, Moment now);
  void journal_unrecognised(Moment now);
  void journal_no_agent(const Watched& watched, Moment now);
  void note_hits(const Evidence& evidence);
  void carry_out(State&& next, const Decision& decision, Moment now);
  std::optional<std::string> save();
  void start_hook(const SwitchRequest& request, Moment now);
  void write(const Event& event, Moment now);
  void write_all(const std::vector<Event>& events, Moment now);

  Zone host_zone_;
  DecisionRules rules_;
  MonitorParts parts_;
  std::vector<JudgedSession> sessions_;
  std::vector<std::string> names_;  // of these
  AgentPanes panes_;
  std::vector<Watched> watched_;  // at least one for each session, in their order
  State state_;
  State saved_;
  SteadyTime next_poll_;
  std::optional<SteadyTime> second_look_;
  std::optional<WallTime> polled_at_;
  std::optional<HitCounts> counted_;
  ResetWatch resets_;
  std::vector<Asked> asked_;             // sessions that are due, in the order in which they are asked
  std::optional<Typing> typing_;         // the one that is being asked
  std::optional<SteadyTime> resume_at_;  // when the next of this is done
  std::optional<SteadyTime> look_at_;    // a poll out of turn, because sessions may have become due
  bool server_up_ = true;
  WallTime server_since_;
  std::string server_why_;
  bool polling_ = false;
  bool interrupted_ = false;  // a stop came while a pane was captured
  bool save_failing_ = false;
};

}  // namespace quotawatch
