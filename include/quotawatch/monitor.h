// The monitor: polls, judges, decides, requests switches, and writes state and journal.
//
// Production, replay and simulation use this class and differ only in its parts. Single-threaded. One
// poll serves all groups of the config; each group decides by itself (src/monitor/group.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/clock.h"
#include "quotawatch/config.h"
#include "quotawatch/journal.h"
#include "quotawatch/judge.h"
#include "quotawatch/keyboard.h"
#include "quotawatch/monitor_view.h"
#include "quotawatch/pause.h"
#include "quotawatch/pool_store.h"
#include "quotawatch/run_observer.h"
#include "quotawatch/state.h"
#include "quotawatch/state_store.h"
#include "quotawatch/switcher.h"
#include "quotawatch/tmux.h"
#include "quotawatch/witness.h"
#include "quotawatch/zone.h"

namespace quotawatch {

class Group;

// Gives each group the switcher that carries its switches out: groups switch independently.
class Switchers {
 public:
  using Find = std::function<Switcher&(const std::string& group)>;

  // NOLINTNEXTLINE(google-explicit-constructor): without groups there is just one.
  Switchers(Switcher& one) : find_([&one](const std::string&) -> Switcher& { return one; }) {}
  explicit Switchers(Find find) : find_(std::move(find)) {}

  Switcher& of(const std::string& group) const { return find_(group); }

 private:
  Find find_;
};

// The index of the group whose account the command names, among groups_of() the config; or why there is
// none. For Monitor, and for commands on a saved state.
struct AddressedGroup {
  std::optional<std::size_t> index;
  CommandAnswer answer = {};  // if there is no index
};
AddressedGroup find_group(const std::vector<Config>& groups, const AccountCommand& command);

// Carries the command out on a saved state, while no monitor runs. `state` is the whole one, to be saved again if
// there is an event.
CommandedState obey_saved(const Config& config, std::optional<State> saved, const AccountCommand& command, Moment now);

// All parts must outlive the monitor.
struct MonitorParts {
  Clock& clock;
  Tmux& tmux;
  Switchers switchers;
  StateStore& store;
  Journal& journal;
  RunObserver& observer = RunObserver::none();
  Keyboard* keyboard = nullptr;  // null: what would be typed is only journalled
  Witness* witness = nullptr;    // null: screens are all there is
  PoolStore* pool = nullptr;     // null: this host decides for itself
  std::string host = {};         // what the others call it
};

// The state of a group at the start of a run with its config, from its saved one.
State state_at_start(const Config& config, std::optional<State> saved, Moment now);

class Monitor {
 public:
  // Loads the state. Throws InputError if it cannot be read or a pack of the config cannot be used.
  // `judges` must live until the next configure() or the end of the monitor.
  Monitor(const Config& config, const Zone& host_zone, JudgeCache& judges, MonitorParts parts);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  Monitor(Monitor&&) = delete;
  Monitor& operator=(Monitor&&) = delete;

  // Continues with another config of the same groups and the same state. If one of its packs cannot be
  // used, throws InputError and changes nothing.
  void configure(const Config& config, JudgeCache& judges);

  // Resumes the switches that the state has in flight, if any.
  void start();

  // Polls until the clock reports stop or reload, and returns which. The first poll comes one interval
  // after construction; missed polls are skipped. Between polls, the end of a limit is reported on time.
  Wake run();

  // One poll of all groups, now.
  void poll();

  // Waits until no switch is in flight, or the store is away that has to say whether one is made. False if stopped
  // before.
  bool finish_switch();

  // Handles the ends of switches and the answers of the store, if there are any. run() does this by itself.
  void take_report();

  // Carries out the operator's command, or returns why not. Saved and journalled on return. Must not be
  // called while is_polling().
  CommandAnswer obey(const AccountCommand& command);

  // Asks a session to go on, unless something stands in the way. As obey().
  CommandAnswer resume_by_hand(const std::string& session);

  // Begins or ends a pause of all groups. As obey().
  CommandAnswer obey(const PauseCommand& command);

  // True while a poll waits for tmux.
  bool is_polling() const;

  // Of the only group, or of the one at this place of the config.
  const State& state(std::size_t group = 0) const;
  MonitorView view() const;

 private:
  void poll(const PollTime& time, bool all);
  void poll_each(const std::vector<Group*>& due, const TmuxCapture& capture, Moment now);
  void list_names();
  void find_sessions(const std::vector<std::string>& there, Moment now);
  TmuxCapture capture(bool all, Moment now);
  Wake wait_until(SteadyTime deadline);
  SteadyTime next_due() const;
  SteadyTime next_wake() const;
  void schedule_next_poll(SteadyTime now);
  void ask_witness(TmuxCapture& capture) const;
  void heed_store(Moment now);
  void journal_server(const TmuxCapture& capture, Moment now);
  std::optional<std::string> save(const std::string& group, const State& state);

  MonitorParts parts_;
  Config config_;                               // with the sessions that were found at the last poll
  std::vector<std::unique_ptr<Group>> groups_;  // never empty
  std::vector<std::string> names_;              // of all sessions, group after group
  State saved_;                                 // of all groups
  Milliseconds poll_interval_;
  SteadyTime next_poll_;
  std::optional<WallTime> polled_at_;
  Milliseconds poll_took_{0};
  Milliseconds tmux_took_{0};
  bool server_up_ = true;
  WallTime server_since_;
  std::string server_why_;
  std::optional<WallTime> store_down_since_;
  bool polling_ = false;
};

}  // namespace quotawatch
