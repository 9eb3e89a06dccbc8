// The environment of a simulated run: accounts, agents, people and a hook, and the ground truth
// about all of them.
//
// An observer of its Stage. It reacts to the monitor's hook by planning later events, never at
// once, so that replaying the recording gives the same run. Everything is drawn from the seed;
// nothing here knows how the monitor decides.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/harness/stage.h"
#include "sim/world/account.h"
#include "sim/world/agent.h"
#include "sim/world/knobs.h"
#include "sim/world/screen_cache.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

class World final : public StageObserver {
 public:
  // `recording`, if not null, receives all events in order of time.
  // `accounts`: of another host, which shares them; null: its own.
  World(const Knobs& knobs, std::uint64_t seed, const StageSetup& setup, ScreenCache& screens,
        std::vector<TranscriptEvent>* recording, World* accounts = nullptr);

  // Plans the first events. The stage must have been created with this observer.
  void begin(Stage& stage);

  void captured(const TmuxCapture& capture, Moment began) override;
  void journalled(const JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request, Moment now) override;
  void hook_ended(const SwitchReport& report, Moment now) override;
  void typed(const Stroke& stroke, const PaneCapture& before, Moment now) override;

  // How long sessions were watched; of that, how long they stood still at a limit while some account was free and
  // no person held them; and of that, how long nothing was in the way of their going on.
  struct Standstill {
    Milliseconds watched{0};
    Milliseconds stood_still{0};
    Milliseconds unhindered{0};

    Standstill& operator+=(const Standstill& other);
  };
  const Standstill& standstill() const { return standstill_; }

  // Switches before the wall, and how many of them were for nothing.
  Account::EarlySwitches early_switches() const;

  // For faults injected from outside.
  using Plan = std::function<void()>;
  void plan(Milliseconds when, Plan plan);
  // `delay` from now, or near it on the poll grid, where bugs hide.
  Milliseconds moment_in(Milliseconds delay);
  Milliseconds now() const { return stage_->clock().elapsed(); }
  void perform(const Action& action);
  void fail_captures();
  // The operator reports a manual switch, or that an account is free again.
  void command_account();
  void switch_by_hand();
  // The machine is suspended: true time goes on, for the world of another group, too.
  void suspend(Milliseconds duration);
  // Whether the account is at its limit, in truth.
  bool is_at_limit(const std::string& account) const;
  void share_machine(World& other) { other_ = &other; }
  Random& random() { return random_; }

 private:
  struct HookPlan {
    SwitcherOutcome outcome;
    bool works = true;
  };

  void pass_suspended(Milliseconds duration);
  WallTime true_now() const;
  Milliseconds draw_between(Random& random, Milliseconds least, Milliseconds most) const;

  // The hook.
  HookPlan draw_hook();
  void change_account(const std::string& to);

  // An agent's life. Each function cancels the agent's earlier plans and makes new ones.
  void begin_idle(Agent& agent);
  void begin_work(Agent& agent);
  void end_chunk(Agent& agent, Milliseconds worked);
  void begin_block(Agent& agent);
  void refuse_again(Agent& agent);
  void begin_failure(Agent& agent, Verdict says);
  void forge(Agent& agent);
  void warn(Agent& agent);
  void leave(Agent& agent);
  void come_back(Agent& agent, bool resumed);
  void attend(Agent& agent);
  void redraw(Agent& agent);
  void show_shell(Agent& agent);
  void wake_later(Agent& agent);
  Words words_now() const;
  void restart_program(Agent& agent);
  void start_program(Agent& agent);
  std::size_t account_for(const Agent& agent) const;
  void refuse_at_the_last_moment(const Account& account);
  void set_clock_back();
  void ask_again_in_vain();
  // Draws for the knobs of the newest stream, which are off in older worlds.
  bool extra_percent(int knob) { return knob > 0 && extra_.chance(static_cast<std::size_t>(knob), 100); }
  void plan_for(Agent& agent, Milliseconds delay, void (World::*next)(Agent&));

  // Keys, and people at the keyboard: see resume_life.cc.
  void take_key(Agent& agent, const Stroke& stroke);
  void take_up(Agent& agent, bool waits);
  bool say_that_it_waits(Agent& agent, WallTime until);
  void plan_own_end_of_waiting(Agent& agent, WallTime until);
  void let_people_interfere();
  void interfere(Agent& agent);
  bool is_held(const Agent& agent) const;
  bool may_switch() const;

  // What programs write about themselves: see record_life.cc.
  bool has_record(const Agent& agent) const { return agent.writes && now() >= agent.silent_until; }
  void testify(Agent& agent, Testimony::Says says, std::optional<WallTime> reset_at = {});
  void write_later(Agent& agent, const SetWitness& word, Milliseconds lag);
  void lose_record(Agent& agent);
  void speak_strangely(Agent& agent, Truth& truth);
  void forge_perfectly(Agent& agent);
  void open_panel(Agent& agent);

  // Screens.
  void show(Agent& agent, std::shared_ptr<const std::string> text);
  void show_cached(Agent& agent, ScreenKey::Kind kind);
  ScreenRecipe recipe_for(Agent& agent, const struct Wording& wording, const std::string& text);
  void say(Agent& agent, Truth truth);
  void publish_truth(Agent& agent);
  void publish_truths();
  void plan_end_of_limit(const Account& account);
  void begin_limit(Account& account);

  const Knobs knobs_;
  const StageSetup& setup_;
  const Zone zone_;  // used by the programs
  ScreenCache& screens_;
  std::vector<TranscriptEvent>* recording_;
  Stage* stage_ = nullptr;
  World* other_ = nullptr;
  Random random_;
  Random extra_;
  bool lies_ = false;     // the hook
  bool early_ = false;    // the last switch was asked for before the wall
  Random record_random_;  // likewise
  Random keys_random_;    // of its own, so that worlds in which nobody types stay as they were
  std::vector<Agent> agents_;
  std::vector<Account> own_accounts_;
  std::vector<Account>& accounts_;
  World& first_host_;
  std::vector<World*> sharing_;  // of the first host: all that share its accounts
  std::size_t active_ = 0;
  Milliseconds suspended_{0};
  Standstill standstill_;
  Milliseconds measured_at_{0};
  std::optional<Milliseconds> switched_at_;
  bool hindered_ = false;  // what a switch needs is not there
  HookPlan hook_;
  int hooks_started_ = 0;
  int hook_given_up_ = 0;  // the last one that was ended at its timeout
};

}  // namespace quotawatch::sim
