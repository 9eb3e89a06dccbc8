#include "tmux_server.h"

#include <signal.h>
#include <unistd.h>

#include <stdexcept>

namespace quotawatch::os::testing_support {
namespace {

// The argument that gives a session exactly this name: tmux would expand "#{}", and take a
// semicolon at the end as a command separator.
std::string literal_name(const std::string& session) {
  std::string name;
  for (const char character : session) name += character == '#' ? "##" : std::string{character};
  if (name.ends_with(';')) name.insert(name.size() - 1, "\\");
  return name;
}

}  // namespace

TmuxServer::TmuxServer()
    : folder_variable_("TMUX_TMPDIR", folder_.path().c_str()),
      socket_name_("quotawatch-test-" + std::to_string(::getpid())) {}

TmuxServer::~TmuxServer() { kill(); }

bool TmuxServer::available() { return run_program({"tmux", "-V"}).exit_status == 0; }

std::string TmuxServer::socket_path() const {
  return folder_ / ("tmux-" + std::to_string(::getuid()) + "/" + socket_name_);
}

void TmuxServer::start() {
  // Keep a server without sessions running.
  run({"start-server", ";", "set-option", "-g", "exit-empty", "off"});
  process_ = std::stoi(run({"display-message", "-p", "#{pid}"}));
}

void TmuxServer::stop() {
  if (process_ == 0) return;
  run({"kill-server"});
  if (!eventually([this] { return !running(); })) throw std::runtime_error("tmux does not end");
  process_ = 0;
  ids_.clear();
}

void TmuxServer::kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  eventually([this] { return !running(); });
  process_ = 0;
  ids_.clear();
}

void TmuxServer::suspend() { ::kill(process_, SIGSTOP); }

void TmuxServer::resume() { ::kill(process_, SIGCONT); }

bool TmuxServer::running() const { return process_ != 0 && process_runs(process_); }

void TmuxServer::show(const std::string& session, const std::string& text, int columns, int rows) {
  // One file each: the previous pane may not have finished reading its own.
  const std::string file = folder_ / ("screen-" + std::to_string(++screens_));
  // A newline after the last row would scroll the first one away.
  write_file(file, text.substr(0, text.rfind('\n')));
  const std::vector<std::string> command{"sh", "-c", "cat \"$1\"; exec sleep 600", "sh", file};
  std::vector<std::string> arguments;
  if (const auto known = ids_.find(session); known != ids_.end()) {
    arguments = {"respawn-pane", "-k", "-t", known->second + ":"};
  } else {
    arguments = {"new-session",
                 "-d",
                 "-P",
                 "-F",
                 "#{session_id}",
                 "-s",
                 literal_name(session),
                 "-x",
                 std::to_string(columns),
                 "-y",
                 std::to_string(rows)};
  }
  arguments.insert(arguments.end(), command.begin(), command.end());
  const std::string id = run(arguments);
  if (!id.empty()) ids_[session] = id.substr(0, id.find('\n'));
  if (!eventually([&] { return screen(session) == text; })) {
    throw std::runtime_error("session " + session + " does not show its text but " + screen(session));
  }
}

void TmuxServer::show_further(const std::string& session, const std::string& text) {
  const std::string file = folder_ / ("screen-" + std::to_string(++screens_));
  write_file(file, text.substr(0, text.rfind('\n')));
  const std::string pane = run({"new-window", "-d", "-P", "-F", "#{pane_id}", "-t", ids_.at(session) + ":", "sh", "-c",
                                "cat \"$1\"; exec sleep 600", "sh", file});
  const std::string id = pane.substr(0, pane.find('\n'));
  if (!eventually([&] { return run({"capture-pane", "-p", "-t", id}) == text; })) {
    throw std::runtime_error("the further pane of " + session + " does not show its text");
  }
}

void TmuxServer::remove(const std::string& session) {
  run({"kill-session", "-t", ids_.at(session)});
  ids_.erase(session);
}

void TmuxServer::link(const std::string& session, const std::string& other) {
  const std::string id =
      run({"new-session", "-d", "-P", "-F", "#{session_id}", "-s", literal_name(session), "-t", ids_.at(other)});
  ids_[session] = id.substr(0, id.find('\n'));
}

void TmuxServer::end_program(const std::string& session) {
  const std::string target = ids_.at(session) + ":";
  run({"set-option", "-w", "-t", target, "remain-on-exit", "on"});
  ::kill(std::stoi(run({"display-message", "-p", "-t", target, "#{pane_pid}"})), SIGKILL);
  const auto dead = [&] { return run({"display-message", "-p", "-t", target, "#{pane_dead}"}) == "1\n"; };
  if (!eventually(dead)) throw std::runtime_error("the program in " + session + " does not end");
}

void TmuxServer::respawn(const std::string& session, const std::vector<std::string>& command) {
  std::vector<std::string> arguments{"respawn-pane", "-k", "-t", ids_.at(session) + ":"};
  arguments.insert(arguments.end(), command.begin(), command.end());
  run(arguments);
}

std::string TmuxServer::run(std::vector<std::string> arguments, std::string input) {
  const std::vector<std::string> tmux{"tmux", "-u", "-f", "/dev/null", "-L", socket_name_};
  arguments.insert(arguments.begin(), tmux.begin(), tmux.end());
  return run_program(std::move(arguments), std::move(input)).output;
}

std::string TmuxServer::screen(const std::string& session) {
  return run({"capture-pane", "-p", "-t", ids_.at(session) + ":"});
}

}  // namespace quotawatch::os::testing_support
