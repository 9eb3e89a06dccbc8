// What simulated programs make of keys, and what people do at the keyboard meanwhile.
#include <algorithm>

#include "sim/world/world.h"

namespace quotawatch::sim {

using std::chrono::minutes;
using std::chrono::seconds;

void World::typed(const Stroke& stroke, const PaneCapture& /*before*/, Moment /*now*/) {
  const auto found = std::ranges::find(agents_, stroke.session, &Agent::session);
  if (found == agents_.end() || found->mode == Agent::Mode::absent) return;
  take_key(*found, stroke);
}

// Never at once: a replay of the recording must see the same order.
void World::take_key(Agent& agent, const Stroke& stroke) {
  if (stroke.kind == Stroke::Kind::text) {
    agent.has_text = true;  // the keyboard shows it
    return;
  }
  const bool lost = keys_random_.chance(static_cast<std::size_t>(knobs_.keys_lost_percent), 100);
  if (stroke.kind == Stroke::Kind::restart) {
    // What is lost then is what the new program was to be asked.
    const Milliseconds start = draw_between(keys_random_, Milliseconds{300}, seconds{4});
    return plan(now() + start, [this, &agent, lost] { take_up(agent, lost); });
  }
  if (lost) return;
  const bool enter = stroke.text == "Enter";
  if (agent.mode != Agent::Mode::blocked || (enter && !agent.has_text)) return;
  const auto serial = agent.serial;
  const Milliseconds reaction = draw_between(keys_random_, Milliseconds{20}, Milliseconds{250});
  plan(now() + reaction, [this, &agent, serial, enter] {
    if (agent.serial != serial) return;
    if (enter) return begin_work(agent);
    // The menu closes, and the program waits at its prompt, for its user if nobody else comes.
    ++agent.serial;
    show_cached(agent, ScreenKey::Kind::idle);
    plan_for(agent, minutes{30}, &World::begin_work);
  });
}

// The program that was started in the agent's place goes on with its conversation.
void World::take_up(Agent& agent, bool waits) {
  if (agent.mode == Agent::Mode::absent) return;
  start_program(agent);
  if (!waits) return begin_work(agent);
  ++agent.serial;
  agent.mode = Agent::Mode::blocked;
  show_cached(agent, ScreenKey::Kind::idle);
  plan_for(agent, minutes{30}, &World::begin_work);
}

// Somebody looks after the sessions just when they are about to be asked.
void World::let_people_interfere() {
  if (knobs_.resume == 0) return;
  for (auto& agent : agents_) {
    if (agent.mode == Agent::Mode::absent) continue;
    if (!keys_random_.chance(static_cast<std::size_t>(knobs_.person_percent), 100)) continue;
    const Milliseconds when = now() + draw_between(keys_random_, Milliseconds{1}, seconds{20});
    if (keys_random_.chance(1, 2)) {
      plan(when, [this, &agent] { perform(UseClient{agent.session}); });
      continue;
    }
    plan(when, [this, &agent] { perform(SetMode{agent.session, true}); });
    plan(when + draw_between(keys_random_, seconds{5}, minutes{20}), [this, &agent] {
      perform(SetMode{agent.session, false});
    });
  }
}

}  // namespace quotawatch::sim
