#include "os/tmux_control.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "os/tmux_batch.h"

namespace quotawatch::os {
namespace {

constexpr std::size_t error_output_limit = 200;

// How long tmux may take to end a connection that was given up.
constexpr Milliseconds goodbye{200};

}  // namespace

TmuxControl::TmuxControl(EventLoop& loop, std::string socket_name, std::function<void()> news)
    : loop_(loop), socket_name_(std::move(socket_name)), news_(std::move(news)) {}

// -N: never start a server. -f: neither is the size of anything ours to decide, nor do we
// want what the pane prints. -E and -c: nothing of our environment, not even a folder. Our
// session has hooks of its own, empty ones: the user's would run at each of our questions and
// answer in between. What its pane runs, without a shell, ends soon: see keep_session().
std::vector<std::string> TmuxControl::command() const {
  std::vector<std::string> command{
      "tmux",        "-N", "-u", "-L", socket_name_, "-C",
      "new-session", "-E", "-c", "/",  "-s",         own_session_,
      "-x",          "20", "-y", "5",  "-f",         "no-output,ignore-size",
      "sleep",       "5"};
  for (const char* hook :
       {"after-set-option", "after-set-hook", "after-display-message", "after-respawn-pane"}) {
    command.insert(command.end(), {";", "set-hook", hook, ""});
  }
  command.insert(command.end(), {";", "set-option", "destroy-unattached", "off"});
  return command;
}

// The session lasts as long as its pane's program, and that as long as our client. tmux's own
// way, destroy-unattached, crashes the server now and then (3.3a) when a client leaves.
std::string TmuxControl::keep_session() const {
  return fmt::format("respawn-pane -k -t '={}:' tail --pid={} -s 1 -f /dev/null\n", own_session_,
                     child_->process_id());
}

TmuxControl::~TmuxControl() { disconnect(); }

void TmuxControl::connect() {
  const std::string nonce = TmuxBatch::make_nonce();
  own_session_ = "quotawatch-" + nonce.substr(0, 8);
  reader_ = std::make_unique<TmuxControlReader>(nonce);
  error_output_.clear();
  child_ = std::make_unique<ChildProcess>(
      loop_, ChildProcess::Command{command(), {{"TMUX", ""}}, "", true},
      ChildProcess::Handlers{[this](std::string_view bytes) { hear(bytes); },
                             [this](std::string_view bytes) {
                               error_output_ +=
                                   bytes.substr(0, error_output_limit - error_output_.size());
                             },
                             [](const ChildEnd&) {}});
}

void TmuxControl::hear(std::string_view bytes) {
  reader_->feed(bytes);
  if (reader_->take_sessions_changed()) news_();
}

bool TmuxControl::gone() const {
  return !child_->failure().empty() || child_->end().has_value() || reader_->broken();
}

TmuxControl::Answer TmuxControl::give_up(EventLoop::Ended ended) {
  std::string why = reader_->broken()       ? reader_->problem()
                    : error_output_.empty() ? "tmux ended the connection"
                                            : error_output_.substr(0, error_output_.find('\n'));
  child_.reset();  // killed, which ends its session, too
  switch (ended) {
    case EventLoop::Ended::stop:
      return {Answer::Kind::interrupted};
    case EventLoop::Ended::deadline:
      return {Answer::Kind::timed_out};
    case EventLoop::Ended::condition:
      break;
  }
  return {Answer::Kind::none, {}, std::move(why)};
}

TmuxControl::Answer TmuxControl::ask(const std::vector<std::string>& ids, Milliseconds timeout) {
  if (child_ && gone()) child_.reset();
  if (!child_) {
    connect();
    auto ended = loop_.run_until([this] { return gone() || reader_->attached(); }, timeout);
    if (ended != EventLoop::Ended::condition || gone()) return give_up(ended);
    child_->write(keep_session() + reader_->greet());
    ended = loop_.run_until([this] { return gone() || reader_->ready(); }, timeout);
    if (ended != EventLoop::Ended::condition || gone()) return give_up(ended);
  }
  child_->write(reader_->ask(own_session_, ids));
  std::optional<TmuxReply> reply;
  const auto ended = loop_.run_until(
      [&] {
        reply = reader_->take_reply();
        return reply || gone();
      },
      timeout);
  if (!reply) return give_up(ended);
  return {Answer::Kind::reply, std::move(*reply)};
}

void TmuxControl::disconnect() {
  if (!child_) return;
  if (!gone()) {
    child_->write(fmt::format("kill-session -t '={}:'\n", own_session_));
    child_->close_input();
    loop_.run_until([this] { return child_->end().has_value(); }, goodbye,
                    EventLoop::OnStop::go_on);
  }
  child_.reset();
}

}  // namespace quotawatch::os
