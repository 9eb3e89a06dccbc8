#include "run/production.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <utility>

#include "base/text.h"
#include "os/files/file_state_store.h"
#include "os/files/output_file.h"
#include "os/host/memory.h"
#include "quotawatch/input_error.h"
#include "run/account_request.h"
#include "run/announcement.h"
#include "run/exit_code.h"
#include "run/host_name.h"
#include "run/pause_request.h"
#include "run/real_parts.h"
#include "run/recording_answer.h"
#include "run/resume_request.h"
#include "run/run_log.h"
#include "run/status/status_report.h"

namespace quotawatch {
namespace {

bool has_hooks(const Config& config) { return !groups_of(config).front().switch_command.empty(); }

// All groups switch, or none does: a run either carries switches out or only says what it would do.
void require_hooks_alike(const RunOptions& options, const Config& config) {
  for (const auto& group : groups_of(config)) {
    if (group.switch_command.empty() != has_hooks(config)) continue;
    throw InputError(options.config, 0,
                     fmt::format("the group {} has {} \"switch\": {{\"command\"}}, unlike the one before it; give one "
                                 "to all groups, or to none",
                                 group.group, group.switch_command.empty() ? "no" : "a"));
  }
}

std::vector<std::string> group_names(const Config& config) {
  std::vector<std::string> names;
  for (const auto& group : groups_of(config)) names.push_back(group.group);
  return names;
}

std::unique_ptr<StateStore> open_state(const RunOptions& options, const Config& config) {
  if (options.config.empty()) return std::make_unique<NoStateStore>();
  const auto access = options.dry_run ? os::FileStateStore::Access::read_only : os::FileStateStore::Access::read_write;
  auto store = std::make_unique<os::FileStateStore>(config.state_path, access, log_note);
  if (has_hooks(config)) {
    store->require_savable();  // else the first switch would fail
    return store;
  }
  return std::make_unique<UnchangedStateStore>(std::move(store));
}

os::JournalLimits limits_of(const Config& config) { return {config.journal.max_bytes, config.journal.keep}; }

// Requires the state's lock. A run continues without a socket if it cannot be created.
std::unique_ptr<os::PrivateSocket> open_socket(os::EventLoop& loop, const RunOptions& options, const Config& config) {
  if (options.config.empty() || options.dry_run) return nullptr;
  try {
    return std::make_unique<os::PrivateSocket>(loop, os::socket_path(config.state_path));
  } catch (const InputError& error) {
    log_note(fmt::format("{}; `quotawatch status` will not see this run", error.what()));
    return nullptr;
  }
}

std::unique_ptr<os::LineJournal> open_journal(const Config& config) {
  if (config.journal.path.empty()) {
    return std::make_unique<os::LineJournal>(STDOUT_FILENO, "stdout", log_note);
  }
  return std::make_unique<os::LineJournal>(config.journal.path, log_note, limits_of(config));
}

Config read_trusted_config(const RunOptions& options) {
  Config config = read_run_config(options);
  require_trusted(options, config);
  require_hooks_alike(options, config);
  return config;
}

// Loads every pack of the config, so that a bad one is refused before anything is done.
std::unique_ptr<JudgeCache> load_judges(const Config& config) {
  auto judges = std::make_unique<JudgeCache>();
  for (const auto& pack : packs_of(config)) judges->find(pack);
  return judges;
}

}  // namespace

Production::Production(RunOptions options)
    : options_(std::move(options)),
      config_(read_trusted_config(options_)),
      host_zone_(os::read_host_zone(os::own_zone_places())),
      zone_(choose_zone(config_, host_zone_)),
      judges_(load_judges(config_)),
      says_only_(options_.dry_run || !has_hooks(config_)),
      clock_(loop_),
      manager_(loop_, log_note),
      tmux_(loop_, tmux_server(config_), log_note),
      keyboard_(loop_, {config_.tmux_socket_name, config_.tmux_timeout},
                [](std::string_view line) { spdlog::info("resume: {}", escape_controls(line)); }),
      records_(config_.witness, config_.tmux_socket_name, log_note),
      store_(open_state(options_, config_)),
      pool_(says_only_ || config_.store.postgresql.empty()
                ? nullptr
                : std::make_unique<os::PostgresStore>(loop_, config_.store, group_names(config_))),
      socket_(open_socket(loop_, options_, config_)),
      hooks_(open_hook_socket()),
      journal_(open_journal(config_)),
      notifier_(loop_, event_command(),
                {[](std::string_view line) { spdlog::info("event: {}", escape_controls(line)); }, log_note}),
      notifying_journal_(*journal_, notifier_, config_.events, host_names()),
      marked_journal_(notifying_journal_),
      tidying_(loop_),
      metrics_timer_(loop_),
      started_(clock_.now().wall) {
  for (const auto& name : group_names(config_)) {
    auto hook = std::make_unique<os::HookSwitcher>(
        loop_, std::vector<std::string>{}, config_.switch_timeout,
        [](std::string_view line) { spdlog::info("hook: {}", escape_controls(line)); });
    hook->set_check([this](const auto& command) { return why_not_trusted(command, options_, "switch.command"); });
    switch_hooks_.emplace(name, std::move(hook));
    dry_runs_.try_emplace(name, loop_);
  }
  configure_hooks();
  keyboard_.set_check([this](const auto& command) { return why_not_trusted(command, options_, "resume.command"); });
  notifier_.set_check([this](const auto& command) { return why_not_trusted(command, options_, "events.command"); });
}

void Production::configure_hooks() {
  for (const auto& group : groups_of(config_)) {
    auto& hook = *switch_hooks_.at(group.group);
    hook.configure(group.switch_command, group.switch_timeout);
    hook.set_tmux_socket(config_.tmux_socket_name);
  }
}

Switcher& Production::switcher_of(const std::string& group) {
  return says_only_ ? static_cast<Switcher&>(dry_runs_.at(group)) : *switch_hooks_.at(group);
}

// Empty in a dry run, which has no side effects.
os::EventNotifier::Command Production::event_command() const {
  const auto& events = config_.events;
  return {options_.dry_run ? std::vector<std::string>{} : events.command, events.timeout, config_.tmux_socket_name};
}

// Open whatever the config says of witnesses: it may be read again.
std::unique_ptr<os::HookSocket> Production::open_hook_socket() {
  if (!socket_) return nullptr;
  const auto heard = [this](std::string_view datagram) {
    if (const auto message = os::read_datagram(datagram)) records_.hear(*message, clock_.now().wall);
  };
  try {
    return std::make_unique<os::HookSocket>(loop_, os::hook_socket_path(config_.state_path), heard);
  } catch (const InputError& error) {
    log_note(fmt::format("{}; `quotawatch hook` will not reach this run", error.what()));
    return nullptr;
  }
}

int Production::run() {
  assert(!ran_);
  ran_ = true;
  begin_run_log();
  if (options_.verbose) log_all_events();
  loop_.watch_signals();
  offer_recordings();
  const Switchers switchers([this](const std::string& group) -> Switcher& { return switcher_of(group); });
  Journal& journal = says_only_ ? static_cast<Journal&>(marked_journal_) : notifying_journal_;
  RunObserver& observer = recorder_ ? *recorder_ : RunObserver::none();
  Monitor monitor(config_, host_zone_.zone, *judges_,
                  {clock_, tmux_, switchers, *store_, journal, observer, says_only_ ? nullptr : &keyboard_, &records_,
                   pool_.get(), host_name(config_)});
  if (recorder_) recorder_->begin(config_, zone_.zone, monitor.state());
  answer_status(monitor);
  answer_account(monitor);
  answer_resume(monitor);
  answer_pause(monitor);
  const auto hooks = std::move(hooks_);    // as long as the state's lock is held
  const auto socket = std::move(socket_);  // destroyed before the monitor that its answers use
  const auto groups = groups_of(config_);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    announce_run(groups[i], monitor.state(i).active_account, says_only_);
  }
  announce_zone(zone_);
  name_missing_sessions(config_, tmux_);
  monitor.start();
  say_ready(monitor);
  const int code = options_.once ? poll_once(monitor) : poll_until_stopped(monitor);
  manager_.say_stopping();
  monitor.take_report();  // of a hook that ended together with us
  if (pool_) pool_->abandon();
  notifier_.stop();  // first, so that hook and notifier end within the same second
  for (const auto& group : groups) switcher_of(group.group).abandon();
  keyboard_.abandon();
  notifier_.abandon();
  return code;
}

StatusReport Production::report(const Monitor& monitor) {
  RunFacts run{::getpid(), started_, says_only_, std::string(tmux_.asked_by())};
  run.timezone = {zone_.zone.name(), zone_.why};
  return report_run(config_, monitor, run, clock_.now());
}

void Production::answer_status(const Monitor& monitor) {
  if (!socket_) return;
  socket_->set_answer("status", [this, &monitor](const JsonValue& request) {
    request.object({"ask"});
    return to_json(report(monitor));
  });
}

// For other users' collectors: the folder says who may come so far.
void Production::write_metrics(const Monitor& monitor) {
  constexpr mode_t everybody_reads = 0644;
  if (config_.metrics_path.empty() || says_only_) return;
  try {
    os::write_output(config_.metrics_path, notifying_journal_.metrics().text(report(monitor), clock_.now().steady),
                     everybody_reads);
    metrics_failing_ = false;
  } catch (const InputError& error) {
    if (!std::exchange(metrics_failing_, true)) spdlog::warn("metrics: {}", escape_controls(error.what()));
  }
}

// Answers `quotawatch account`.
void Production::answer_account(Monitor& monitor) {
  if (!socket_) return;
  socket_->set_answer("account", [this, &monitor](const JsonValue& question) {
    const auto request = read_account_request(question);
    if (clock_.now().wall > request.valid_until) {
      throw InputError("account", 0, "asked for too long ago; ask again");
    }
    if (monitor.is_polling()) return to_json(std::optional<CommandAnswer>());
    auto answer = monitor.obey(request.command);
    const bool done = answer.outcome == CommandAnswer::Outcome::done;
    if (done && says_only_) answer.words += "; for this run only, which carries no switch out";
    return to_json(std::optional(std::move(answer)));
  });
}

// Answers `quotawatch resume`.
void Production::answer_resume(Monitor& monitor) {
  if (!socket_) return;
  socket_->set_answer("resume", [this, &monitor](const JsonValue& question) {
    const auto request = read_resume_request(question);
    if (clock_.now().wall > request.valid_until) throw InputError("resume", 0, "asked for too long ago; ask again");
    if (monitor.is_polling()) return to_json(std::optional<CommandAnswer>());
    auto answer = monitor.resume_by_hand(request.session);
    if (answer.outcome == CommandAnswer::Outcome::done && says_only_) answer.words += "; this run only says so";
    if (answer.outcome == CommandAnswer::Outcome::done) loop_.notify();
    return to_json(std::optional(std::move(answer)));
  });
}

// Answers `quotawatch pause`.
void Production::answer_pause(Monitor& monitor) {
  if (!socket_) return;
  socket_->set_answer("pause", [this, &monitor](const JsonValue& question) {
    const auto request = read_pause_request(question);
    if (clock_.now().wall > request.valid_until) throw InputError("pause", 0, "asked for too long ago; ask again");
    if (monitor.is_polling()) return to_json(std::optional<CommandAnswer>());
    return to_json(std::optional(monitor.obey(request.command)));
  });
}

// Recent decisions, for `record --from-run`.
void Production::offer_recordings() {
  if (!socket_ || options_.once || config_.recorder_max_bytes == 0) return;
  if (!config_.groups.empty()) return;  // a recording is of one group
  recorder_.emplace(FlightRecorder::Limits{config_.recorder_keep, config_.recorder_max_bytes});
  socket_->set_answer("recording",
                      [this](const JsonValue& question) { return answer_recording(question, *recorder_, *judges_); });
}

// So that the only poll knows what the others do. Without them it decides nothing.
void Production::wait_for_pool() {
  if (!pool_) return;
  const auto names = group_names(config_);
  const auto is_there = [&] { return !pool_->why_away().empty() || pool_->take_news(names.front()); };
  const auto has_heard = [&] {
    return std::ranges::all_of(names, [&](const auto& n) { return pool_->has_answered(n); });
  };
  loop_.run_until(is_there, config_.store.timeout);
  if (!pool_->why_away().empty()) return;
  for (const auto& name : names) pool_->read(name);
  loop_.run_until(has_heard, config_.store.timeout);
}

int Production::poll_once(Monitor& monitor) {
  wait_for_pool();
  monitor.poll();
  if (!monitor.finish_switch()) {
    spdlog::warn("stopped before the switch had ended; the next run asks for it again");
    return exit_failed;
  }
  notifier_.finish();
  write_metrics(monitor);
  for (std::size_t i = 0; i < groups_of(config_).size(); ++i) {
    if (monitor.state(i).run.failures_in_a_row > 0) return exit_failed;
  }
  return exit_fine;
}

int Production::poll_until_stopped(Monitor& monitor) {
  const auto begin = [&] {
    tidy_up_later();
    metrics_timer_.start_repeating(config_.quota.poll_interval, [&] { write_metrics(monitor); });
  };
  begin();
  give_signs_of_life(monitor);
  while (monitor.run() == Wake::reload) {
    manager_.say_reloading();
    reload(monitor);
    say_ready(monitor);
    begin();
  }
  metrics_timer_.stop();
  spdlog::info("stopped");
  return exit_fine;
}

void Production::say_ready(const Monitor& monitor) {
  manager_.say_ready(fmt::format("watches {}", counted(monitor.view().sessions.size(), "session")));
}

// Of a monitor that polls. One that is late by as long as the manager waits is stuck, although its loop turns.
void Production::give_signs_of_life(const Monitor& monitor) {
  manager_.give_signs_of_life(
      [&] { return clock_.now().steady < monitor.view().next_poll + manager_.expected_within(); });
}

// After the first poll, and between two others.
void Production::tidy_up_later() { tidying_.start_once(config_.quota.poll_interval * 3 / 2, os::give_back_memory); }

// Takes over all of the new config or nothing.
void Production::reload(Monitor& monitor) {
  try {
    Config fresh = read_trusted_config(options_);
    auto judges = load_judges(fresh);  // pack files may have changed
    refuse_restart_only_changes(fresh);
    auto server = tmux_server(fresh);
    assert(fresh.state_path == config_.state_path && has_hooks(fresh) == has_hooks(config_));
    monitor.configure(fresh, *judges);
    tmux_.configure(std::move(server));
    keyboard_.configure({fresh.tmux_socket_name, fresh.tmux_timeout});
    records_.configure(fresh.witness, fresh.tmux_socket_name);
    journal_->limit(limits_of(fresh));
    config_ = std::move(fresh);
    configure_hooks();
    notifier_.configure(event_command());
    notifying_journal_.configure(config_.events);
    judges_ = std::move(judges);
    const ZoneChoice zone_before = std::exchange(zone_, choose_zone(config_, host_zone_));
    if (recorder_) recorder_->configure(config_, zone_.zone);
    spdlog::info("the config was read again");
    if (zone_.zone != zone_before.zone) announce_zone(zone_);
  } catch (const std::exception& error) {
    spdlog::error("{}; going on with the config from before", escape_controls(error.what()));
  }
  journal_->reopen();  // even if the config is invalid: logrotate has moved the file
}

void Production::refuse_restart_only_changes(const Config& fresh) const {
  if (fresh.state_path != config_.state_path) {
    throw InputError(options_.config, 0, "state.path has changed, which needs a restart");
  }
  if (fresh.journal.path != config_.journal.path) {
    throw InputError(options_.config, 0, "journal.path has changed, which needs a restart");
  }
  if (fresh.recorder_keep != config_.recorder_keep || fresh.recorder_max_bytes != config_.recorder_max_bytes) {
    throw InputError(options_.config, 0, "recorder has changed, which needs a restart");
  }
  if (fresh.store != config_.store) {
    throw InputError(options_.config, 0, "store has changed, which needs a restart");
  }
  if (group_names(fresh) != group_names(config_)) {
    throw InputError(options_.config, 0, "groups were added, removed or renamed, which needs a restart");
  }
  if (has_hooks(fresh) != has_hooks(config_)) {
    throw InputError(options_.config, 0, "switch.command was added or removed, which needs a restart");
  }
}

}  // namespace quotawatch
