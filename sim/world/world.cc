#include "sim/world/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Agent make_agent(const Knobs& knobs, const std::string& session, std::uint64_t seed) {
  Agent agent;
  agent.session = session;
  agent.random = Random(seed);
  auto& random = agent.random;
  const bool is_claude = random.chance(static_cast<std::size_t>(knobs.claude_percent), 100);
  agent.program = is_claude ? ScreenKind::claude_code : random.chance(1, 2) ? ScreenKind::codex : ScreenKind::gemini;
  const auto least = static_cast<std::size_t>(knobs.narrowest_columns);
  const auto most = static_cast<std::size_t>(knobs.widest_columns);
  agent.columns = random.between(least, std::max(least, most)) / 10 * 10;
  // Drawn apart, so that worlds without records stay as they were. Gemini writes nothing of the kind.
  const bool writes = Random(seed_of_part(seed, 1)).chance(static_cast<std::size_t>(knobs.record_percent), 100);
  agent.writes = writes && agent.program != ScreenKind::gemini;
  return agent;
}

}  // namespace

World::World(const Knobs& knobs, std::uint64_t seed, const StageSetup& setup, ScreenCache& screens,
             std::vector<TranscriptEvent>* recording, World* accounts)
    : knobs_(knobs),
      setup_(setup),
      zone_(zone_of(setup.config, setup.zone)),
      screens_(screens),
      recording_(recording),
      random_(seed_of_part(seed, 2)),
      extra_(seed_of_part(seed, 5)),
      record_random_(seed_of_part(seed, 12)),
      keys_random_(seed_of_part(seed, 8)),
      accounts_(accounts == nullptr ? own_accounts_ : accounts->accounts_),
      first_host_(accounts == nullptr ? *this : *accounts) {
  first_host_.sharing_.push_back(this);
  if (accounts != nullptr) return;
  // A hook that picks the account itself has two to choose from.
  auto names = setup.config.accounts;
  if (names.empty()) names = {"first", "second"};
  for (const auto& name : names) {
    accounts_.emplace_back(name, hours{knobs.window_work_h}, hours{knobs.week_work_h});
  }
}

void World::begin(Stage& stage) {
  assert(stage_ == nullptr);
  stage_ = &stage;
  std::uint64_t part = 10;
  const auto seed = random_.next();
  for (const auto& session : session_names(setup_.config)) {
    agents_.push_back(make_agent(knobs_, session, seed_of_part(seed, part++)));
  }
  plan(Milliseconds{0}, [this] {
    hook_ = draw_hook();
    perform(SetSwitcher{hook_.outcome, setup_.config.group});
    for (std::size_t i = 1; knobs_.idle_pool > 0 && i < agents_.size(); ++i) {
      agents_[i].dormant = watched_sessions(setup_.config)[i].pool;
    }
    for (auto& agent : agents_) {
      if (agent.random.chance(1, 10)) {
        leave(agent);
      } else {
        begin_idle(agent);
      }
    }
  });
}

bool World::is_at_limit(const std::string& account) const {
  const auto found = std::ranges::find(accounts_, account, &Account::name);
  return found != accounts_.end() && found->limit(true_now());
}

void World::plan(Milliseconds when, Plan plan) {
  stage_->clock().schedule(SteadyTime{when}, VirtualClock::Order::event,
                           [plan = std::move(plan)]() -> std::optional<Wake> {
                             plan();
                             return std::nullopt;
                           });
}

Milliseconds World::moment_in(Milliseconds delay) {
  const Milliseconds moment = now() + std::max(delay, Milliseconds{1});
  if (!random_.chance(static_cast<std::size_t>(knobs_.snap_percent), 100)) return moment;
  const Milliseconds interval = setup_.config.quota.poll_interval;
  const Milliseconds poll = (moment + interval) / interval * interval;
  return poll + Milliseconds{static_cast<std::int64_t>(random_.below(3)) - 1};
}

void World::perform(const Action& action) {
  assert(recording_ == nullptr || recording_->empty() || recording_->back().offset <= now());
  if (recording_ != nullptr) recording_->push_back({now(), action, 0});
  stage_->perform(action);
}

WallTime World::true_now() const { return setup_.start + now() + suspended_; }

Milliseconds World::draw_between(Random& random, Milliseconds least, Milliseconds most) const {
  return Milliseconds{static_cast<std::int64_t>(random.between(
      static_cast<std::size_t>(least.count()), static_cast<std::size_t>(std::max(least, most).count())))};
}

void World::suspend(Milliseconds duration) {
  perform(StepClock{duration});
  pass_suspended(duration);
  if (other_ != nullptr) other_->pass_suspended(duration);
}

void World::pass_suspended(Milliseconds duration) {
  suspended_ += duration;
  publish_truths();
  // limits now end earlier by the run's clock
  for (const auto& account : accounts_) plan_end_of_limit(account);
  for (auto& agent : agents_) {
    if (agent.mode == Agent::Mode::blocked) wake_later(agent);
  }
}

void World::fail_captures() {
  static const std::vector<std::string> reasons{"timed out", "the answer is cut off", "not valid UTF-8 at byte 1971"};
  auto& agent = agents_[random_.below(agents_.size())];
  if (agent.mode == Agent::Mode::absent) return;
  perform(FailCaptures{agent.session, random_.pick(reasons)});
  const auto serial = agent.serial;
  plan(moment_in(draw_between(random_, seconds{1}, seconds{300})), [this, &agent, serial] {
    if (agent.serial == serial) show(agent, agent.shown);
  });
}

void World::command_account() {
  if (random_.chance(1, 2)) return switch_by_hand();
  const auto& names = setup_.config.accounts;
  if (!names.empty()) perform(AccountCommand{AccountCommand::Kind::free, random_.pick(names), setup_.config.group});
}

void World::switch_by_hand() {
  const auto& names = setup_.config.accounts;
  if (names.empty() || stage_->switcher().busy()) return;  // or leaves it to the hook
  early_ = false;
  const std::string& account = random_.pick(names);
  change_account(account);
  perform(AccountCommand{AccountCommand::Kind::use, account, setup_.config.group});
}

// A hook's outcome is drawn before the hook is started, because a transcript states it first.
World::HookPlan World::draw_hook() {
  using Kind = SwitcherOutcome::Kind;
  const auto percent = [&](int knob) { return random_.chance(static_cast<std::size_t>(knob), 100); };
  const Milliseconds timeout = setup_.config.switch_timeout;
  HookPlan plan{{Kind::ok, draw_between(random_, Milliseconds{0}, seconds{3}), ""}, true};
  if (percent(knobs_.hook_slow_percent)) {
    plan.outcome.delay = draw_between(random_, seconds{1}, timeout + seconds{1});
  }
  if (percent(knobs_.hook_hang_percent)) plan = {{Kind::hang, Milliseconds{0}, ""}, false};
  if (percent(knobs_.hook_fail_percent)) {
    plan = {{Kind::fail, Milliseconds{0}, "exit status 1"}, false};
  }
  if (percent(knobs_.hook_half_percent)) plan.works = !plan.works;
  // A hook that lies usually does so for a while.
  lies_ = lies_ ? extra_.chance(4, 5) : extra_percent(knobs_.hook_lie_percent);
  if (lies_) plan = {{Kind::ok, Milliseconds{0}, ""}, false};
  return plan;
}

void World::hook_started(const SwitchRequest& request, Moment /*now*/) {
  constexpr Milliseconds afterwards{1};
  const HookPlan current = hook_;
  plan(now() + afterwards, [this] {
    hook_ = draw_hook();
    perform(SetSwitcher{hook_.outcome, setup_.config.group});
  });
  let_people_interfere();
  const int started = ++hooks_started_;
  if (!current.works && current.outcome.kind == SwitcherOutcome::Kind::ok && knobs_.hook_lie_percent > 0) {
    plan(now() + current.outcome.delay + afterwards, [this] { ask_again_in_vain(); });
  }
  if (extra_percent(knobs_.clock_back_percent)) {
    const auto soon = current.outcome.delay + draw_between(extra_, seconds{1}, setup_.config.quota.cooldown);
    plan(now() + soon, [this] { set_clock_back(); });
  }
  if (!current.works) return;
  plan(now() + current.outcome.delay + afterwards, [this, to = request.to, started] {
    if (hook_given_up_ != started) change_account(to);
  });
}

void World::hook_ended(const SwitchReport& report, Moment /*now*/) {
  if (report.why == "timed out") hook_given_up_ = hooks_started_;
}

// Everybody believes that the account was changed.
void World::ask_again_in_vain() {
  for (auto& agent : agents_) {
    if (agent.mode != Agent::Mode::blocked || !extra_.chance(2, 3)) continue;
    plan_for(agent, draw_between(extra_, seconds{2}, 3 * setup_.config.quota.cooldown), &World::begin_work);
  }
}

// The clock is set back, and the monitor starts again: its last switch is in the future. Later it is
// set right.
void World::set_clock_back() {
  const auto by = draw_between(extra_, minutes{1}, hours{2});
  plan(now() + draw_between(extra_, minutes{1}, hours{1}), [this, by] { perform(StepClock{by}); });
  perform(StepClock{-by});
  perform(Restart{Milliseconds{0}});
}

std::size_t World::account_for(const Agent& agent) const {
  return knobs_.restarted_only > 0 ? agent.program_account : active_;
}

// A new program, which uses the account that is set up now.
void World::start_program(Agent& agent) {
  agent.program_account = active_;
  lose_record(agent);
  if (knobs_.restarted_only > 0) perform(StartProgram{agent.session});
}

// Somebody starts the program again, and it draws its conversation again.
void World::restart_program(Agent& agent) {
  start_program(agent);
  agent.mode = Agent::Mode::blocked;
  ++agent.serial;
  publish_truth(agent);
  plan_for(agent, draw_between(extra_, seconds{2}, minutes{3}), &World::begin_work);
}

void World::change_account(const std::string& to) {
  const std::size_t before = active_;
  const auto named =
      std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& account) { return account.name() == to; });
  active_ =
      named == accounts_.end() ? (active_ + 1) % accounts_.size() : static_cast<std::size_t>(named - accounts_.begin());
  if (std::exchange(early_, false) && before != active_) {
    accounts_[before].leave_early(knobs_.switch_at_percent, true_now());
  }
  const bool old_is_limited = accounts_[before].limit(true_now()).has_value();
  for (auto& agent : agents_) {
    const bool blocked = agent.mode == Agent::Mode::blocked;
    if (blocked && knobs_.restarted_only > 0 && extra_percent(knobs_.restart_percent)) {
      plan_for(agent, draw_between(extra_, seconds{2}, minutes{12}), &World::restart_program);
      continue;
    }
    if (blocked) wake_later(agent);
    if (knobs_.restarted_only > 0) continue;
    if (!blocked && agent.mode != Agent::Mode::working) continue;
    const bool late = old_is_limited && before != active_ &&
                      agent.random.chance(static_cast<std::size_t>(knobs_.late_banner_percent), 100);
    // Its request was sent with the old account and will be refused, possibly again.
    if (late && agent.account == before) {
      plan_for(agent, draw_between(agent.random, seconds{1}, setup_.config.quota.cooldown * 3 / 4),
               &World::refuse_again);
    } else if (!blocked) {
      agent.account = active_;
    }
  }
  publish_truths();
}

Account::EarlySwitches World::early_switches() const {
  Account::EarlySwitches all;
  for (const auto& account : accounts_) all += account.early();
  return all;
}

// Draws how long the limit lasts and what follows.
void World::begin_limit(Account& account) {
  if (random_.chance(static_cast<std::size_t>(knobs_.server_lag_percent), 100)) {
    account.linger(draw_between(random_, seconds{1}, minutes{7}));
  }
  for (auto* host : first_host_.sharing_) host->plan_end_of_limit(account);
  if (extra_percent(knobs_.last_moment_percent)) refuse_at_the_last_moment(account);
}

// Somebody asks right before the limit ends, and is refused by words that name that very moment.
void World::refuse_at_the_last_moment(const Account& account) {
  const auto limit = account.limit(true_now());
  if (!limit) return;
  const auto before =
      draw_between(extra_, Milliseconds{1}, std::min<Milliseconds>(seconds{5}, limit->until - true_now()));
  const Milliseconds when = now() + (limit->until - true_now()) - before;
  if (when > setup_.until || when < now()) return;
  plan(when, [this, &account] {
    for (auto& agent : agents_) {
      const bool idle = agent.mode == Agent::Mode::idle || agent.mode == Agent::Mode::blocked;
      const bool same = &accounts_[account_for(agent)] == &account;
      if (!idle || !same || !account.limit(true_now()) || !extra_.chance(1, 2)) continue;
      agent.account = account_for(agent);
      begin_block(agent);
    }
  });
}

void World::plan_end_of_limit(const Account& account) {
  const auto limit = account.limit(true_now());
  if (!limit) return;
  for (const WallTime end : {limit->until, limit->over}) {
    const Milliseconds when = now() + (end - true_now());
    if (when > setup_.until || end < true_now()) continue;
    plan(when, [this] {
      publish_truths();
      for (auto& agent : agents_) {
        if (agent.mode != Agent::Mode::blocked) continue;
        // Some programs continue by themselves within minutes of the reset they named.
        if (agent.random.chance(1, 2)) {
          plan_for(agent, draw_between(agent.random, seconds{1}, seconds{90}), &World::begin_work);
        } else {
          wake_later(agent);
        }
      }
    });
  }
}

}  // namespace quotawatch::sim
