// One group: what its sessions show, what is decided about them, its state, and who is asked to go on.
//
// Owned by Monitor, which polls for all groups at once and hands each its part of the capture. Without
// `groups` in the config there is one, without a name. Single-threaded.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/agent_panes.h"
#include "quotawatch/clock.h"
#include "quotawatch/config.h"
#include "quotawatch/evidence.h"
#include "quotawatch/journal.h"
#include "quotawatch/judge.h"
#include "quotawatch/keyboard.h"
#include "quotawatch/monitor_view.h"
#include "quotawatch/pause.h"
#include "quotawatch/pool_store.h"
#include "quotawatch/reset_watch.h"
#include "quotawatch/resume.h"
#include "quotawatch/run_observer.h"
#include "quotawatch/standstill.h"
#include "quotawatch/step.h"
#include "quotawatch/switcher.h"
#include "quotawatch/tmux.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// All must outlive the group.
struct GroupParts {
  Clock& clock;
  Tmux& tmux;  // for a look at one session just before something is typed there
  Switcher& switcher;
  Journal& journal;
  RunObserver& observer;
  Keyboard* keyboard = nullptr;  // null: what would be typed is only journalled
  // Saves the group's state; the reason, if it could not.
  std::function<std::optional<std::string>(const State& state)> save;
  PoolStore* pool = nullptr;  // what is shared with other hosts; null: nothing is
  std::string host = {};
};

class Group {
 public:
  // `saved`: its state as stored, if it is. The config's first use is configure().
  Group(const Config& config, const Zone& host_zone, std::optional<State> saved, GroupParts parts);

  // Continues with another config and the same state. If one of its packs cannot be used, throws
  // InputError and changes nothing.
  void configure(const Config& config, JudgeCache& judges);

  // Resumes a switch that the state has in flight, if any.
  void start();

  // Of the sessions that are named by pattern these are there now.
  void watch_found(const std::vector<std::string>& found, Moment now);

  // The sessions to capture, in order.
  const std::vector<std::string>& sessions() const { return names_; }

  // What is to be done before the panes are captured.
  void begin_poll(Moment now);

  // One poll; `capture` is of sessions().
  void poll(TmuxCapture capture, Moment now);

  // A poll out of turn, if it needs one.
  std::optional<SteadyTime> next_look() const;

  // The next time at which something else is to be done; `max()` if nothing is.
  SteadyTime next_wake(Moment now) const;

  // Does what is due between polls.
  void act_between_polls(Moment now);

  // Handles the end of a switch, if one has ended.
  void take_report();

  // Takes what the store has said, and asks or tells it what is to be asked or told.
  void heed_store(Moment now);

  // See Monitor.
  CommandAnswer obey(const AccountCommand& command);
  CommandAnswer obey(const PauseCommand& command);
  CommandAnswer resume_by_hand(const std::string& session);

  // True between the first key of an attempt and the last.
  bool is_typing() const { return typing_.has_value(); }

  // True while it waits for tmux.
  bool is_looking() const { return looking_; }

  bool watches(const std::string& session) const;
  // Empty where the config has no groups.
  const std::string& name() const { return config_.group; }
  const Config& config() const { return config_; }
  const State& state() const { return state_; }
  void add_to(MonitorView& view) const;

 private:
  CommandAnswer carry_out_command(CommandedState commanded, Moment now);

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
    std::vector<Nearing> nearing = {};                         // the limits last journalled as near
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
  void keep_typing(const Typing& typing, std::string_view why);
  std::optional<LastLook> look_once_more(const Watched& watched, const Asked& asked);
  Posture posture_of(const Watched& watched, const std::string& text) const;
  std::string draft_in(const Watched& watched, const PaneCapture& pane, const Posture& posture) const;
  std::string_view why_not_touched(const Asked& asked, const PaneCapture& pane, const Posture& posture,
                                   Moment now) const;
  std::string_view why_no_answer(const Posture& posture) const;
  std::string_view why_not_asked(const Watched& watched, const Asked& asked, const LastLook& look, Moment now) const;
  void plan_second_look(const Evidence& evidence, Moment now);
  void announce_resets(Moment now);
  void take_panes(std::vector<AgentPane> panes, Moment now);
  void take_pane(std::size_t index, AgentPane pane, bool heeds_progress, Moment now);
  void watch(const std::vector<AgentPane>& panes);
  void set_sessions(std::vector<JudgedSession> sessions);
  void journal_found(EventKind kind, const std::string& session, Moment now);
  void read_context(Watched& watched) const;
  void judge(Watched& watched, std::shared_ptr<const std::string> text, bool heeds_progress) const;
  void forget_if_over(Watched& watched) const;
  void find_shared_panes();
  std::vector<Observation> observe() const;
  void decide(const Evidence& evidence, Moment now);
  Watched* find_watched(const std::string& session);
  void journal_verdicts(const Evidence& evidence, Moment now);
  void journal_disagreement(const Watched& watched, const DatedVerdict& dated, Moment now);
  void journal_nearing(const Evidence& evidence, Moment now);
  void journal_unrecognised(Moment now);
  void journal_standstills(Moment now);
  void journal_no_agent(const Watched& watched, Moment now);
  void note_hits(const Evidence& evidence);
  void carry_out(State&& next, const Decision& decision, Moment now);
  std::optional<std::string> save();
  void tell_store(Moment now);
  void start_hook(const SwitchRequest& request, Moment now);
  void write(Event event, Moment now);
  void write_all(const std::vector<Event>& events, Moment now);

  Config config_;
  const Zone host_zone_;
  DecisionRules rules_;
  GroupParts parts_;
  std::vector<JudgedSession> sessions_;
  std::vector<std::string> names_;  // of these
  Judge* found_judge_ = nullptr;    // of sessions that are found by pattern
  AgentPanes panes_;
  std::vector<Watched> watched_;  // at least one for each session, in their order
  State state_;
  State saved_;
  std::optional<SteadyTime> second_look_;
  std::optional<HitCounts> counted_;
  ResetWatch resets_;
  std::vector<Asked> asked_;             // sessions that are due, in the order in which they are asked
  std::optional<Typing> typing_;         // the one that is being asked
  std::optional<SteadyTime> resume_at_;  // when the next of this is done
  std::optional<SteadyTime> look_at_;    // a poll out of turn, because sessions may have become due
  std::optional<HostWord> told_;         // to the store
  SteadyTime told_at_;
  bool looking_ = false;
  bool interrupted_ = false;  // a stop came while a pane was captured
  bool save_failing_ = false;
};

}  // namespace quotawatch
