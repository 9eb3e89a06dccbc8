#include "decide/evidence/sighting.h"

#include <cassert>
#include <optional>

#include "base/mutant.h"

namespace quotawatch {
namespace {

// True for a screen that shows nothing of the conversation, although it may continue: a shell after
// the program has ended, or a restarted program before it redraws the conversation.
bool hides(const ConversationTrace& conversation, Context context) {
  if (mutant("a shell hides nothing")) return false;
  return !conversation.block && (context == Context::start || context == Context::block);
}

void forget_unless_hidden(std::optional<Occurrence>& shown, Context context) {
  if (shown && !hides(shown->conversation, context)) shown.reset();
}

// A message remembered without its conversation belongs to the conversation that shows it now; a refusal that only the
// record named is the message that is seen now.
void complete(Occurrence& shown, const Occurrence& now) {
  const auto refused_at = now.refused_at ? now.refused_at : shown.refused_at;
  if (shown.conversation.is_unknown()) shown = now;
  shown.refused_at = refused_at;
}

void forget_if_changed(std::optional<Occurrence>& shown, const Occurrence& now) {
  if (mutant("stale banners never become fresh")) return;
  if (shown && !is_same(*shown, now)) shown.reset();
  if (shown) complete(*shown, now);
}

// The screen shows no limit message.
void remember_silence(SessionMemory& memory, Context context) {
  assert(memory == SessionMemory{} || context != Context::unread);
  forget_unless_hidden(memory.shown_at_request, context);
  forget_unless_hidden(memory.shown_at_switch, context);
  if (memory.sighting && !hides(memory.sighting->what.conversation, context)) {
    memory.sighting.reset();
  }
}

// The same words below another turn are another message. Where turns cannot be distinguished, a
// message is the same for as long as it stays visible.
bool goes_on(const Occurrence& before, const Occurrence& now) {
  if (mutant("another message counts as the same")) return before.message == now.message;
  const bool in_record = before.refused_at && now.refused_at;
  if (!in_record && before.conversation.block && now.conversation.block) return before.message == now.message;
  return is_same(before, now);
}

}  // namespace

void forget_if_refused_since(const State& state, SessionMemory& memory, const Observation& observation) {
  const auto& limit = observation.reading->limit;
  const auto program = state.programs.find(observation.session);
  const auto& started = program == state.programs.end() ? observation.program_started : program->second.started;
  if (!memory.sighting || memory.sighting->what.refused_at || !limit || !limit->refused_at || !started) return;
  if (*started <= memory.sighting->first_seen || *limit->refused_at <= *started) return;
  memory.sighting.reset();
  memory.shown_at_request.reset();
  memory.shown_at_switch.reset();
}

bool remember(SessionMemory& memory, const Reading& reading, const std::string& under_way, FirstLook look) {
  if (!reading.limit) {
    remember_silence(memory, reading.context);
    return false;
  }
  forget_if_changed(memory.shown_at_request, *reading.limit);
  forget_if_changed(memory.shown_at_switch, *reading.limit);
  if (!memory.sighting || !goes_on(memory.sighting->what, *reading.limit)) {
    if (mutant("the same words keep their first sighting") && memory.sighting &&
        memory.sighting->what.message == reading.limit->message) {
      look.at = memory.sighting->first_seen;
    }
    memory.sighting = Sighting{*reading.limit, look.at, under_way, look.seen_coming};
    memory.sighting->again = memory.stopped_at_switch;
    return true;
  }
  complete(memory.sighting->what, *reading.limit);
  return false;
}

}  // namespace quotawatch
