#include "os/tmux/tmux_control.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <utility>

#include "os/files/trusted_command.h"
#include "os/tmux/tmux_batch.h"
#include "os/tmux/tmux_names.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

constexpr std::size_t error_output_limit = 200;
constexpr std::string_view own_prefix = "quotawatch-";

// How long tmux may take to end a connection that we have closed.
constexpr Milliseconds goodbye{200};

}  // namespace

TmuxControl::TmuxControl(EventLoop& loop, std::string socket_name)
    : loop_(loop), socket_name_(std::move(socket_name)) {}

// Options: -N never starts a server. -f ignore-size,no-output: our client must not resize
// windows and needs no pane output. -E and -c: the session inherits nothing of our environment,
// not even a folder. The session's own hooks are empty: the user's global hooks would otherwise
// run with each request and print into the replies. The pane runs a short-lived program, without
// a shell: see keep_session().
std::vector<std::string> TmuxControl::command(const std::string& program) const {
  std::vector<std::string> command{program,       "-N",
                                   "-u",          socket_option(socket_name_),
                                   socket_name_,  "-C",
                                   "new-session", "-E",
                                   "-c",          "/",
                                   "-s",          own_session_,
                                   "-x",          "20",
                                   "-y",          "5",
                                   "-f",          "no-output,ignore-size",
                                   "sleep",       "5"};
  for (const char* hook : {"after-set-option", "after-set-hook", "after-set-environment", "after-display-message"}) {
    command.insert(command.end(), {";", "set-hook", hook, ""});
  }
  command.insert(command.end(), {";", "set-option", "destroy-unattached", "off", ";", "set-option", "detach-on-destroy",
                                 "on", ";", "set-option", "-w", "remain-on-exit", "off", ";"});
  std::ranges::copy(TmuxControlReader::prepare(), std::back_inserter(command));
  return command;
}

// The session must end with our client and with us, so its pane runs a shell that waits for both.
// We do not use tmux's `destroy-unattached`: in 3.3a it sometimes crashes the server when a client
// leaves, and a client with unread output when we die stays forever.
std::string TmuxControl::keep_session() const {
  assert(child_ != nullptr && child_->failure().empty());
  return fmt::format(
      "respawn-pane -k -t '={0}:' sh -c \"(tail --pid={1} -s 1 -f /dev/null; kill -s HUP \\$\\$) & "
      "tail --pid={2} -s 1 -f /dev/null; kill -s KILL {1}\"\n",
      own_session_, child_->process_id(), ::getpid());
}

TmuxControl::~TmuxControl() { disconnect(); }

void TmuxControl::start(const std::string& program) {
  const std::string nonce = TmuxBatch::make_nonce();
  own_session_ = std::string(own_prefix) + nonce.substr(0, 8);
  reader_ = std::make_unique<TmuxControlReader>(nonce);
  error_output_.clear();
  child_ = std::make_unique<ChildProcess>(
      loop_, ChildProcess::Command{command(program), {{"TMUX", ""}}, "", true},
      ChildProcess::Handlers{[this](std::string_view bytes) { reader_->feed(bytes); },
                             [this](std::string_view bytes) {
                               error_output_ += bytes.substr(0, error_output_limit - error_output_.size());
                             },
                             [](const ChildEnd&) {}});
}

bool TmuxControl::is_of_a_connection(const ListedSession& session) {
  constexpr std::size_t digits = 8;
  const std::string_view name = session.name;
  return name.starts_with(own_prefix) && name.size() == own_prefix.size() + digits &&
         name.find_first_not_of("0123456789abcdef", own_prefix.size()) == std::string_view::npos;
}

SessionList TmuxControl::names_of(const std::vector<ListedSession>& sessions) {
  SessionList list;
  for (const auto& session : sessions) {
    if (!is_of_a_connection(session)) list.names.push_back(session.name);
  }
  return list;
}

bool TmuxControl::gone() const {
  assert(child_ != nullptr && reader_ != nullptr);
  return !child_->failure().empty() || child_->end().has_value() || reader_->broken();
}

TmuxControl::Answer TmuxControl::wait(const std::function<bool()>& condition, Milliseconds timeout) {
  const auto ended = loop_.run_until([&] { return gone() || condition(); }, timeout);
  if (ended == EventLoop::Ended::stop) return {Answer::Kind::interrupted};
  if (ended == EventLoop::Ended::deadline) return {Answer::Kind::timed_out};
  if (!gone()) return {Answer::Kind::reply};
  std::string why = !child_->failure().empty() ? child_->failure()
                    : reader_->broken()        ? reader_->problem()
                    : error_output_.empty()    ? "tmux ended the connection"
                                               : error_output_.substr(0, error_output_.find('\n'));
  child_.reset();  // killed, which also ends its session
  return {Answer::Kind::none, {}, std::move(why)};
}

TmuxControl::Answer TmuxControl::connect(Milliseconds timeout) {
  if (child_ && gone()) child_.reset();
  if (child_) return {Answer::Kind::reply};
  try {
    start(trusted_tmux());
  } catch (const InputError& error) {
    return {Answer::Kind::none, {}, error.what()};
  }
  Answer answer = wait([this] { return reader_->attached(); }, timeout);
  if (answer.kind == Answer::Kind::reply) {
    child_->write(keep_session() + reader_->greet());
    answer = wait([this] { return reader_->ready(); }, timeout);
  }
  if (answer.kind != Answer::Kind::reply) child_.reset();
  return answer;
}

bool TmuxControl::ready() {
  if (child_ && gone()) child_.reset();
  if (!child_) return false;
  reader_->take_reply();  // a late reply that timed out
  return reader_->ready();
}

TmuxControl::Answer TmuxControl::ask(std::vector<std::string> ids, Milliseconds timeout) {
  assert(child_ != nullptr && reader_->ready());
  child_->write(reader_->ask(own_session_, std::move(ids)));
  std::optional<TmuxReply> reply;
  Answer answer = wait(
      [&] {
        reply = reader_->take_reply();
        return reply.has_value();
      },
      timeout);
  if (reply) answer.reply = std::move(*reply);
  return answer;
}

void TmuxControl::disconnect() {
  if (!child_) return;
  if (!gone()) {
    child_->write(fmt::format("kill-session -t '={}:'\n", own_session_));
    child_->close_input();
    loop_.run_until([this] { return child_->end().has_value(); }, goodbye, EventLoop::OnStop::go_on);
  }
  child_.reset();
}

}  // namespace quotawatch::os
