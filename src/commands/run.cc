// quotawatch run: the monitor in production, on real tmux and real time.
#include <fmt/format.h>
#include <re2/re2.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "commands/commands.h"
#include "os/event_loop.h"
#include "os/file_state_store.h"
#include "os/hook_switcher.h"
#include "os/line_journal.h"
#include "os/system_clock.h"
#include "os/tmux_client.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/monitor.h"

namespace quotawatch {
namespace {

struct Options {
  std::string config;
  std::string pool;
  std::vector<std::string> dedicated;
  std::string journal;
  bool once = false;
  bool dry_run = false;
};

void log_note(std::string_view message) { spdlog::warn("{}", escape_controls(message)); }

// An unset variable of a script is a mistake, not a default.
std::string refuse_empty(const std::string& value) {
  return value.empty()                     ? "is empty"
         : escape_controls(value) != value ? "has a control character"
                                           : "";
}

PoolRange parse_pool(const std::string& text) {
  PoolRange pool;
  std::string prefix;
  static const RE2 form(R"((.*):(\d{1,9}):(\d{1,5}))");
  if (!RE2::FullMatch(text, form, &prefix, &pool.start_index, &pool.max) || pool.max > 10'000) {
    throw InputError("--pool", 0,
                     fmt::format("{} is no pool; write PREFIX:START:COUNT, such as ccl-auto-:1:8",
                                 in_quotes(text)));
  }
  if (!prefix.empty()) pool.prefix = prefix;
  return pool;
}

Config read_config(const Options& options) {
  Config config = options.config.empty() ? Config{} : load_config(options.config);
  if (!options.pool.empty()) config.pool = parse_pool(options.pool);
  if (!options.dedicated.empty()) config.dedicated = options.dedicated;
  check_sessions(config, "the command line", 0);
  if (config.pool.max == 0 && config.dedicated.empty()) {
    throw InputError(options.config.empty() ? "run" : options.config, 0,
                     "nothing to watch: set pool.autonomous.max or pool.dedicated in a config, or "
                     "give --pool PREFIX:START:COUNT or --dedicated NAME");
  }
  return config;
}

// A journal that says of each switch that nobody carries it out.
class DryRunJournal final : public Journal {
 public:
  explicit DryRunJournal(Journal& journal) : journal_(journal) {}

  void write(const Event& event) override {
    Event marked = event;
    const bool about_switch = event.kind == EventKind::switch_ ||
                              event.kind == EventKind::switch_done ||
                              event.kind == EventKind::switch_resumed;
    if (about_switch) marked.dry_run = true;
    journal_.write(marked);
  }

 private:
  Journal& journal_;
};

// For runs without a config, which have no place to keep anything.
class NoStateStore final : public StateStore {
 public:
  std::optional<State> load() override { return std::nullopt; }
  std::optional<std::string> save(const State& /*state*/) override { return std::nullopt; }
};

// For runs without a hook: what was saved is known and nobody else may use it
// meanwhile, but a switch that nobody carries out must not be remembered as made.
class UnchangedStateStore final : public StateStore {
 public:
  explicit UnchangedStateStore(std::unique_ptr<StateStore> store) : store_(std::move(store)) {}

  std::optional<State> load() override { return store_->load(); }
  std::optional<std::string> save(const State& /*state*/) override { return std::nullopt; }

 private:
  std::unique_ptr<StateStore> store_;
};

std::unique_ptr<StateStore> open_state(const Options& options, const Config& config) {
  if (options.config.empty()) return std::make_unique<NoStateStore>();
  const auto access = options.dry_run ? os::FileStateStore::Access::read_only
                                      : os::FileStateStore::Access::read_write;
  auto store = std::make_unique<os::FileStateStore>(config.state_path, access, log_note);
  if (!config.switch_command.empty()) return store;
  return std::make_unique<UnchangedStateStore>(std::move(store));
}

std::unique_ptr<os::LineJournal> open_journal(const Options& options) {
  if (options.journal.empty()) {
    return std::make_unique<os::LineJournal>(STDOUT_FILENO, "stdout", log_note);
  }
  return std::make_unique<os::LineJournal>(options.journal, log_note);
}

// Every pack a config names, so that a bad one is refused before anything is done.
std::unique_ptr<JudgeCache> load_judges(const Config& config) {
  auto judges = std::make_unique<JudgeCache>();
  for (const auto& pack : packs_of(config)) judges->find(pack);
  return judges;
}

// The real parts of a monitor, and what changes when the config is read again.
class Production {
 public:
  explicit Production(Options options)
      : options_(std::move(options)),
        config_(read_config(options_)),
        judges_(load_judges(config_)),
        says_only_(options_.dry_run || config_.switch_command.empty()),
        clock_(loop_),
        tmux_(loop_, config_.tmux_socket_name, config_.tmux_timeout),
        hook_(loop_, config_.switch_command, config_.switch_timeout,
              [](std::string_view line) { spdlog::info("hook: {}", escape_controls(line)); }),
        dry_run_(loop_),
        store_(open_state(options_, config_)),
        journal_(open_journal(options_)),
        marked_journal_(*journal_) {}

  int run() {
    loop_.watch_signals();
    Switcher& switcher = says_only_ ? static_cast<Switcher&>(dry_run_) : hook_;
    Journal& journal = says_only_ ? static_cast<Journal&>(marked_journal_) : *journal_;
    Monitor monitor(config_, Zone::host(), *judges_, {clock_, tmux_, switcher, *store_, journal});
    announce(monitor);
    monitor.start();
    const int code = options_.once ? poll_once(monitor) : poll_until_stopped(monitor);
    monitor.take_report();  // of a hook that ended together with us
    switcher.abandon();
    return code;
  }

 private:
  void announce(const Monitor& monitor) {
    const auto& account = monitor.state().active_account;
    if (account != config_.active_account) {
      spdlog::info(
          "active_account is {}, as the state says; the config's {} was for the first start",
          in_quotes(account), in_quotes(config_.active_account));
    }
    spdlog::info("watching {} pool and {} dedicated sessions on tmux socket {} every {}{}{}",
                 config_.pool.max, config_.dedicated.size(),
                 escape_controls(config_.tmux_socket_name),
                 format_duration(config_.quota.poll_interval),
                 account.empty() ? "" : ", active account " + escape_controls(account),
                 says_only_ ? "; no switch will be carried out" : "");
    name_missing_sessions();
    if (config_.pool.max > 0 && config_.pool.max < config_.quota.pool_threshold) {
      spdlog::warn(
          "the pool has fewer sessions than pool_threshold {}: it can never count as blocked",
          config_.quota.pool_threshold);
    }
  }

  // A session that does not exist is no error, but a misspelt one should be seen.
  void name_missing_sessions() {
    auto names = pool_sessions(config_.pool);
    names.insert(names.end(), config_.dedicated.begin(), config_.dedicated.end());
    const auto capture = tmux_.capture(names);
    if (capture.interrupted) return;
    if (!capture.server_up) {
      spdlog::warn("no answer from tmux yet: {}", escape_controls(capture.why));
      return;
    }
    std::vector<std::string> missing;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (capture.panes[i].status == PaneCapture::Status::absent)
        missing.push_back(in_quotes(names[i]));
    }
    if (missing.empty()) return;
    constexpr std::size_t most_named = 10;
    const std::size_t more = missing.size() - std::min(missing.size(), most_named);
    missing.resize(missing.size() - more);
    spdlog::warn("no such session yet: {}{}", fmt::format("{}", fmt::join(missing, ", ")),
                 more > 0 ? fmt::format(" and {} more", more) : "");
  }

  int poll_once(Monitor& monitor) {
    monitor.poll();
    if (!monitor.finish_switch()) {
      spdlog::warn("stopped before the switch had ended; the next run asks for it again");
      return exit_failed;
    }
    return monitor.state().run.failures_in_a_row > 0 ? exit_failed : exit_fine;
  }

  int poll_until_stopped(Monitor& monitor) {
    while (monitor.run() == Wake::reload) reload(monitor);
    spdlog::info("stopped");
    return exit_fine;
  }

  // All of the new config or nothing of it.
  void reload(Monitor& monitor) {
    try {
      Config fresh = read_config(options_);
      auto judges = load_judges(fresh);  // anew: pack files may have changed
      refuse_restart_only_changes(fresh);
      monitor.configure(fresh, *judges);
      tmux_.configure(fresh.tmux_socket_name, fresh.tmux_timeout);
      hook_.configure(fresh.switch_command, fresh.switch_timeout);
      config_ = std::move(fresh);
      judges_ = std::move(judges);
      spdlog::info("the config was read again");
    } catch (const std::exception& error) {
      spdlog::error("{}; going on with the config from before", escape_controls(error.what()));
    }
  }

  void refuse_restart_only_changes(const Config& fresh) const {
    if (fresh.state_path != config_.state_path) {
      throw InputError(options_.config, 0, "state.path has changed, which needs a restart");
    }
    if (fresh.switch_command.empty() != config_.switch_command.empty()) {
      throw InputError(options_.config, 0, "switch.command came or went, which needs a restart");
    }
  }

  Options options_;
  Config config_;
  std::unique_ptr<JudgeCache> judges_;
  bool says_only_;
  os::EventLoop loop_;
  os::SystemClock clock_;
  os::TmuxClient tmux_;
  os::HookSwitcher hook_;
  os::DryRunSwitcher dry_run_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<os::LineJournal> journal_;
  DryRunJournal marked_journal_;
};

}  // namespace

void add_run(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "run", "Watch real tmux sessions and ask for a switch when the account is exhausted");
  command->add_option("--config", options->config, "The config file (JSON with comments)")
      ->check(refuse_empty);
  command
      ->add_option("--pool", options->pool, "Watch PREFIX:START:COUNT instead of the config's pool")
      ->check(refuse_empty);
  command
      ->add_option("--dedicated", options->dedicated,
                   "Watch this session as a dedicated one; may be repeated")
      ->allow_extra_args(false)
      ->check(refuse_empty);
  command
      ->add_option("--journal", options->journal,
                   "Append the journal to this file instead of stdout")
      ->check(refuse_empty);
  command->add_flag("--once", options->once, "Poll once, now, see a switch through, and end");
  command->add_flag("--dry-run", options->dry_run, "Only say what would be done; keep no state");
  command->callback(
      [options, &chosen] { chosen = [options] { return Production(*options).run(); }; });
}

}  // namespace quotawatch
