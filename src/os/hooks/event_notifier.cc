#include "os/hooks/event_notifier.h"

#include <fmt/format.h>

#include <cassert>
#include <optional>

#include "base/text.h"

namespace quotawatch::os {
namespace {

std::string text_of(const std::optional<std::string>& text) { return escape_controls(text.value_or("")); }

std::string text_of(const std::optional<WallTime>& time) { return time ? format_wall(*time) : ""; }

// For programs without a JSON parser. Unset fields are passed as empty variables, so that none is
// inherited from our own environment.
std::vector<std::pair<std::string, std::string>> make_environment(const Event& event, const std::string& tmux_socket) {
  std::string sessions;
  for (const auto& session : event.sessions) {
    sessions += (sessions.empty() ? "" : "\n") + escape_controls(session);
  }
  return {
      {"QUOTAWATCH_EVENT", std::string(event_name(event.kind))},
      {"QUOTAWATCH_GROUP", text_of(event.group)},
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

EventNotifier::EventNotifier(EventLoop& loop, Command command, Logs logs)
    : loop_(loop),
      command_(std::move(command)),
      trouble_(std::move(logs.trouble)),
      program_(loop, std::move(logs.output), [this](const std::string& why) {
        end(why);
        start_next();
      }) {}

EventNotifier::~EventNotifier() { abandon(); }

void EventNotifier::send(const Event& event) {
  if (command_.arguments.empty() || stopped_) return;
  if (waiting_.size() >= most_waiting) {
    if (++dropped_ == 1) {
      trouble_(fmt::format("{} events wait for events.command; new ones are dropped", waiting_.size()));
    }
    return;
  }
  waiting_.push_back(event);
  assert(waiting_.size() <= most_waiting);
  if (!program_.running()) start_next();
}

// A program that cannot be started fails at once; then the next event is tried.
void EventNotifier::start_next() {
  while (!program_.running() && !stopped_ && !waiting_.empty()) {
    const Event event = std::move(waiting_.front());
    waiting_.pop_front();
    if (!command_.arguments.empty()) start(event);
  }
  if (!waiting_.empty() || dropped_ == 0) return;
  trouble_(fmt::format("{} events were dropped; new ones are sent again", std::exchange(dropped_, 0)));
}

void EventNotifier::start(const Event& event) {
  assert(!program_.running() && !stopped_);
  sending_ = event_name(event.kind);
  end(program_.start({command_.arguments, make_environment(event, command_.tmux_socket), to_json(event) + "\n"},
                     command_.timeout));
}

void EventNotifier::end(const std::string& why) {
  if (why.empty() || stopped_) return;
  trouble_(fmt::format("events.command failed for the event {}: {}", sending_, why));
}

void EventNotifier::finish() {
  loop_.run_until([this] { return !program_.running() && waiting_.empty(); }, Milliseconds::max());
}

void EventNotifier::stop() {
  if (std::exchange(stopped_, true)) return;
  const std::size_t unsent = waiting_.size() + dropped_ + (program_.running() ? 1 : 0);
  if (unsent > 0) {
    trouble_(fmt::format("stopped with {} not sent", counted(unsent, "event")));
  }
  waiting_.clear();
  dropped_ = 0;
  program_.end();
}

void EventNotifier::abandon() {
  stop();
  program_.abandon();
}

}  // namespace quotawatch::os
