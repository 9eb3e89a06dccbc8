// quotawatch init: a first config from what runs here, by questions or as proposed.
#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands/commands.h"
#include "os/files/recording_file.h"
#include "quotawatch/config.h"
#include "quotawatch/input_error.h"
#include "report/console.h"
#include "run/first_config.h"
#include "run/option_values.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

struct InitOptions {
  std::string config;
  bool yes = false;
};

std::string usual_place() {
  std::string own = own_config();
  if (own.empty()) throw InputError("init", 0, "neither HOME nor XDG_CONFIG_HOME is set; give --config FILE");
  return own;
}

bool agrees(const std::string& question, bool yes) {
  if (yes) return true;
  fmt::print(stderr, "{} [Y/n] ", escape_controls(question));
  std::string answer;
  if (!std::getline(std::cin, answer)) throw InputError("init", 0, "no answer; nothing was written");
  return answer.empty() || lower_case(answer[0]) == 'y';
}

// Those of the server with the most agents, or of the one chosen.
std::vector<FoundAgent> choose_agents(const FoundHost& host, bool yes) {
  std::vector<FoundAgent> chosen;
  std::string server;
  long most = 0;
  for (const auto& socket : host.sockets) {
    const auto count = std::ranges::count(host.agents, socket, &FoundAgent::socket);
    if (count > most) {
      most = count;
      server = socket;
    }
  }
  for (const auto& agent : host.agents) {
    if (agent.socket != server) continue;
    if (agrees(fmt::format("Watch session {} ({})?", agent.session, agent.pack), yes)) chosen.push_back(agent);
  }
  return chosen;
}

void describe(const FoundHost& host) {
  print_out(fmt::format("tmux servers  {}\n",
                        host.sockets.empty() ? "none" : fmt::format("{}", fmt::join(host.sockets, ", "))));
  for (const auto& agent : host.agents) {
    print_out(escape_controls(
                  fmt::format("agent         {} in session {} of server {}", agent.pack, agent.session, agent.socket)) +
              "\n");
  }
  if (host.agents.empty()) print_out("agent         none is recognised in any session\n");
  print_out(escape_controls(fmt::format("accounts      {}",
                                        host.accounts.empty() ? "none found in ~/.claude-accounts and ~/.codex-accounts"
                                                              : fmt::format("{}", fmt::join(host.accounts, ", ")))) +
            "\n");
}

void say_what_is_left(const std::string& path, const FoundHost& host) {
  print_out(fmt::format("\nwritten to {}\n\nWhat is left to do:\n", escape_controls(path)));
  if (host.agents.empty()) print_out("- name the sessions to watch under \"pool\"\n");
  if (host.accounts.size() < 2) print_out("- name two accounts, and the active one\n");
  if (host.accounts.size() >= 2 && host.active.empty()) print_out("- see whether \"active_account\" is right\n");
  print_out(
      "- choose the hook that switches (\"switch\"), and whether stopped sessions are asked to go on (\"resume\")\n"
      "- quotawatch check    says whether all is right\n"
      "- quotawatch drill    plays a limit on a private tmux server\n"
      "- quotawatch run\n"
      "\nClaude Code can tell a refused turn itself. In its settings.json:\n"
      R"(  {"hooks": {"StopFailure": [{"hooks": [{"type": "command", "command": "quotawatch hook"}]}]}})"
      "\n");
}

int run_init(const InitOptions& options) {
  const std::string path = options.config.empty() ? usual_place() : options.config;
  std::error_code error;
  if (fs::exists(path, error))
    throw InputError(path, 0, "exists already, and is not written over; see `quotawatch check`");
  if (!options.yes && ::isatty(STDIN_FILENO) == 0) {
    throw InputError("init", 0, "asks questions, and stdin is no terminal; --yes takes everything that is found");
  }
  const FoundHost host = look_for_agents();
  describe(host);
  const auto agents = choose_agents(host, options.yes);
  const bool accounts = host.accounts.size() >= 2 &&
                        agrees(fmt::format("Use the accounts {}?", fmt::join(host.accounts, ", ")), options.yes);
  const std::string text = first_config(agents, accounts ? host.accounts : std::vector<std::string>{}, host.active);
  parse_config(text, path);  // what is written can be read
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::exists(folder, error)) {
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0) throw InputError(folder.string(), 0, "cannot be made");
  }
  os::RecordingFile(path, text, false);
  say_what_is_left(path, host);
  return exit_fine;
}

}  // namespace

void add_init(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<InitOptions>();
  auto* command =
      app.add_subcommand("init", "Write a first config from the tmux servers, agents and accounts found here");
  command
      ->add_option("--config", options->config,
                   "Where to write it; never over a file (default: ~/.config/quotawatch/quotawatch.json)")
      ->type_name("FILE")
      ->check(refuse_empty);
  command->add_flag("-y,--yes", options->yes, "Ask nothing, and take everything that is found");
  command->callback([options, &chosen] { chosen = [options] { return run_init(*options); }; });
}

}  // namespace quotawatch
