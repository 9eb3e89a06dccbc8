// quotawatch status: the state of a running monitor, or the state saved by the last one.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/control/monitor_query.h"
#include "os/control/private_socket.h"
#include "os/files/file_state_store.h"
#include "os/host/acting_user.h"
#include "os/host/system_clock.h"
#include "os/loop/event_loop.h"
#include "os/loop/readable.h"
#include "os/store/store_visit.h"
#include "quotawatch/config.h"
#include "quotawatch/input_error.h"
#include "report/console.h"
#include "report/hosts_table.h"
#include "report/last_decisions.h"
#include "report/live_terminal.h"
#include "report/live_view.h"
#include "report/room.h"
#include "report/status_check.h"
#include "report/status_table.h"
#include "run/option_values.h"
#include "run/pause_request.h"
#include "run/resume_request.h"
#include "run/status/status_report.h"
#include "run/zone_choice.h"

namespace quotawatch {
namespace {

constexpr Milliseconds answer_timeout{2000};
constexpr Milliseconds least_interval{100};

struct StatusOptions {
  std::string config;
  bool json = false;
  bool watch = false;
  bool check = false;
  bool hosts = false;
  std::string interval = "2s";
};

Milliseconds read_interval(const StatusOptions& options) {
  const auto interval = duration_of_option("--interval", options.interval);
  if (interval >= least_interval) return interval;
  throw InputError("--interval", 0, in_quotes(options.interval) + " is too short; 100ms at least");
}

StatusReport report_from_state(const Config& config) {
  std::vector<std::string> notes;
  os::FileStateStore store(config.state_path, os::FileStateStore::Access::read_only,
                           [&](std::string_view note) { notes.emplace_back(note); });
  StatusReport report = report_saved(config, store.load(), os::read_system_clock().wall);
  report.notes = std::move(notes);
  return report;
}

// The running monitor's report, or else a report from the saved state.
StatusReport look(const Config& config) {
  using Outcome = os::MonitorReply::Outcome;
  const auto reply = os::ask_monitor(os::socket_path(config.state_path), R"({"ask": "status"})", answer_timeout);
  std::string why = reply.outcome == Outcome::failed ? reply.why : "";
  if (reply.outcome == Outcome::answered) {
    try {
      return parse_status(reply.text, "its answer");
    } catch (const InputError& error) {
      why = error.what();  // possibly another version
    }
  }
  StatusReport report = report_from_state(config);
  report.monitor.running = reply.outcome == Outcome::silent || reply.outcome == Outcome::answered;
  report.monitor.process = reply.process;
  report.monitor.why = escape_controls(why);
  return report;
}

// If no monitor reports its zone, uses the zone that a run started here would use.
void fill_in_zone(StatusReport& report, const Config& config, std::optional<ZoneChoice>& own) {
  if (!report.timezone.name.empty()) return;
  if (!own) own = choose_zone(config);
  report.timezone = {own->zone.name(), own->why};
}

std::string show(const StatusReport& report, const StatusOptions& options, const Room& room) {
  if (options.json) return to_json(report) + "\n";
  return status_table(report, os::read_system_clock().wall, {room.columns, stdout_takes_colour()});
}

int code_of(const StatusReport& report) { return report.monitor.answers ? exit_fine : exit_failed; }

// What cannot be found out is unknown, and no reason to wake anybody as for a critical state.
HealthCheck health_of(const StatusOptions& options) {
  try {
    const std::string path = find_config(options.config, "status");
    const os::ActingUser user(path);
    return check_health(look(load_config(path)));
  } catch (const std::exception& error) {
    return {Health::unknown, error.what()};
  }
}

int check(const StatusOptions& options) {
  const HealthCheck health = health_of(options);
  print_out(health_line(health));
  return static_cast<int>(health.health);
}

// From the database, whether or not a monitor runs here.
int show_hosts(const StatusOptions& options) {
  const std::string path = find_config(options.config, "status");
  const os::ActingUser user(path);
  const Config config = load_config(path);
  os::StoreVisit visit(config.store);
  visit.check_table();
  HostsReport report{visit.described(), config.store.fleet, {}};
  for (const auto& group : groups_of(config)) {
    report.groups.push_back({group.group, visit.row(group.group), visit.words(group.group)});
  }
  const WallTime now = os::read_system_clock().wall;
  print_out(options.json ? hosts_json(report, now) + "\n" : hosts_table(report, choose_zone(config).zone, now));
  return exit_fine;
}

int show_once(const StatusOptions& options) {
  const std::string path = find_config(options.config, "status");
  const os::ActingUser user(path);
  const Config config = load_config(path);
  std::optional<ZoneChoice> own_zone;
  auto report = look(config);
  fill_in_zone(report, config, own_zone);
  print_out(show(report, options, room_on(STDOUT_FILENO)));
  return code_of(report);
}

// One below the other, for pipes and terminals that can do nothing else.
int watch_plainly(const Config& config, const StatusOptions& options, Milliseconds interval) {
  std::optional<ZoneChoice> own_zone;
  os::EventLoop loop;
  loop.watch_signals();
  std::signal(SIGPIPE, SIG_DFL);  // end quietly when the reader goes away
  os::SystemClock clock(loop);
  for (bool first = true;; first = false) {
    auto report = look(config);
    fill_in_zone(report, config, own_zone);
    print_out((first || options.json ? "" : "\n") + show(report, options, room_on(STDOUT_FILENO)));
    if (std::fflush(stdout) != 0) throw std::runtime_error("stdout cannot be written");
    // A terminal that hangs up (SIGHUP) ends the program, too.
    if (clock.wait_until(clock.now().steady + interval) != Wake::deadline) return code_of(report);
  }
}

class LiveStatus {
 public:
  LiveStatus(const Config& config, Milliseconds interval, LiveTerminal& terminal)
      : config_(config), interval_(interval), terminal_(terminal), clock_(loop_), keys_(loop_, STDIN_FILENO, [this] {
          loop_.notify();
        }) {
    loop_.watch_signals();
  }

  int run() {
    look_again();
    LastDecisions decisions(config_.journal.path, Zone::named(report_.timezone.name).value_or(Zone::utc()));
    SteadyTime next_look = clock_.now().steady + interval_;
    for (;;) {
      terminal_.draw(view_.rows(report_, decisions.read(), clock_.now().wall, terminal_.size()));
      const SteadyTime now = clock_.now().steady;
      const Wake wake = clock_.wait_until(std::min(next_look, now + resize_interval));
      if (wake == Wake::stop || wake == Wake::reload) return code_of(report_);  // Ctrl-C; the terminal is gone
      while (const auto key = terminal_.key()) {
        if (!obey(view_.press(*key, report_))) return code_of(report_);
      }
      if (clock_.now().steady < next_look) continue;
      look_again();
      next_look = clock_.now().steady + interval_;
    }
  }

 private:
  void look_again() {
    report_ = look(config_);
    fill_in_zone(report_, config_, own_zone_);
  }

  // False: leave.
  bool obey(const LiveAction& action) {
    using Kind = LiveAction::Kind;
    switch (action.kind) {
      case Kind::quit:
        return false;
      case Kind::resume:
        tell(command_resume(config_, action.session));
        return true;
      case Kind::pause:
        tell(command_pause(config_, {}));
        return true;
      case Kind::end_pause:
        tell(command_pause(config_, {Milliseconds{0}}));
        return true;
      default:
        return true;
    }
  }

  void tell(const std::optional<CommandAnswer>& answer) {
    using Outcome = CommandAnswer::Outcome;
    const bool well = answer && answer->outcome != Outcome::wrong && answer->outcome != Outcome::refused;
    view_.say(answer ? escape_controls(answer->words) : "no monitor runs", well);
    look_again();
  }

  static constexpr Milliseconds resize_interval{500};  // ages and the terminal's size are seen as often

  const Config& config_;
  Milliseconds interval_;
  LiveTerminal& terminal_;
  os::EventLoop loop_;
  os::SystemClock clock_;
  os::Readable keys_;
  LiveView view_;
  StatusReport report_;
  std::optional<ZoneChoice> own_zone_;
};

int watch(const StatusOptions& options) {
  const std::string path = find_config(options.config, "status");
  const os::ActingUser user(path);
  const Config config = load_config(path);
  const Milliseconds interval = read_interval(options);
  const auto terminal = options.json ? nullptr : LiveTerminal::open(stdout_takes_colour());
  return terminal ? LiveStatus(config, interval, *terminal).run() : watch_plainly(config, options, interval);
}

}  // namespace

void add_status(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<StatusOptions>();
  auto* command = app.add_subcommand("status", "Show what the monitor sees and waits for; exit code 1 if none runs");
  add_config_option(*command, options->config);
  add_color_option(*command);
  auto* json = command->add_flag("--json", options->json, "Print one JSON object");
  auto* watch_flag =
      command->add_flag("--watch", options->watch, "Go on showing it; on a terminal with keys: ? lists them");
  command->add_option("--interval", options->interval, "How often to redraw")
      ->type_name("DURATION")
      ->capture_default_str()
      ->needs(watch_flag);
  auto* check_flag = command
                         ->add_flag("--check", options->check,
                                    "One line for monitoring; exit code 0 fine, 1 warning, 2 critical, 3 unknown")
                         ->excludes(json)
                         ->excludes(watch_flag);
  command
      ->add_flag("--hosts", options->hosts,
                 "What the hosts that share accounts have agreed on, and how each of them stands")
      ->excludes(watch_flag)
      ->excludes(check_flag);
  command->callback([options, &chosen] {
    chosen = [options] {
      if (options->check) return check(*options);
      if (options->hosts) return show_hosts(*options);
      return options->watch ? watch(*options) : show_once(*options);
    };
  });
}

}  // namespace quotawatch
