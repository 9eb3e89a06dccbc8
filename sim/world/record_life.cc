// What simulated programs write about themselves: never anything false, but late, twice, or not at all; and what only
// this record can tell.
#include <algorithm>
#include <utility>

#include "sim/world/wordings.h"
#include "sim/world/world.h"

namespace quotawatch::sim {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Says = Testimony::Says;

void World::testify(Agent& agent, Says says, std::optional<WallTime> reset_at) {
  if (!has_record(agent)) return;
  if (record_random_.chance(static_cast<std::size_t>(knobs_.record_lost_percent), 100)) {
    agent.silent_until = now() + draw_between(record_random_, minutes{1}, hours{3});
    // What stands there may stay, if it says nothing of how a turn ended.
    if (agent.said != Says::under_way || record_random_.chance(1, 2)) lose_record(agent);
    return;
  }
  agent.said = says;
  const bool says_use = knobs_.switch_at_percent > 0;
  const SetWitness word{agent.session, says, says == Says::refused ? reset_at : std::nullopt,
                        says_use ? accounts_[agent.account].use(true_now()) : std::vector<WindowUse>{}};
  const Milliseconds lag = draw_between(record_random_, Milliseconds{0}, Milliseconds{knobs_.record_lag_ms});
  write_later(agent, word, lag);
  if (says == Says::refused && record_random_.chance(1, 6)) write_later(agent, word, lag + seconds{1});
}

// In the order in which it was said, by the program that said it.
void World::write_later(Agent& agent, const SetWitness& word, Milliseconds lag) {
  const auto record = agent.record;
  agent.written_until = std::max(agent.written_until, now() + lag);
  if (agent.written_until == now()) return perform(word);
  plan(agent.written_until, [this, &agent, record, word] {
    if (agent.record == record) perform(word);
  });
}

void World::lose_record(Agent& agent) {
  if (!agent.writes) return;
  ++agent.record;
  perform(SetWitness{agent.session, std::nullopt});
}

// In words that no rule knows, and on which no shape shows.
void World::speak_strangely(Agent& agent, Truth& truth) {
  static const std::vector<std::string> words{"No more for today, come back after dinner",
                                              "That was it for now, see you tomorrow", "Gone fishing"};
  agent.banner.place = Place::result;
  agent.banner.text = record_random_.pick(words);
  agent.banner.waits_until.clear();
  truth = Truth{};
}

// The model prints what the program would. Its turn goes on until it has said so, and ends well.
void World::forge_perfectly(Agent& agent) {
  const auto kind = record_random_.chance(1, 2) ? LimitKind::window : LimitKind::week;
  const auto& wording = *record_random_.pick(banners(agent.program, kind, true, words_now()));
  const auto until = round_for_banner(true_now() + draw_between(record_random_, hours{1}, hours{4}), zone_);
  agent.mode = Agent::Mode::failing;
  agent.strange = false;
  ++agent.serial;
  const auto recipe = recipe_for(agent, wording, word(wording, until, zone_));
  Truth truth;
  truth.says = wording.says;
  truth.counts = wording.counts;
  truth.message = word_to_reset(wording, until, zone_);
  if (wording.names_reset) truth.resets_at = until;
  write_later(agent, {agent.session, Says::under_way, std::nullopt}, Milliseconds{0});
  agent.said = Says::under_way;
  testify(agent, Says::fine);
  say(agent, std::move(truth));
  show(agent, std::make_shared<const std::string>(draw_screen(recipe)));
  plan_for(agent, draw_between(agent.random, minutes{1}, minutes{30}), &World::begin_work);
}

// For a while a panel of the program's hides the conversation.
void World::open_panel(Agent& agent) {
  static const auto panel = std::make_shared<const std::string>(
      "\n  Select a model\n\n  ❯ 1. Default\n    2. Other\n\n  Enter to confirm · Esc to cancel\n");
  const auto serial = agent.serial;
  const Truth truth = std::exchange(agent.truth, Truth{});
  const auto screen = agent.shown;
  agent.truth.conversation = truth.conversation;
  agent.truth.hidden = true;
  publish_truth(agent);
  show(agent, panel);
  plan(now() + draw_between(record_random_, seconds{1}, minutes{15}), [this, &agent, serial, truth, screen] {
    if (agent.serial != serial) return;
    agent.truth = truth;
    publish_truth(agent);
    show(agent, screen);
  });
}

}  // namespace quotawatch::sim
