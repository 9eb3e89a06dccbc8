#include "run/self_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/environment.h"
#include "base/text.h"
#include "os/control/monitor_query.h"
#include "os/control/private_socket.h"
#include "os/files/file_state_store.h"
#include "os/files/trusted_command.h"
#include "os/files/trusted_path.h"
#include "os/loop/child_process.h"
#include "os/store/store_visit.h"
#include "os/tmux/tmux_client.h"
#include "quotawatch/input_error.h"
#include "quotawatch/monitor.h"
#include "quotawatch/session_patterns.h"
#include "quotawatch/witness.h"
#include "run/host_name.h"
#include "run/option_values.h"
#include "run/real_parts.h"
#include "run/zone_choice.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// Empty if files can be made in the folder of `path`.
std::string why_not_writable(const std::string& path) {
  const fs::path folder = fs::absolute(path).parent_path();
  if (!is_folder(folder)) return fmt::format("there is no folder {}; make it", folder.string());
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return fmt::format("{} cannot be written to", folder.string());
  return "";
}

// "tmux 3.3a"; empty if there is none.
std::string tmux_version(os::EventLoop& loop) {
  std::string output;
  bool ended = false;
  os::ChildProcess tmux(loop, {{os::trusted_tmux(), "-V"}, {}, ""},
                        {[&](std::string_view text) { output += text; }, {}, [&](const auto&) { ended = true; }});
  if (!tmux.failure().empty()) return "";
  loop.run_until([&] { return ended; }, std::chrono::seconds{5});
  return std::string(trim(output));
}

}  // namespace

std::string describe_screen(Judge& judge, const std::string& text) {
  if (!judge.shows_program(text)) return "a plain screen: no agent is recognised";
  return judge.explain(text).pack;
}

std::vector<CheckLine> SelfCheck::run() {
  if (!read_config()) return std::move(lines_);
  check_commands();
  check_accounts();
  check_state();
  check_store();
  check_journal();
  check_zone();
  check_tmux();
  check_sessions();
  check_witnesses();
  return std::move(lines_);
}

bool SelfCheck::read_config() {
  try {
    config_ = load_config(path_);
    for (const auto& pack : packs_of(config_)) judges_.find(pack);
    add(true, "config",
        fmt::format("{}: {}, {}", path_, counted(session_names(config_).size(), "session"),
                    counted(config_.accounts.size(), "account")));
  } catch (const std::exception& error) {
    add(false, "config", error.what());
    return false;
  }
  try {
    os::follow_trusted(path_);
    add(true, "rights", "nobody else can change the config");
  } catch (const std::exception& error) {
    add(false, "rights", error.what());
  }
  return true;
}

void SelfCheck::check_command(const std::string& key, const std::vector<std::string>& command) {
  if (command.empty()) return;
  try {
    const auto found = os::trusted_command(command, path_, key);
    const std::string problem = os::why_not_runnable(found);
    add(problem.empty(), key, problem.empty() ? found.front() + ": can be run, and only you can change it" : problem);
  } catch (const std::exception& error) {
    add(false, key, error.what());
  }
}

void SelfCheck::check_commands() {
  check_command("events.command", config_.events.command);
  for (const auto& group : groups_of(config_)) {
    const std::string place = group.group.empty() ? "" : group.group + ": ";
    if (group.switch_command.empty()) {
      add(false, place + "switch.command",
          "there is none: a run only says what it would do. `quotawatch init` names hooks");
    }
    check_command(place + "switch.command", group.switch_command);
    check_command(place + "resume.command", group.resume.usual.command);
    for (const auto& [name, way] : group.resume.sessions) {
      if (way.command != group.resume.usual.command) check_command(place + "resume.sessions." + name, way.command);
    }
  }
}

void SelfCheck::check_accounts() {
  for (const auto& group : groups_of(config_)) {
    const std::string what = group.group.empty() ? "accounts" : group.group + ": accounts";
    const auto& accounts = group.accounts;
    if (accounts.size() == 1) {
      add(false, what, "only one: there is nothing to switch to. List a second one");
    } else if (accounts.empty()) {
      add(true, what, "none are named: the hook decides where to switch to");
    } else {
      add(true, what, fmt::format("{}; {} at the first start", fmt::join(accounts, ", "), group.active_account));
    }
  }
}

void SelfCheck::check_state() {
  if (const auto why = why_not_writable(config_.state_path); !why.empty()) return add(false, "state", why);
  try {
    os::FileStateStore store(config_.state_path, os::FileStateStore::Access::read_only,
                             [&](std::string_view note) { add(false, "state", std::string(note)); });
    const auto saved = store.load();
    add(true, "state",
        saved ? fmt::format("{}: the active account is {}", config_.state_path, in_quotes(saved->active_account))
              : config_.state_path + ": not yet there");
  } catch (const std::exception& error) {
    add(false, "state", error.what());
  }
}

void SelfCheck::check_store() {
  if (config_.store.postgresql.empty()) return;
  try {
    os::StoreVisit visit(config_.store);
    visit.check_table();
    std::size_t others = 0;
    for (const auto& group : groups_of(config_)) {
      for (const auto& word : visit.words(group.group))
        if (word.host != host_name(config_)) ++others;
    }
    add(true, "store",
        fmt::format("{}; this host is {}, {} others of the fleet {} have been there", visit.described(),
                    in_quotes(host_name(config_)), others, in_quotes(config_.store.fleet)));
  } catch (const std::exception& error) {
    add(false, "store", error.what());
  }
}

void SelfCheck::check_journal() {
  const std::string& path = config_.journal.path;
  if (path.empty()) return add(true, "journal", "on stdout; journal.path names a file, which `quotawatch log` reads");
  const auto why = why_not_writable(path);
  add(why.empty(), "journal", why.empty() ? path : why);
}

void SelfCheck::check_zone() {
  try {
    const auto choice = choose_zone(config_);
    const auto host = choose_zone(Config{});
    const bool differs = config_.timezone && host.why == "from TZ" && host.zone != choice.zone;
    add(!differs, "timezone",
        differs ? fmt::format("the config says {}, and TZ says {}: agents show times in the zone of their TZ",
                              choice.zone.name(), host.zone.name())
                : describe_zone(choice.zone.name(), choice.why));
  } catch (const std::exception& error) {
    add(false, "timezone", error.what());
  }
}

void SelfCheck::check_tmux() {
  config_.tmux_socket_name = choose_socket("", config_.tmux_socket_name);
  try {
    const std::string version = tmux_version(loop_);
    add(!version.empty(), "tmux",
        version.empty() ? "cannot be started; install the package tmux"
                        : version + "; screens are read as UTF-8, whatever the locale");
  } catch (const std::exception& error) {
    add(false, "tmux", error.what());
  }
}

void SelfCheck::check_sessions() {
  if (session_names(config_).empty() && !has_patterns(config_)) {
    return add(false, "sessions", "none are named: list some under pool.dedicated, or give pool.autonomous a max");
  }
  os::TmuxClient tmux(loop_, tmux_server(config_), [](std::string_view) {});
  const Config config = has_patterns(config_) ? with_found(config_, tmux.list_sessions().names) : config_;
  const auto watched = watched_sessions(config);
  if (has_patterns(config)) {
    add(true, "sessions", fmt::format("{} are there whose names match pool.sessions", found_sessions(config).size()));
  }
  const auto capture = tmux.capture(session_names(config));
  if (!capture.server_up) {
    return add(false, "sessions",
               fmt::format("no server answers on socket {}: {}", config_.tmux_socket_name, capture.why));
  }
  for (std::size_t i = 0; i < watched.size() && i < capture.panes.size(); ++i) {
    const auto& name = watched[i].name;
    auto& judge = judges_.find(watched[i].pack);
    std::string found = capture.panes[i].text ? describe_screen(judge, *capture.panes[i].text) : "";
    bool agent = capture.panes[i].text && judge.shows_program(*capture.panes[i].text);
    for (const auto& further : capture.further) {
      if (agent || further.session != i || !further.pane.text || !judge.shows_program(*further.pane.text)) continue;
      agent = true;
      found = describe_screen(judge, *further.pane.text) + ", in pane " + further.pane.window_pane;
    }
    if (found.empty()) found = capture.panes[i].why.empty() ? "there is no such session" : capture.panes[i].why;
    add(agent, "session " + name, found);
  }
}

void SelfCheck::check_witnesses() {
  const fs::path home = environment_variable("HOME");
  for (const auto& witness : config_.witness) {
    const bool claude = witness == claude_code_witness;
    const std::string named = environment_variable(claude ? "CLAUDE_CONFIG_DIR" : "CODEX_HOME");
    const fs::path folder =
        (named.empty() ? home / (claude ? ".claude" : ".codex") : fs::path(named)) / (claude ? "projects" : "sessions");
    const bool there = is_folder(folder);
    add(there, "witness " + witness,
        there ? folder.string() : fmt::format("there is no {} (each session's own folder counts)", folder.string()));
  }
}

}  // namespace quotawatch
