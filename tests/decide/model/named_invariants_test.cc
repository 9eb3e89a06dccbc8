// The invariants by name, over random fleets: properties of the output, independent of how it is
// decided.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "generators.h"
#include "quotawatch/judge.h"
#include "tests/decide/model/decider.h"
#include "tests/decide/scene.h"

namespace quotawatch::tests {
namespace {

// A random fleet; `look` is called after each step.
class Life {
 public:
  explicit Life(DecisionRules rules)
      : now{SteadyTime{}, noon()}, code(std::move(rules), "a", now), panes(empty_fleet()) {}

  Outcome poll(Milliseconds gap) {
    wait(gap);
    panes = *next_panes(panes);
    return code.poll(panes, now);
  }

  // Usually ends the switch in flight; sometimes leaves it.
  Outcome end_switch() {
    const int how = *rc::gen::element(0, 0, 1, 2);
    wait(*any_gap());
    if (!code.state().in_flight || how == 2) return {};
    return code.end(code.state().in_flight->id, how == 0, now);
  }

  Outcome restart() {
    wait(*any_gap());
    now.steady = SteadyTime{std::chrono::hours{*rc::gen::inRange(0, 1000)}};
    return code.restart(now);
  }

  void wait(Milliseconds gap) {
    now.steady += gap;
    now.wall += gap;
  }

  Moment now;
  Decider code;
  std::vector<Pane> panes;
};

const Event* find(const Outcome& outcome, EventKind kind) {
  for (const auto& event : outcome.events) {
    if (event.kind == kind) return &event;
  }
  return nullptr;
}

RC_GTEST_PROP(Invariants, NoSwapDuringCooldown, ()) {
  Life life(*any_rules());
  std::optional<WallTime> done_at;
  for (int i = *rc::gen::inRange(2, 40); i > 0; --i) {
    const auto polled = life.poll(*any_gap());
    if (find(polled, EventKind::switch_) && done_at) {
      RC_ASSERT(life.now.wall - *done_at >= cooldown);  // the wall clock is never stepped here
    }
    RC_ASSERT(polled.request.has_value() == (find(polled, EventKind::switch_) != nullptr));
    if (find(life.end_switch(), EventKind::switch_done)) done_at = life.now.wall;
    if (*rc::gen::weightedElement<bool>({{9, false}, {1, true}})) life.restart();
  }
}

// Whatever happened before a poll without a limit, the first hit after it causes no switch unless
// it names its reset.
RC_GTEST_PROP(Invariants, NoSwapOnASingleUnconfirmedHit, ()) {
  Life life(*any_rules());
  for (int i = *rc::gen::inRange(0, 20); i > 0; --i) {
    life.poll(*any_gap());
    life.end_switch();
  }
  for (auto& pane : life.panes) pane = {pane.session, pane.pool, Pane::Kind::screen, showing("at work")};
  if (life.code.state().in_flight) life.code.end(life.code.state().in_flight->id, true, life.now);
  life.wait(cooldown);
  RC_ASSERT(!life.code.poll(life.panes, life.now).request);
  RC_ASSERT(!life.code.state().run.suspicion);
  for (auto& pane : life.panes) {
    if (*rc::gen::arbitrary<bool>()) pane.screen = hit(*rc::gen::element<std::string>("x", "y"));
  }
  life.wait(*any_gap());
  RC_ASSERT(!life.code.poll(life.panes, life.now).request);
}

// The same over whole runs: each switch has a reset time, or an earlier poll of this run suspected
// it and was not cleared since.
RC_GTEST_PROP(Invariants, EverySwapIsConfirmed, ()) {
  Life life(*any_rules());
  bool suspected = false;
  for (int i = *rc::gen::inRange(2, 40); i > 0; --i) {
    const auto polled = life.poll(*any_gap());
    if (find(polled, EventKind::clear)) suspected = false;
    if (const auto* asked = find(polled, EventKind::switch_)) RC_ASSERT(asked->reset_at || suspected);
    if (find(polled, EventKind::suspect) || life.code.state().run.suspicion) suspected = true;
    if (polled.request) suspected = false;
    life.end_switch();
    if (*rc::gen::weightedElement<bool>({{9, false}, {1, true}})) {
      life.restart();
      suspected = false;
    }
  }
}

// Sessions that still show what they showed when the switch was requested.
RC_GTEST_PROP(Invariants, NoSwapOnStaleEvidence, ()) {
  Life life(*any_rules());
  bool asked = false;
  for (int i = *rc::gen::inRange(1, 40); i > 0 && !asked; --i) {
    asked = life.poll(*any_gap()).request.has_value();
  }
  RC_PRE(asked);
  life.wait(*any_gap());
  life.code.end(life.code.state().in_flight->id, true, life.now);
  for (int i = *rc::gen::inRange(1, 10); i > 0; --i) {
    life.wait(*any_gap());
    RC_ASSERT(!life.code.poll(life.panes, life.now).request);
  }
}

// Whatever happened before: once the rules allow a switch, two polls with a new limit lead to one.
RC_GTEST_PROP(Invariants, ExhaustionThatLastsLeadsToASwap, ()) {
  auto rules = *any_rules();
  if (rules.accounts.size() == 1) rules.accounts.emplace_back("z");
  Life life(rules);
  for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
    life.poll(*any_gap());
    life.end_switch();
  }
  if (life.code.state().in_flight) {
    life.code.end(life.code.state().in_flight->id, *rc::gen::arbitrary<bool>(), life.now);
  }
  life.wait(std::chrono::hours{25});  // cooldown, backoff and every limit are over
  for (auto& pane : life.panes) {
    pane = {pane.session, pane.pool, Pane::Kind::screen, hit("a limit never seen before")};
  }
  const bool at_once = life.code.poll(life.panes, life.now).request.has_value();
  life.wait(interval);
  RC_ASSERT(at_once || life.code.poll(life.panes, life.now).request);
}

// Screens judged by the seed pack: with a 5xx anywhere in the block, nothing counts.
RC_GTEST_PROP(Invariants, ServerErrorVetoes, ()) {
  static Judge judge(load_pack("seed"));
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("You've hit your limit · resets 8pm", "5-hour limit reached",
                                    "429 Too Many Requests", "", "> go on", "   ", "resets 9pm"));
  auto block = lines;
  const auto error = *rc::gen::element<std::string>(
      "API Error: 500 {\"type\":\"error\"}", "{\"type\":\"overloaded_error\"}", "api_error",
      "500 INTERNAL SERVER ERROR", "API ERROR: 529", "You've hit your limit, api_error");
  const auto below = *rc::gen::inRange<std::size_t>(0, 3);  // non-blank lines below the error
  std::size_t at = block.size();
  for (std::size_t passed = 0; at > 0; --at) {
    if (block[at - 1].find_first_not_of(' ') != std::string::npos && ++passed > below) break;
  }
  block.insert(block.begin() + static_cast<std::ptrdiff_t>(at), error);
  std::string text;
  for (const auto& line : block) text += line + "\n";
  const Reading reading = judge.read(text);
  RC_ASSERT(reading.verdict == Verdict::server_error);
  const Moment now{SteadyTime{}, noon()};
  const auto rules = usual_rules();
  State state = start_state(std::nullopt, "a", now);
  state.run.suspicion = Suspicion{now.steady, *rc::gen::arbitrary<bool>()};
  const auto [remembered, evidence] = fold(rules, state, {{"main", false, &reading, ""}}, now);
  RC_ASSERT(evidence.hits.empty());
  RC_ASSERT(!step(rules, remembered, evidence, now).second.request);
}

}  // namespace
}  // namespace quotawatch::tests
