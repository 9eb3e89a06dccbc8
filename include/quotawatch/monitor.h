// The monitor: polls, judges, decides, requests switches, and writes state and journal.
//
// Production, replay and simulation use this class and differ only in its parts. Single-threaded.
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
#include "quotawatch/standstill.h"
#include "quotawatch/state_store.h"
#include "quotawatch/step.h"
#include "quotawatch/switcher.h"
#include "quotawatch/tmux.h"
#include "quotawatch/witness.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// All parts must outlive the monitor.
struct MonitorParts {
  Clock& clock;
  Tmux& tmux;
  Switcher& switcher;
  StateStore& store;
  Journal& journal;
  RunObserver& observer = RunObserver::none();
  Keyboard* keyboard = nullptr;  // null: what would be typed is only journalled
  Witness* witness = nullptr;    // null: screens are all there is
};

// How a poll counted a session's screen.
enum class HitStatus {
  none,
  uncounted,
  fresh,
  stale,
  charged,  // to another account than the active one (A8)
};

// What a monitor knows besides its state, for `status`.
struct MonitorView {
  struct Session {
    std::string name;
    bool pool = true;
    std::optional<DatedVerdict> verdict;  // as last journalled; empty: no such session
    WallTime since;                       // when that was journalled
    HitStatus hit = HitStatus::none;      // at the last poll
    std::string why_uncounted = {};
    std::string pane = {};         // tmux's id of the pane that is watched: "%12"
    std::string window_pane = {};  // its place: "1.0"
    std::string program = {};      // in its foreground
    bool no_agent = false;         // an agent ran in it, and its shell is left
    bool stand_in = false;         // see AgentPane
    std::string account = {};      // that its program runs on (A8)
  };
  std::vector<Session> sessions;      // in the config's order; of several agents in one, each
  std::optional<WallTime> polled_at;  // the last poll; empty before the first
  bool server_up = true;
  WallTime server_since;   // since when it is up or down, as far as this run knows
  std::string server_why;  // if it is down
  SteadyTime next_poll;
  std::optional<HitCounts> counted;  // by the last poll
};

// The state at the start of a run with this config, from the saved one.
State state_at_start(const Config& config, std::optional<State> saved, Moment now);

class Monitor {
 public:
  // Loads the state. Throws InputError if it cannot be read or a pack of the config cannot be used.
  // `judges` must live until the next configure() or the end of the monitor.
  Monitor(const Config& config, const Zone& host_zone, JudgeCache& judges, MonitorParts parts);

  // Continues with another config and the same state. If one of its packs cannot be used, throws
  // InputError and changes nothing.
  void configure(const Config& config, JudgeCache& judges);

  // Resumes a switch that the state has in flight, if any.
  void start();

  // Polls until the clock reports stop or reload, and returns which. The first poll comes one interval
  // after construction; missed polls are skipped. Between polls, the end of a limit is reported on time.
  Wake run();

  // One poll, now.
  void poll();

  // Waits until the switch in flight, if any, has ended. False if stopped before.
  bool finish_switch();

  // Handles the end of a switch, if one has ended. run() does this by itself.
  void take_report();

  // Carries out the operator's command, or returns why not. Saved and journalled on return. Must not be
  // called while is_polling().
  CommandAnswer obey(const AccountCommand& command);

  // Asks a session to go on, unless something stands in the way. As obey().
  CommandAnswer resume_by_hand(const std::string& session);

  // True while a poll waits for tmux.
  bool is_polling() const { return polling_; }

  const State& state() const { return state_; }
  MonitorView view() const;

 private:
  struct Watched {
    std::string session;    // what it is called: see AgentPane
    std::size_t index = 0;  // of its session in `sessions_`
    bool pool = true;
    bool no_agent = false;
    bool stand_in = false;
    PaneCapture::Status status = PaneCapture::Status::absent;  // as last captured
    std::string why = {};                                      // if that failed
    std::string pane = {};                                     // which it was; empty: not known
    std::string window_pane = {};                              // its place in the session
    std::string program = {};                                  // in its foreground
    std::string same_pane_as = {};                             // see Observation
    std::optional<WallTime> program_started = {};              // as last captured
    std::optional<Testimony> testimony = {};                   // likewise
    std::optional<WallTime> said_at = {};                      // of what counts for one turn only
    std::optional<ConversationTrace> said_in = {};             // that turn; empty: it is over
    bool went_on = false;                                      // see Observation
    bool moved_on = false;                                     // the same, where it was asked to go on
    Posture posture = {};                                      // where sessions may be resumed
    std::shared_ptr<const std::string> text = {};              // the screen last judged
    Reading reading = {};                                      // what it says
    std::optional<DatedVerdict> reported = {};                 // the verdict last journalled
    WallTime reported_at = {};                                 // and when
    std::string unrecognised = {};                             // the near-miss last journalled
    std::optional<Standstill> standstill = {};                 // with an error, see standstill.h
    HitStatus hit = HitStatus::none;                           // at the last poll
    std::string why_uncounted = {};                            // if it is that
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

  // A pane just before a key is sent to it.
  struct LastLook {
    PaneCapture pane;
    Posture posture;
  };

  // An attempt of which the first key has been sent.
  struct Typing {
    enum class Next { menu, enter };
    Asked asked;
    Next next = Next::enter;
    int keys = 0;                                         // pressed in menus
    std::optional<Fingerprint> chosen_on = std::nullopt;  // the last menu of which an entry was chosen
  };

  void plan_resumptions(const Evidence& evidence, Moment now);
  std::vector<ResumeLook> look_at_all(const Evidence& evidence) const;
  void go_on_resuming();
  void go_on_typing();
  Stroke first_stroke(const Asked& asked) const;
  std::string why_program_refuses(const Stroke& stroke);
  void ask(const Asked& asked);
  void start_asking(const Watched& watched, const Asked& asked, const LastLook& look, const Stroke& first);
  void start_program(const Asked& asked, const Stroke& stroke);
  void type_text(const Asked& asked);
  void press_in_menu(Typing typing, const Posture& posture);
  bool send(const Asked& asked, const Stroke& stroke);
  bool press(const Asked& asked, std::string_view key);
  void hold_back(const Asked& asked, std::string_view why);
  void keep_typing(const Asked& asked, std::string_view why);
  std::optional<LastLook> look_once_more(const Watched& watched, const Asked& asked);
  Posture posture_of(const Watched& watched, const std::string& text) const;
  std::string draft_in(const Watched& watched, const PaneCapture& pane, const Posture& posture) const;
  std::string_view why_not_touched(const Asked& asked, const PaneCapture& pane, const Posture& posture,
                                   Moment now) const;
  std::string_view why_no_answer(const Posture& posture) const;
  std::string_view why_not_asked(const Watched& watched, const Asked& asked, const LastLook& look, Moment now) const;
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
  void read_context(Watched& watched) const;
  void judge(Watched& watched, std::shared_ptr<const std::string> text, bool heeds_progress) const;
  void forget_if_over(Watched& watched) const;
  void find_shared_panes();
  void ask_witness(TmuxCapture& capture);
  std::vector<Observation> observe() const;
  void decide(const Evidence& evidence, Moment now);
  Watched* find_watched(const std::string& session);
  void journal_server(const TmuxCapture& capture, Moment now);
  void journal_verdicts(const Evidence& evidence, Moment now);
  void journal_disagreement(const Watched& watched, const DatedVerdict& dated, Moment now);
  void journal_unrecognised(Moment now);
  void journal_standstills(Moment now);
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
