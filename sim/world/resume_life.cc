// What simulated programs make of keys, and what people do at the keyboard meanwhile.
#include <algorithm>
#include <utility>

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
    lose_record(agent);
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

// Newer versions of Claude Code say when they will go on by themselves. True if this one does.
bool World::say_that_it_waits(Agent& agent, WallTime until) {
  if (knobs_.resume == 0 || agent.program != ScreenKind::claude_code) return false;
  if (!keys_random_.chance(static_cast<std::size_t>(knobs_.own_waiting_percent), 100)) return false;
  agent.banner.waits_until =
      word({ScreenKind::claude_code, Place::footer, Verdict::exhausted, "{clock}"}, until, zone_);
  return true;
}

// Some minute after the reset, and not if anything has taken the place of the waiting.
void World::plan_own_end_of_waiting(Agent& agent, WallTime until) {
  const Milliseconds after = draw_between(keys_random_, seconds{5}, minutes{3});
  const Milliseconds left = std::max<Milliseconds>(Milliseconds{0}, until - true_now());
  const auto serial = agent.serial;
  if (now() + left + after > setup_.until) return;
  plan(now() + left + after, [this, &agent, serial] {
    if (agent.serial == serial && agent.banner.draft.empty()) begin_work(agent);
  });
}

// Somebody looks after the sessions just when they are about to be asked.
void World::let_people_interfere() {
  if (knobs_.resume == 0) return;
  for (auto& agent : agents_) {
    if (agent.mode == Agent::Mode::absent) continue;
    if (keys_random_.chance(static_cast<std::size_t>(knobs_.person_percent), 100)) interfere(agent);
  }
}

void World::interfere(Agent& agent) {
  const Milliseconds delay = draw_between(keys_random_, Milliseconds{1}, seconds{20});
  const Milliseconds when = now() + delay;
  const auto what = keys_random_.below(4);
  if (what == 0) {
    return plan(when, [this, &agent] {
      agent.used_at = now();
      perform(UseClient{agent.session});
    });
  }
  if (what < 3) {
    if (agent.mode == Agent::Mode::blocked) plan_for(agent, delay, what == 1 ? &World::begin_work : &World::leave);
    return;
  }
  const Milliseconds read = draw_between(keys_random_, seconds{5}, minutes{20});
  for (const bool reads : {true, false}) {
    plan(reads ? when : when + read, [this, &agent, reads] {
      agent.in_mode = reads;
      perform(SetMode{agent.session, reads});
    });
  }
}

World::Standstill& World::Standstill::operator+=(const Standstill& other) {
  watched += other.watched;
  stood_still += other.stood_still;
  unhindered += other.unhindered;
  return *this;
}

bool World::is_held(const Agent& agent) const {
  const bool used = agent.used_at && now() - *agent.used_at < setup_.config.resume.quiet;
  return used || agent.in_mode || agent.awaits_answer || !agent.banner.draft.empty();
}

void World::journalled(const JournalEntry& entry) {
  const Event& event = entry.event;
  if (event.kind == EventKind::switch_) early_ = event.reason == "near_limit";
  switch (event.kind) {
    case EventKind::exhausted_everywhere:
    case EventKind::switch_:
    case EventKind::switch_failed:
    case EventKind::switch_ineffective:
      hindered_ = true;
      break;
    case EventKind::switch_done:
    case EventKind::account:
      switched_at_ = now();
      hindered_ = false;
      break;
    case EventKind::clear:
      hindered_ = false;
      break;
    case EventKind::resume_held: {
      const auto found = std::ranges::find(agents_, *event.session, &Agent::session);
      const bool menu = event.why && event.why->find("menu") != std::string::npos;
      if (menu && found != agents_.end()) found->awaits_answer = true;
      break;
    }
    default:
      break;
  }
}

bool World::may_switch() const {
  const auto& quota = setup_.config.quota;
  if (switched_at_ && now() - *switched_at_ < quota.cooldown) return false;
  const auto blocked = [](const Agent& agent) { return agent.mode == Agent::Mode::blocked; };
  const auto dedicated = std::ranges::count_if(
      agents_, [&](const Agent& agent) { return blocked(agent) && agent.session.starts_with("desk-"); });
  return dedicated >= quota.interactive_threshold ||
         std::ranges::count_if(agents_, blocked) - dedicated >= quota.pool_threshold;
}

// From poll to poll. Something is in the way where a switch is under way, failed or did not take, where every
// account is out as far as the screens tell, where a hook lies, and where the rules ask for no switch.
void World::captured(const TmuxCapture& capture, Moment /*began*/) {
  const Milliseconds since = now() - std::exchange(measured_at_, now());
  const auto is_free = [this](const Account& account) { return !account.limit(true_now()); };
  if (!capture.server_up) return;
  const bool free = std::ranges::any_of(accounts_, is_free);
  const bool hindered = hindered_ || lies_ || !hook_.works;
  const bool allowed = may_switch();
  for (const auto& agent : agents_) {
    if (agent.mode == Agent::Mode::absent) continue;
    standstill_.watched += since;
    if (!free || agent.mode != Agent::Mode::blocked || is_held(agent)) continue;
    standstill_.stood_still += since;
    const bool reached = !accounts_[account_for(agent)].limit(true_now());
    if (!hindered && (reached || allowed)) standstill_.unhindered += since;
  }
}

}  // namespace quotawatch::sim
