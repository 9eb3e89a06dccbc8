// `quotawatch run`: assembles the monitor with the real parts around it, and applies a reloaded
// config.
//
// Created and run once by run.cc.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "os/control/hook_socket.h"
#include "os/control/private_socket.h"
#include "os/files/line_journal.h"
#include "os/hooks/event_notifier.h"
#include "os/hooks/hook_switcher.h"
#include "os/host/service_manager.h"
#include "os/host/system_clock.h"
#include "os/loop/event_loop.h"
#include "os/loop/timer.h"
#include "os/records/program_records.h"
#include "os/store/postgres_store.h"
#include "os/tmux/tmux_client.h"
#include "os/tmux/tmux_keyboard.h"
#include "quotawatch/config.h"
#include "quotawatch/monitor.h"
#include "record/flight_recorder.h"
#include "run/dry_run.h"
#include "run/notifying_journal.h"
#include "run/run_options.h"
#include "run/status/status_report.h"
#include "run/zone_choice.h"

namespace quotawatch {

class Production {
 public:
  // Opens everything. Throws InputError.
  explicit Production(RunOptions options);

  // Runs until a stop is requested, or for one poll; returns the exit code. To be called once.
  int run();

 private:
  std::unique_ptr<os::HookSocket> open_hook_socket();
  void wait_for_pool();
  void offer_recordings();
  int poll_once(Monitor& monitor);
  int poll_until_stopped(Monitor& monitor);
  void answer_status(const Monitor& monitor);
  void answer_account(Monitor& monitor);
  void answer_resume(Monitor& monitor);
  void answer_pause(Monitor& monitor);
  StatusReport report(const Monitor& monitor);
  void write_metrics(const Monitor& monitor);
  void reload(Monitor& monitor);
  void say_ready(const Monitor& monitor);
  void give_signs_of_life(const Monitor& monitor);
  void configure_hooks();
  Switcher& switcher_of(const std::string& group);
  void tidy_up_later();
  os::EventNotifier::Command event_command() const;
  void refuse_restart_only_changes(const Config& fresh) const;

  RunOptions options_;
  Config config_;
  os::HostZone host_zone_;
  ZoneChoice zone_;
  std::unique_ptr<JudgeCache> judges_;
  bool says_only_;
  os::EventLoop loop_;
  os::SystemClock clock_;
  os::ServiceManager manager_;
  os::TmuxClient tmux_;
  os::TmuxKeyboard keyboard_;
  os::ProgramRecords records_;
  std::map<std::string, std::unique_ptr<os::HookSwitcher>> switch_hooks_;  // by group
  std::map<std::string, os::DryRunSwitcher> dry_runs_;                     // likewise
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<os::PostgresStore> pool_;    // null without "store", and in a run that carries nothing out
  std::unique_ptr<os::PrivateSocket> socket_;  // null if there is no state lock to hold
  std::unique_ptr<os::HookSocket> hooks_;      // likewise
  std::unique_ptr<os::LineJournal> journal_;
  os::EventNotifier notifier_;
  NotifyingJournal notifying_journal_;
  DryRunJournal marked_journal_;
  os::Timer tidying_;
  os::Timer metrics_timer_;
  bool metrics_failing_ = false;
  WallTime started_;
  std::optional<FlightRecorder> recorder_;
  bool ran_ = false;
};

}  // namespace quotawatch
