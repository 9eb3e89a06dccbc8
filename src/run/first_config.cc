#include "run/first_config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "base/environment.h"
#include "base/json_document.h"
#include "base/text.h"
#include "os/loop/event_loop.h"
#include "os/tmux/tmux_client.h"
#include "os/tmux/tmux_process.h"
#include "quotawatch/config.h"
#include "quotawatch/judge.h"
#include "quotawatch/witness.h"
#include "run/self_check.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

constexpr Milliseconds tmux_timeout{3000};
constexpr std::size_t most_output = 1U << 20U;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

// The user's tmux sockets.
std::vector<std::string> socket_names() {
  std::string folder = environment_variable("TMUX_TMPDIR");
  if (folder.empty()) folder = "/tmp";
  return names_in(fs::path(folder) / fmt::format("tmux-{}", ::geteuid()));
}

// As the hooks in tools/hooks have them.
std::vector<std::string> account_names() {
  const fs::path home = environment_variable("HOME");
  std::set<std::string> names;
  for (const auto& name : names_in(home / ".claude-accounts")) names.insert(fs::path(name).stem().string());
  for (const auto& name : names_in(home / ".codex-accounts")) names.insert(fs::path(name).stem().string());
  std::erase_if(names, [](const std::string& name) { return name.starts_with('.') || has_controls(name); });
  return {names.begin(), names.end()};
}

class AgentSearch {
 public:
  explicit AgentSearch(FoundHost& found) : found_(found) {}

  void look_at(const std::string& socket) {
    const auto run = os::run_tmux(loop_, socket, "list-sessions -F '#{session_name}'\n", most_output, tmux_timeout);
    if (!run.ended || run.output.empty()) return;
    std::vector<std::string> sessions;
    for (const auto line : split_lines(run.output)) {
      if (!line.empty() && !has_controls(line)) sessions.emplace_back(line);
    }
    found_.sockets.push_back(socket);
    os::TmuxClient tmux(loop_, {socket, tmux_timeout, false}, [](std::string_view) {});
    const auto capture = tmux.capture(sessions);
    if (!capture.server_up || capture.panes.size() != sessions.size()) return;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      std::vector<const PaneCapture*> panes{&capture.panes[i]};
      for (const auto& further : capture.further) {
        if (further.session == i) panes.push_back(&further.pane);
      }
      const auto agent = std::ranges::find_if(panes, [&](const PaneCapture* pane) { return shows_agent(*pane); });
      if (agent != panes.end())
        found_.agents.push_back({socket, sessions[i], describe_screen(judge(), *(*agent)->text)});
    }
  }

 private:
  Judge& judge() { return judges_.find("auto"); }

  bool shows_agent(const PaneCapture& pane) {
    return pane.status == PaneCapture::Status::screen && pane.text && judge().shows_program(*pane.text);
  }

  FoundHost& found_;
  os::EventLoop loop_;
  JudgeCache judges_;
};

// Sessions that are numbered one after the other, from the lowest on.
struct Numbered {
  std::string prefix;
  int first = 0;
  int count = 0;
};

// The prefix with the most numbers in a row; none if there are no two.
Numbered find_numbered(const std::vector<FoundAgent>& agents) {
  std::map<std::string, std::set<int>> numbers;
  for (const auto& agent : agents) {
    const std::size_t end = agent.session.find_last_not_of("0123456789") + 1;
    const std::string digits = agent.session.substr(end);
    int number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool plain = !digits.empty() && read.ec == std::errc{} && (digits.size() == 1 || digits[0] != '0');
    if (plain && end > 0) numbers[agent.session.substr(0, end)].insert(number);
  }
  Numbered best;
  for (const auto& [prefix, found] : numbers) {
    Numbered here{prefix, *found.begin(), 0};
    while (found.contains(here.first + here.count)) ++here.count;
    if (here.count > best.count) best = here;
  }
  return best.count < 2 ? Numbered{} : best;
}

std::string quoted(const std::string& text) { return dump_line(nlohmann::ordered_json(text)); }

std::string named(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += fmt::format("{}{{\"name\": {}}}", list.empty() ? "" : ", ", quoted(name));
  return "[" + list + "]";
}

std::string pool_text(const std::vector<FoundAgent>& agents) {
  const Numbered pool = find_numbered(agents);
  std::vector<std::string> dedicated;
  std::set<std::string> numbered;
  for (int i = 0; i < pool.count; ++i) numbered.insert(fmt::format("{}{}", pool.prefix, pool.first + i));
  for (const auto& agent : agents) {
    if (!numbered.contains(agent.session)) dedicated.push_back(agent.session);
  }
  std::string text =
      "  // What is watched. One dedicated session at its limit is enough for a switch; of the\n"
      "  // numbered ones quota.pool_threshold (2) are needed.\n  \"pool\": {\n";
  if (pool.count > 0) {
    text += fmt::format("    \"autonomous\": {{\"prefix\": {}, \"start_index\": {}, \"max\": {}}},\n",
                        quoted(pool.prefix), pool.first, pool.count);
  }
  return text + "    \"dedicated\": " + named(dedicated) + "\n  },\n";
}

std::string witness_text(const std::vector<FoundAgent>& agents) {
  std::set<std::string> programs;
  for (const auto& agent : agents) {
    if (agent.pack == claude_code_witness || agent.pack == codex_witness) programs.insert(quoted(agent.pack));
  }
  if (programs.empty()) return "";
  return fmt::format(
      "  // What these programs write about themselves is read, too: a refusal is believed at once.\n"
      "  \"witness\": [{}],\n",
      fmt::join(programs, ", "));
}

}  // namespace

FoundHost look_for_agents() {
  FoundHost found;
  AgentSearch search(found);
  for (const auto& socket : socket_names()) search.look_at(socket);
  found.accounts = account_names();
  std::error_code error;
  const auto current = fs::read_symlink(fs::path(environment_variable("HOME")) / ".claude-current", error);
  if (!error) found.active = current.filename().string();
  return found;
}

std::string first_config(const std::vector<FoundAgent>& agents, const std::vector<std::string>& accounts,
                         const std::string& active) {
  std::string text = "// Written by `quotawatch init`. `quotawatch check` says whether it is right.\n{\n";
  if (!agents.empty() && agents.front().socket != "default") {
    text += fmt::format("  \"tmux\": {{\"socket_name\": {}}},\n", quoted(agents.front().socket));
  }
  text += pool_text(agents);
  if (accounts.size() >= 2) {
    text += "  // In order of preference.\n  \"accounts\": " + named(accounts) + ",\n";
    const bool known = std::ranges::find(accounts, active) != accounts.end();
    text += fmt::format("  // In use now{}; later the saved state knows.\n  \"active_account\": {},\n",
                        known ? "" : " (a guess)", quoted(known ? active : accounts[0]));
  } else {
    text +=
        "  // Two accounts at least, in order of preference, and the one that is in use now:\n"
        "  // \"accounts\": [{\"name\": \"work\"}, {\"name\": \"spare\"}],\n"
        "  // \"active_account\": \"work\",\n";
  }
  text +=
      "  // The program that switches; without it a run only says what it would do.\n"
      "  // \"switch\": {\"command\": [\"/usr/share/quotawatch/hooks/switch-claude-credentials\"]},\n"
      "  // Sessions that were stopped are asked to go on, by typing \"continue\".\n"
      "  // \"resume\": {\"how\": \"type\"},\n"
      "  // Where failures are reported, and that all accounts are exhausted.\n"
      "  // \"events\": {\"command\": [\"/usr/share/quotawatch/hooks/notify-desktop\"]},\n";
  text += witness_text(agents);
  return text + "  \"journal\": {\"path\": \"journal.jsonl\"}\n}\n";
}

}  // namespace quotawatch
