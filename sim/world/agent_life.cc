// The life of a simulated session: idle, at work, failing, at its account's limit, gone and back;
// and what it shows meanwhile.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/screens/screen_parts.h"
#include "sim/world/wordings.h"
#include "sim/world/world.h"

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool percent(Random& random, int knob) { return random.chance(static_cast<std::size_t>(knob), 100); }

}  // namespace

void World::plan_for(Agent& agent, Milliseconds delay, void (World::*next)(Agent&)) {
  const auto serial = agent.serial;
  plan(moment_in(delay), [this, &agent, serial, next] {
    if (agent.serial == serial) (this->*next)(agent);
  });
}

void World::begin_idle(Agent& agent) {
  agent.mode = Agent::Mode::idle;
  ++agent.serial;
  testify(agent, Testimony::Says::fine);
  show_cached(agent, percent(agent.random, knobs_.talk_percent) ? ScreenKey::Kind::talk : ScreenKey::Kind::idle);
  if (agent.dormant) return;
  // Sometimes the user does not return before the next morning.
  const bool night = agent.random.chance(1, 12);
  const auto gap = night ? draw_between(agent.random, hours{4}, hours{14})
                         : draw_between(agent.random, seconds{30}, minutes{6000 / std::max(knobs_.busy_percent, 1)});
  plan_for(agent, gap, percent(agent.random, knobs_.operator_percent) ? &World::leave : &World::begin_work);
}

void World::begin_work(Agent& agent) {
  agent.mode = Agent::Mode::working;
  agent.account = account_for(agent);
  ++agent.serial;
  testify(agent, Testimony::Says::under_way);
  const bool talks = percent(agent.random, knobs_.talk_percent);
  // At a limit, the first request is refused.
  const bool refused = accounts_[agent.account].limit(true_now()).has_value();
  show_cached(agent, refused ? ScreenKey::Kind::asked : talks ? ScreenKey::Kind::talk : ScreenKey::Kind::working);
  auto chunk = refused ? draw_between(agent.random, Milliseconds{200}, seconds{8})
                       : draw_between(agent.random, minutes{2}, minutes{60});
  if (!refused && extra_percent(knobs_.straggler_percent)) chunk = draw_between(extra_, hours{1}, hours{14});
  const auto serial = agent.serial;
  plan(moment_in(chunk), [this, &agent, serial, chunk] {
    if (agent.serial == serial) end_chunk(agent, chunk);
  });
}

void World::end_chunk(Agent& agent, Milliseconds worked) {
  Account& account = accounts_[agent.account];
  const bool was_limited = account.limit(true_now()).has_value();
  if (!was_limited) {
    account.spend(worked, true_now(), zone_);
    for (auto& other : accounts_) {
      if (&other != &account) other.spend_elsewhere(worked, true_now());
    }
    if (agent.random.chance(1, 400)) {
      account.run_dry(true_now() + draw_between(agent.random, hours{1}, hours{24}));
    } else if (agent.random.chance(1, 8) && percent(agent.random, knobs_.same_time_percent)) {
      account.reach_same_time_again(true_now());
    }
    if (account.limit(true_now())) begin_limit(account);
  }
  if (account.limit(true_now())) return begin_block(agent);
  if (percent(agent.random, knobs_.server_error_percent)) {
    return begin_failure(agent, Verdict::server_error);
  }
  if (percent(agent.random, knobs_.throttle_percent)) {
    return begin_failure(agent, Verdict::throttled);
  }
  if (percent(agent.random, knobs_.auth_percent)) return begin_failure(agent, Verdict::auth);
  if (percent(agent.random, knobs_.warning_percent)) return warn(agent);
  if (percent(agent.random, knobs_.forged_percent)) return forge(agent);
  if (percent(agent.random, knobs_.busy_percent)) return begin_work(agent);
  begin_idle(agent);
}

ScreenRecipe World::recipe_for(Agent& agent, const Wording& wording, const std::string& text) {
  static const std::vector<Below> ends{Below::nothing, Below::hint, Below::done, Below::hint_and_done};
  ++agent.turn;
  auto& random = agent.random;
  ScreenRecipe recipe;
  recipe.program = agent.program;
  recipe.width = agent.columns;
  recipe.text = text;
  recipe.place = wording.place;
  recipe.ask = fmt::format("go on with step {}", agent.turn);
  recipe.talk = random.chance(1, 2);
  recipe.header = random.chance(1, 4);
  recipe.earlier_turns = random.below(3);
  recipe.earlier_error = random.chance(1, 4);
  recipe.below = random.pick(ends);
  recipe.status_line = random.chance(1, 2);
  recipe.wording = random.below(4);
  return recipe;
}

// In some worlds all banners change their words in the middle of a night, by a server's setting.
Words World::words_now() const {
  const bool over = knobs_.new_wording_after_h > 0 && now() >= hours{knobs_.new_wording_after_h};
  return over ? Words::changed : Words::known;
}

// Refused: the account is at its limit, and the program shows a banner.
void World::begin_block(Agent& agent) {
  assert(accounts_[agent.account].limit(true_now()));
  const auto limit = *accounts_[agent.account].limit(true_now());
  const bool named = !percent(agent.random, knobs_.unnamed_percent);
  // Usually a program repeats its wording.
  const Words words = words_now();
  const bool again = agent.wording != nullptr && agent.wording->limit == limit.kind && agent.words == words &&
                     agent.random.chance(3, 4);
  if (!again) agent.wording = agent.random.pick(banners(agent.program, limit.kind, named, words));
  agent.words = words;
  const auto& wording = *agent.wording;
  // Gemini's limits are per model, with windows of their own.
  const bool of_model = agent.program == ScreenKind::gemini;
  const WallTime until = of_model ? round_for_banner(limit.until + minutes{30}, zone_) : limit.until;
  const std::string text = word(wording, until, zone_);
  const bool vetoed = wording.place == Place::result && percent(agent.random, knobs_.vetoed_percent);
  agent.mode = Agent::Mode::blocked;
  ++agent.serial;
  agent.banner = recipe_for(agent, wording, text);
  agent.banner.error_below = vetoed;
  Truth truth;
  truth.says = vetoed ? Verdict::server_error : wording.says;
  truth.counts = wording.counts;
  truth.message = word_to_reset(wording, until, zone_);
  if (wording.names_reset) truth.resets_at = until;
  const bool of_window = limit.kind == LimitKind::window && truth.resets_at && truth.says == Verdict::exhausted;
  const bool waits = of_window && say_that_it_waits(agent, until);
  const bool refused = !vetoed && wording.counts;
  agent.strange =
      refused && has_record(agent) && record_random_.chance(static_cast<std::size_t>(knobs_.strange_percent), 100);
  if (agent.strange) speak_strangely(agent, truth);
  const auto reset_in_record = limit.kind == LimitKind::open ? std::nullopt : std::optional(until);
  testify(agent, refused ? Testimony::Says::refused : Testimony::Says::failed, reset_in_record);
  say(agent, std::move(truth));
  show(agent, std::make_shared<const std::string>(draw_screen(agent.banner)));
  if (waits) plan_own_end_of_waiting(agent, until);
  plan_for(agent, vetoed ? minutes{10} : minutes{60}, vetoed ? &World::begin_work : &World::attend);
  if (!accounts_[account_for(agent)].limit(true_now())) wake_later(agent);
  // The operator reacts before the hook does, or after it failed.
  constexpr int one_in = 200;
  if (knobs_.account_commands == 0 || !random_.chance(static_cast<std::size_t>(knobs_.account_commands), one_in))
    return;
  const Milliseconds interval = setup_.config.quota.poll_interval;
  plan(moment_in(draw_between(random_, seconds{1}, 3 * interval)), [this] { switch_by_hand(); });
}

// A request that was sent before the account was changed is refused.
void World::refuse_again(Agent& agent) {
  if (agent.mode == Agent::Mode::working) return end_chunk(agent, Milliseconds{0});
  if (accounts_[agent.account].limit(true_now())) return begin_block(agent);
  wake_later(agent);
}

// The model's whole answer is a banner, with a date that no limit of this kind can have. It cannot
// be distinguished from the program's own, but its date need not be believed.
void World::forge(Agent& agent) {
  static const std::vector<std::string_view> forgeries{
      "API Error: Request rejected (429) · spend limit reached (daily; resets {} 00:00 UTC)",
      "You've hit your weekly limit · resets {}", "You've hit your 5-hour limit · resets {}",
      "You've hit your limit · resets {}"};
  if (has_record(agent)) return forge_perfectly(agent);
  if (agent.program != ScreenKind::claude_code) return begin_idle(agent);
  const auto& words = forgeries[agent.random.below(forgeries.size())];
  const auto far = draw_between(agent.random, hours{24 * 40}, hours{24 * 365 * 70});
  Wording wording;
  wording.program = agent.program;
  wording.place = Place::bullet;
  const std::string date = format_wall(true_now() + far).substr(0, 10);
  const std::string text = fmt::format(fmt::runtime(words), date);
  agent.mode = Agent::Mode::failing;
  ++agent.serial;
  const auto recipe = recipe_for(agent, wording, text);
  Truth truth;
  truth.says = Verdict::exhausted;
  truth.message = text;
  say(agent, std::move(truth));
  show(agent, std::make_shared<const std::string>(draw_screen(recipe)));
  plan_for(agent, draw_between(agent.random, minutes{1}, minutes{30}), &World::begin_work);
}

void World::begin_failure(Agent& agent, Verdict says) {
  const auto& wording = *agent.random.pick(notices(agent.program, says));
  const std::string text = word(wording, true_now(), zone_);
  agent.mode = Agent::Mode::failing;
  ++agent.serial;
  Truth truth;
  truth.says = says;
  truth.counts = wording.counts;
  if (says == Verdict::throttled) truth.message = text;
  testify(agent, Testimony::Says::failed);
  const auto recipe = recipe_for(agent, wording, text);
  say(agent, std::move(truth));
  show(agent, std::make_shared<const std::string>(draw_screen(recipe)));
  plan_for(agent, draw_between(agent.random, minutes{1}, minutes{40}), &World::begin_work);
}

// At work, with a warning that little quota is left.
void World::warn(Agent& agent) {
  const auto known = notices(agent.program, Verdict::warning);
  if (known.empty()) return begin_work(agent);
  const auto& wording = *agent.random.pick(known);
  agent.mode = Agent::Mode::failing;
  ++agent.serial;
  const auto ends = round_for_banner(true_now() + hours{3}, zone_);
  const bool truly = knobs_.switch_at_percent > 0;
  const auto use = truly ? accounts_[agent.account].use(true_now()) : std::vector<WindowUse>{};
  if (truly && (use.empty() || use.front().percent < 50)) return begin_work(agent);
  const std::string text = truly ? word_use(wording, use.front(), zone_) : word(wording, ends, zone_);
  auto recipe = recipe_for(agent, wording, text);
  recipe.talk = true;
  const bool works_on = wording.place == Place::notice || wording.place == Place::footer;
  recipe.below = works_on ? Below::spinner : Below::nothing;
  testify(agent, works_on ? Testimony::Says::under_way : Testimony::Says::failed);
  Truth truth;
  truth.says = Verdict::warning;
  say(agent, std::move(truth));
  show(agent, std::make_shared<const std::string>(draw_screen(recipe)));
  plan_for(agent, draw_between(agent.random, minutes{1}, minutes{20}), &World::begin_work);
}

void World::leave(Agent& agent) {
  const bool was_blocked = agent.mode == Agent::Mode::blocked;
  agent.mode = Agent::Mode::absent;
  ++agent.serial;
  // What is half drawn, or behind a panel, does not come back; nor does a banner that gave way to a prompt.
  const bool whole = agent.truth.says != Verdict::unknown && !agent.truth.hidden && !agent.truth.answered;
  const bool resumed = was_blocked && whole && agent.random.chance(1, 2);
  const auto last = agent.shown;
  agent.program_account = active_;
  lose_record(agent);
  if (percent(agent.random, knobs_.shell_percent)) {
    show_shell(agent);
  } else {
    perform(RemoveSession{agent.session});
  }
  agent.shown = resumed ? last : nullptr;
  Truth nothing;
  nothing.conversation = agent.truth.conversation;
  nothing.hidden = true;
  std::swap(agent.truth, nothing);
  publish_truth(agent);
  std::swap(agent.truth, nothing);
  const auto serial = agent.serial;
  plan(moment_in(draw_between(agent.random, seconds{20}, hours{3})), [this, &agent, serial, resumed] {
    if (agent.serial == serial) come_back(agent, resumed);
  });
}

// The program has ended and the pane shows the shell that started it.
void World::show_shell(Agent& agent) {
  static const auto shell =
      std::make_shared<const std::string>("Resume this session with:\nagent --resume 5b1f\ndev@host:~/shop$ \n");
  show(agent, shell);
}

// A resumed session prints what it showed before.
void World::come_back(Agent& agent, bool resumed) {
  start_program(agent);
  if (!resumed) return begin_idle(agent);
  agent.mode = Agent::Mode::blocked;
  ++agent.serial;
  publish_truth(agent);
  show(agent, agent.shown);
  plan_for(agent, minutes{30}, &World::attend);
  if (!accounts_[account_for(agent)].limit(true_now())) wake_later(agent);
}

// From time to time a blocked session's screen changes, or its user acts.
void World::attend(Agent& agent) {
  if (percent(agent.random, knobs_.operator_percent)) {
    switch (agent.random.below(3)) {
      case 0:
        return leave(agent);
      case 1:
        return begin_idle(agent);  // /clear
      default:
        return begin_work(agent);
    }
  }
  if (percent(agent.random, knobs_.redraw_percent)) {
    redraw(agent);
  } else if (has_record(agent) && record_random_.chance(1, 3)) {
    open_panel(agent);
  }
  plan_for(agent, draw_between(agent.random, minutes{20}, minutes{120}), &World::attend);
}

// Other decoration around the same conversation; while drawing, half of each.
void World::redraw(Agent& agent) {
  agent.banner.status_line = !agent.banner.status_line;
  if (agent.random.chance(1, 3)) agent.banner.draft = "what now?";
  auto whole = std::make_shared<const std::string>(draw_screen(agent.banner));
  if (!percent(agent.random, knobs_.half_drawn_percent)) return show(agent, std::move(whole));
  auto half = *whole;
  half.resize(half.rfind('\n', half.size() / 2) + 1);
  const Truth truth = std::exchange(agent.truth, Truth{});
  agent.truth.says = Verdict::unknown;
  agent.truth.conversation = truth.conversation;
  publish_truth(agent);
  show(agent, std::make_shared<const std::string>(std::move(half)));
  const auto serial = agent.serial;
  plan(now() + draw_between(agent.random, Milliseconds{1}, seconds{1}),
       [this, &agent, serial, truth, whole = std::move(whole)] {
         if (agent.serial != serial) return;
         agent.truth = truth;
         publish_truth(agent);
         show(agent, whole);
       });
}

// The session could continue, or its banner says so. Its user notices soon, late, or the next day.
void World::wake_later(Agent& agent) {
  const auto limit = accounts_[account_for(agent)].limit(true_now());
  if (limit && true_now() < limit->until) return;
  const bool soon = percent(agent.random, knobs_.wake_percent);
  const auto delay =
      soon ? draw_between(agent.random, seconds{2}, minutes{12}) : draw_between(agent.random, minutes{30}, hours{20});
  plan_for(agent, delay, &World::begin_work);
}

void World::show(Agent& agent, std::shared_ptr<const std::string> text) {
  agent.has_text = false;
  agent.awaits_answer = false;
  agent.shown = std::move(text);
  const auto rows = std::count(agent.shown->begin(), agent.shown->end(), '\n');
  if (recording_ != nullptr) {
    ShowScreen screen{agent.session, static_cast<int>(agent.columns), static_cast<int>(rows), {}};
    for (const auto line : lines_of(*agent.shown)) screen.lines.emplace_back(line);
    recording_->push_back({now(), std::move(screen), 0});
  }
  stage_->show(agent.session, agent.shown, static_cast<int>(agent.columns), static_cast<int>(rows));
}

void World::show_cached(Agent& agent, ScreenKey::Kind kind) {
  ++agent.turn;
  Truth truth;
  truth.answered = kind == ScreenKey::Kind::idle || kind == ScreenKey::Kind::working;
  truth.asked = kind == ScreenKey::Kind::asked;
  say(agent, std::move(truth));
  const ScreenKey key{agent.program, agent.columns, kind, agent.random.below(screen_variants)};
  show(agent, screens_.screen(key));
}

// Sets the truth about a screen that is about to be shown.
void World::say(Agent& agent, Truth truth) {
  agent.truth = std::move(truth);
  agent.truth.conversation = fmt::format("{}", agent.turn);
  publish_truth(agent);
}

// An agent is blocked if it shows a limit and its account is still limited.
void World::publish_truth(Agent& agent) {
  const bool hit = agent.strange || agent.truth.says == Verdict::exhausted ||
                   (agent.truth.says == Verdict::throttled && agent.truth.counts);
  agent.truth.blocked =
      hit && agent.mode == Agent::Mode::blocked && accounts_[account_for(agent)].limit(true_now()).has_value();
  if (agent.published == agent.truth) return;
  agent.published = agent.truth;
  perform(SetTruth{agent.session, agent.truth});
}

void World::publish_truths() {
  for (auto& agent : agents_) {
    if (agent.mode == Agent::Mode::blocked) publish_truth(agent);
  }
}

}  // namespace quotawatch::sim
