#include "quotawatch/pause.h"

#include <fmt/format.h>

#include <utility>

#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

Event event_of(const char* reason, WallTime at) {
  Event event = make_event(EventKind::pause, at);
  event.reason = reason;
  return event;
}

}  // namespace

bool is_paused(const State& state, WallTime now) {
  return state.pause && (!state.pause->until || now < *state.pause->until);
}

CommandedState obey(State state, const PauseCommand& command, Moment now) {
  CommandedState result{std::move(state), std::nullopt, {}};
  if (command.length == Milliseconds{0}) {
    if (!result.state.pause) {
      result.answer = {CommandAnswer::Outcome::unchanged, "the monitor is not paused"};
      return result;
    }
    result.state.pause.reset();
    result.event = event_of("ended", now.wall);
    result.event->why = "by the operator";
    result.answer.words = "the pause has ended; sessions are switched and asked to go on again";
    return result;
  }
  Pause pause;
  if (command.length) pause.until = now.wall + *command.length;
  result.state.pause = pause;
  result.event = event_of("begun", now.wall);
  result.event->why = "by the operator";
  result.event->retry_at = pause.until;
  result.answer.words =
      fmt::format("paused {}: nothing is switched and nothing typed; `quotawatch pause 0` ends it",
                  command.length ? "for " + format_duration(*command.length) : std::string("until it is ended"));
  return result;
}

std::optional<Event> end_pause(State& state, WallTime now) {
  if (!state.pause || is_paused(state, now)) return std::nullopt;
  state.pause.reset();
  Event event = event_of("over", now);
  event.why = "its time is over";
  return event;
}

}  // namespace quotawatch
