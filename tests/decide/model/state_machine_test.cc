// The decision code against the model, with random polls, ends of switches and restarts at times
// near boundaries.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <map>

#include "compare.h"
#include "generators.h"
#include "model.h"
#include "tests/decide/model/decider.h"
#include "tests/decide/scene.h"

namespace quotawatch::tests {
namespace {

// The model with its environment.
struct World {
  Model model;
  std::vector<Pane> panes = empty_fleet();
  Moment now{SteadyTime{}, noon()};

  void wait(Milliseconds gap) {
    now.steady += gap;
    now.wall += gap;
  }
};

// Where programs are distinguished by their start, a wall clock that was stepped meanwhile says
// nothing about who is right.
rc::Gen<Milliseconds> any_wall_step_of(const World& world) {
  return world.model.reaches() == SwitchReach::running ? any_wall_step() : rc::gen::just(Milliseconds{0});
}

// How often each event occurred in all runs: events that never occur would not be tested.
std::map<std::string, int>& seen_events() {
  static std::map<std::string, int> seen;
  return seen;
}

class Command : public rc::state::Command<World, Decider> {
 public:
  void apply(World& world) const override { perform(world); }

  void run(const World& before, Decider& code) const override {
    World world = before;
    const Outcome wanted = perform(world);
    const Outcome got = ask(code, before, world);
    for (const auto& event : wanted.events) {
      ++seen_events()[std::string(event_name(event.kind)) + event.reason.value_or("")];
    }
    std::string differs = difference(wanted, got);
    differs += difference(world.model.standing(world.now.wall), code.standing(world.now.wall));
    if (!differs.empty()) RC_LOG() << differs;
    RC_ASSERT(differs.empty());
  }

 private:
  virtual Outcome perform(World& world) const = 0;
  // `world` is the state after perform().
  virtual Outcome ask(Decider& code, const World& before, const World& world) const = 0;
};

class Poll : public Command {
 public:
  explicit Poll(const World& world)
      : gap_(*any_gap(world.model.boundaries(world.panes, world.now))),
        wall_step_(*any_wall_step_of(world)),
        panes_(*next_panes(world.panes, world.now.wall + gap_ + wall_step_, world.model.switch_times())) {}

  // A simplified case leaves polls out: a program that starts in the future, or before the one in whose
  // place it came or so soon after it that it counts as the same one, cannot be.
  void checkPreconditions(const World& world) const override {
    for (std::size_t i = 0; i < panes_.size(); ++i) {
      const auto& started = panes_[i].started;
      RC_PRE(!started || *started <= world.now.wall + gap_ + wall_step_);
      const auto& before = world.panes[i].started;
      RC_PRE(!started || !before || started == before || *started > *before + std::chrono::seconds{3});
    }
  }

  void show(std::ostream& out) const override {
    out << "poll after " << gap_.count() << " ms";
    if (wall_step_ != Milliseconds{0}) out << ", wall clock stepped " << wall_step_.count() << " ms";
    for (const auto& pane : panes_) {
      if (pane.kind != Pane::Kind::absent) out << "\n    " << pane;
    }
  }

 private:
  Outcome perform(World& world) const override {
    world.wait(gap_);
    world.now.wall += wall_step_;
    world.panes = panes_;
    return world.model.poll(world.panes, world.now);
  }
  Outcome ask(Decider& code, const World& /*before*/, const World& world) const override {
    return code.poll(world.panes, world.now);
  }

  Milliseconds gap_;
  Milliseconds wall_step_;
  std::vector<Pane> panes_;
};

class End : public Command {
 public:
  explicit End(const World& world) : gap_(*any_gap()), done_(*rc::gen::element(true, true, false)) {
    right_ = *rc::gen::weightedElement<bool>({{9, true}, {1, false}});
    checkPreconditions(world);
  }

  void checkPreconditions(const World& world) const override { RC_PRE(world.model.in_flight()); }

  void show(std::ostream& out) const override {
    out << "after " << gap_.count() << " ms the switch is " << (done_ ? "done" : "failed")
        << (right_ ? "" : ", but another one");
  }

 private:
  std::string id(const World& before) const { return right_ ? before.model.in_flight_id() : "never asked for"; }
  Outcome perform(World& world) const override {
    const std::string ended = id(world);
    world.wait(gap_);
    return world.model.end(ended, done_, world.now);
  }
  Outcome ask(Decider& code, const World& before, const World& world) const override {
    return code.end(id(before), done_, world.now);
  }

  Milliseconds gap_;
  bool done_;
  bool right_ = true;
};

class Restart : public Command {
 public:
  explicit Restart(const World& world)
      : gap_(*any_gap()),
        wall_step_(*any_wall_step_of(world)),
        origin_(*rc::gen::element(std::chrono::hours{0}, std::chrono::hours{1000})) {}

  void show(std::ostream& out) const override {
    out << "restart after " << gap_.count() << " ms, wall clock stepped " << wall_step_.count();
  }

 private:
  Outcome perform(World& world) const override {
    world.wait(gap_);
    world.now.wall += wall_step_;
    world.now.steady = SteadyTime{origin_};
    return world.model.restart(world.now);
  }
  Outcome ask(Decider& code, const World& /*before*/, const World& world) const override {
    return code.restart(world.now);
  }

  Milliseconds gap_;
  Milliseconds wall_step_;
  Milliseconds origin_;
};

class Obey : public Command {
 public:
  explicit Obey(const World& /*world*/)
      : gap_(*any_gap()),
        command_{*rc::gen::element(AccountCommand::Kind::free, AccountCommand::Kind::use),
                 *rc::gen::element<std::string>("a", "b", "c", "nobody")} {}

  void show(std::ostream& out) const override {
    out << "after " << gap_.count() << " ms account " << account_command_name(command_.kind) << " " << command_.account;
  }

 private:
  Outcome perform(World& world) const override {
    world.wait(gap_);
    return world.model.obey(command_, world.now);
  }
  Outcome ask(Decider& code, const World& /*before*/, const World& world) const override {
    return code.obey(command_, world.now);
  }

  Milliseconds gap_;
  AccountCommand command_;
};

RC_GTEST_PROP(StateMachine, DecidesAsTheModelDoes, ()) {
  const auto rules = *any_rules();
  const World world{Model(rules, "a")};
  Decider code(rules, "a", world.now);
  rc::state::check(world, code,
                   rc::state::gen::execOneOfWithArgs<Poll, Poll, Poll, Poll, Poll, End, End, Restart, Obey>());
}

TEST(StateMachine, HasSeenEveryEvent) {
  if (seen_events().empty()) GTEST_SKIP() << "runs after DecidesAsTheModelDoes only";
  for (const char* name : {"suspect", "clearbelow_thresholds", "cleartoo_old", "switch", "switch_done", "switch_failed",
                           "switch_resumed", "exhausted_everywhere", "switchlone", "switchnear_limit", "stale",
                           "skippending", "skipbackoff", "skipcooldown", "accountfree", "accountuse"}) {
    EXPECT_GT(seen_events()[name], 0) << name;
  }
}

}  // namespace
}  // namespace quotawatch::tests
