#include "os/event_notifier.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"

namespace quotawatch::os {
namespace {

// How long a program that was killed may take to be gone: see HookSwitcher.
constexpr Milliseconds kill_allowance{200};

std::string text_of(const std::optional<std::string>& text) {
  return escape_controls(text.value_or(""));
}

std::string text_of(const std::optional<WallTime>& time) { return time ? format_wall(*time) : ""; }

// For programs without a parser of JSON. A field that is not set is empty, so that none is
// taken from whoever started us.
std::vector<std::pair<std::string, std::string>> make_environment(const Event& event,
                                                                  const std::string& tmux_socket) {
  std::string sessions;
  for (const auto& session : event.sessions) {
    sessions += (sessions.empty() ? "" : "\n") + escape_controls(session);
  }
  return {
      {"QUOTAWATCH_EVENT", std::string(event_name(event.kind))},
      {"QUOTAWATCH_SESSION", text_of(event.session)},
      {"QUOTAWATCH_SESSIONS", sessions},
      {"QUOTAWATCH_VERDICT", text_of(event.verdict)},
      {"QUOTAWATCH_RULE", text_of(event.rule)},
      {"QUOTAWATCH_SNIPPET", text_of(event.snippet)},
      {"QUOTAWATCH_RESET_TEXT", text_of(event.reset_text)},
      {"QUOTAWATCH_RESET_AT", text_of(event.reset_at)},
      {"QUOTAWATCH_FROM", text_of(event.from)},
      {"QUOTAWATCH_TO", text_of(event.to)},
      {"QUOTAWATCH_ACCOUNT", text_of(event.account)},
      {"QUOTAWATCH_WHY", text_of(event.why)},
      {"QUOTAWATCH_RETRY_AT", text_of(event.retry_at)},
      {"QUOTAWATCH_TMUX_SOCKET", tmux_socket},
  };
}

}  // namespace

EventNotifier::EventNotifier(EventLoop& loop, Command command, Log log)
    : loop_(loop), command_(std::move(command)), log_(std::move(log)), timer_(loop) {}

EventNotifier::~EventNotifier() { abandon(); }

void EventNotifier::tell(const Event& event) {
  if (command_.arguments.empty() || stopped_) return;
  if (waiting_.size() >= most_waiting) {
    if (++dropped_ == 1) {
      log_.trouble(
          fmt::format("{} events wait to be told; what comes now is dropped", waiting_.size()));
    }
    return;
  }
  waiting_.push_back(event);
  if (!running_) start_next();
}

// One that cannot be started is over at once: then it is the turn of the one behind it.
void EventNotifier::start_next() {
  while (!running_ && !stopped_ && !waiting_.empty()) {
    const Event event = std::move(waiting_.front());
    waiting_.pop_front();
    if (!command_.arguments.empty()) start(event);
  }
  if (!waiting_.empty() || dropped_ == 0) return;
  log_.trouble(fmt::format("{} events were dropped; the next ones are told again",
                           std::exchange(dropped_, 0)));
}

void EventNotifier::start(const Event& event) {
  program_.reset();
  output_ = std::make_unique<HookOutput>(log_.output);
  running_ = true;
  timed_out_ = false;
  told_ = event_name(event.kind);
  if (const std::string why = check_ ? check_(command_.arguments) : ""; !why.empty()) {
    return end(why);
  }
  program_ = std::make_unique<ChildProcess>(
      loop_,
      ChildProcess::Command{command_.arguments, make_environment(event, command_.tmux_socket),
                            to_json(event) + "\n"},
      ChildProcess::Handlers{
          [this](std::string_view bytes) { output_->feed(HookOutput::Stream::output, bytes); },
          [this](std::string_view bytes) {
            output_->feed(HookOutput::Stream::error_output, bytes);
          },
          [this](const ChildEnd& ended) {
            output_->finish();
            if (!running_) return;  // given up already
            end(timed_out_ ? "timed out" : ended.good() ? "" : ended.text());
            start_next();
          }});
  if (!program_->failure().empty()) {
    return end(fmt::format("cannot start {}: {}", in_quotes(command_.arguments.front()),
                           program_->failure()));
  }
  timer_.start_once(command_.timeout, [this] { time_out(); });
}

void EventNotifier::time_out() {
  timed_out_ = true;
  program_->end_group();
  timer_.start_once(ChildProcess::grace + kill_allowance, [this] {
    end("timed out");
    start_next();
  });
}

void EventNotifier::end(const std::string& why) {
  timer_.stop();
  running_ = false;
  if (!why.empty() && !stopped_) {
    log_.trouble(fmt::format("the event {} could not be told: {}", told_, why));
  }
}

void EventNotifier::finish() {
  loop_.run_until([this] { return !running_ && waiting_.empty(); }, Milliseconds::max());
}

void EventNotifier::stop() {
  if (std::exchange(stopped_, true)) return;
  timer_.stop();
  const std::size_t untold = waiting_.size() + dropped_ + (running_ ? 1 : 0);
  if (untold > 0) {
    log_.trouble(
        fmt::format("stopped before {} event{} had been told", untold, untold == 1 ? "" : "s"));
  }
  waiting_.clear();
  dropped_ = 0;
  if (running_) program_->end_group();
}

void EventNotifier::abandon() {
  stop();
  if (running_) {
    loop_.run_until([this] { return program_->end().has_value() && program_->group_gone(); },
                    ChildProcess::grace + kill_allowance, EventLoop::OnStop::go_on);
  }
  running_ = false;
  program_.reset();
}

}  // namespace quotawatch::os
