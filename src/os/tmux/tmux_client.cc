#include "os/tmux/tmux_client.h"

#include <cassert>
#include <utility>

#include "os/loop/process_status.h"
#include "os/tmux/tmux_control_transport.h"
#include "os/tmux/tmux_process.h"

namespace quotawatch::os {
namespace {

bool still_runs(const ForegroundProgram& program) {
  const auto status = read_process_status(program.process);
  return status && status->started_ticks == program.started_ticks;
}

}  // namespace

TmuxClient::TmuxClient(EventLoop& loop, Server server, Log log)
    : loop_(loop), server_(std::move(server)), log_(std::move(log)), transport_(make_transport()) {}

std::unique_ptr<TmuxTransport> TmuxClient::make_transport() const {
  using Servers = TmuxControlTransport::Servers;
  if (server_.keep_connection == false) {
    return std::make_unique<TmuxProcess>(loop_, server_.socket_name);
  }
  const auto servers = server_.keep_connection ? Servers::all : Servers::that_survive_connections;
  return std::make_unique<TmuxControlTransport>(loop_, server_.socket_name, servers, log_);
}

void TmuxClient::configure(Server server) {
  const Server before = std::exchange(server_, std::move(server));
  const bool same_transport =
      before.socket_name == server_.socket_name && before.keep_connection == server_.keep_connection;
  if (!same_transport) transport_ = make_transport();
}

TmuxCapture TmuxClient::capture(const std::vector<std::string>& sessions) {
  if (loop_.stop_requested()) return interrupted_capture(sessions.size());
  if (sessions.empty()) return {};
  TmuxCapture capture = transport_->capture(sessions, server_.timeout);
  assert(capture.panes.size() == sessions.size());
  const auto before = std::exchange(programs_, {});
  for (auto& pane : capture.panes) add_program(pane, before);
  for (auto& further : capture.further) add_program(further.pane, before);
  // A capture of some sessions forgets nothing about the others.
  for (const auto& [pane, seen] : before) {
    if (!programs_.contains(pane) && still_runs(seen.program)) programs_.emplace(pane, seen);
  }
  return capture;
}

SessionList TmuxClient::list_sessions() {
  if (loop_.stop_requested()) return {false, true};
  return transport_->list_sessions(server_.timeout);
}

void TmuxClient::add_program(PaneCapture& pane, const std::map<std::string, SeenProgram>& before) {
  if (pane.status != PaneCapture::Status::screen || pane.first_process <= 0) return;
  const auto program = foreground_program(pane.first_process);
  if (!program) return;
  const auto seen = before.find(pane.pane);
  const bool same = seen != before.end() && seen->second.program.process == program->process &&
                    seen->second.program.started_ticks == program->started_ticks;
  const auto started = same ? seen->second.started : wall_time_of(program->started_ticks);
  programs_.insert_or_assign(pane.pane, SeenProgram{*program, started});
  pane.program = program->name;
  pane.program_process = program->process;
  pane.program_started = started;
  pane.at_shell = program->interactive_shell;
}

}  // namespace quotawatch::os
