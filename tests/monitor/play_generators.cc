#include "play_generators.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

const std::vector<std::string> sessions{"main", "ccl-auto-1", "ccl-auto-2"};

// The simplest first. Plays begin at noon, so that some of the resets pass in them.
const std::vector<Lines> plain_calm{{"$ make test", "all tests pass"}, {"$"}};
const std::vector<Lines> plain_hits{
    {"You've hit your limit"},
    {"$ make", "You've hit your limit"},
    {"$ make", "You've hit your limit", "API Error: 500 {\"type\":\"api_error\"}"},
    {"You've hit your limit · resets 12:10pm"},
    {"You've hit your limit · resets 1pm"},
    {"429 Too many requests", "try again in 45 minutes"},
    {"You've hit your limit · resets 1pm", "API Error: 529 {\"type\":\"overloaded_error\"}"},
    {"Quota exceeded, resets 13pm"},
};

// Claude Code: this conversation above an empty prompt box.
Lines claude(const std::string& conversation) {
  static const std::string across = fmt::format("{:─>80}", "");
  Lines lines{"❯ go on with the tests"};
  for (const auto line : split_lines(conversation)) lines.emplace_back(line);
  for (const auto* line : {"", across.c_str(), "❯\u00a0", across.c_str(), "  ? for shortcuts"}) {
    lines.emplace_back(line);
  }
  return lines;
}

const std::vector<Lines> claude_calm{
    claude("● Reading the sources first."),
    claude("● You've hit your limit, says the log that I found."),
    claude("  ⎿  You've used 92% of your 5-hour limit · resets 1pm"),
};
const std::vector<Lines> claude_hits{
    claude("  ⎿  You've hit your 5-hour limit"),
    claude("● Reading the sources first.\n  ⎿  You've hit your 5-hour limit"),
    claude("  ⎿  API Error: 500 Internal server error\n  ⎿  You've hit your 5-hour limit"),
    claude("  ⎿  You've hit your 5-hour limit · resets 12:10pm"),
    claude("  ⎿  You've hit your 5-hour limit · resets 1pm"),
    claude("  ⎿  You've hit your weekly limit · resets 7pm"),
    claude("  ⎿  You've hit your 5-hour limit\n  ⎿  You've hit your limit · resets 1pm"),
    claude("  ⎿  API Error: Request rejected (429)"),
};

std::vector<Lines> screens_of(const std::string& pack, bool hits) {
  std::vector<Lines> screens = pack == "seed" ? plain_calm : claude_calm;
  const auto& limited = pack == "seed" ? plain_hits : claude_hits;
  if (hits) screens.insert(screens.end(), limited.begin(), limited.end());
  return screens;
}

struct Knobs {
  std::string pack;
  std::string accounts;
  std::string cooldown;
  std::string unknown_reset;
  std::string hook_timeout;
};

rc::Gen<Knobs> any_knobs() {
  return rc::gen::map(
      rc::gen::tuple(one_of<std::string>({"seed", "claude-code", "auto"}),
                     one_of<std::string>({R"({"name":"a"},{"name":"b"})", "", R"({"name":"a"})",
                                          R"({"name":"b"},{"name":"c"},{"name":"a"})"}),
                     one_of<std::string>({"2m", "10m", "45s", "119999ms", "120001ms"}),
                     one_of<std::string>({"1h", "2m"}), one_of<std::string>({"2m", "30s"})),
      [](const auto& drawn) { return std::apply([](auto... values) { return Knobs{values...}; }, drawn); });
}

std::string config_of(const Knobs& knobs) {
  return fmt::format(R"({{"quota":{{"reactivate_cooldown":"{}","unknown_reset":"{}"}},)"
                     R"("pool":{{"autonomous":{{"start_index":1,"max":2}},"dedicated":[{{"name":"main"}}]}},)"
                     R"("accounts":[{}],{}"pack":"{}","switch":{{"command":["hook"],"timeout":"{}"}}}})",
                     knobs.cooldown, knobs.unknown_reset, knobs.accounts,
                     knobs.accounts.empty() ? "" : R"("active_account":"a",)", knobs.pack, knobs.hook_timeout);
}

rc::Gen<Milliseconds> any_duration() {
  return rc::gen::map(rc::gen::pair(any_gap(), any_jitter()),
                      [](const auto& drawn) { return std::max(drawn.first + drawn.second, Milliseconds{0}); });
}

template <typename Made, typename Part>
rc::Gen<Action> action_of(rc::Gen<Part> part) {
  return rc::gen::map(std::move(part), [](Part drawn) { return Action{Made{std::move(drawn)}}; });
}

rc::Gen<Action> any_show(const std::vector<Lines>& screens) {
  return rc::gen::map(rc::gen::pair(one_of(sessions), one_of(screens)), [](const auto& drawn) {
    return Action{ShowScreen{drawn.first, 80, 24, drawn.second}};
  });
}

rc::Gen<Action> any_failure() {
  return rc::gen::map(one_of(sessions), [](const auto& name) { return Action{FailCaptures{name, "timed out"}}; });
}

rc::Gen<Action> any_link() {
  return rc::gen::map(rc::gen::pair(one_of(sessions), one_of(sessions)), [](const auto& drawn) {
    return Action{LinkSession{drawn.first, drawn.second}};
  });
}

rc::Gen<Action> any_server(bool slow) {
  using Mode = TmuxFault::Mode;
  std::vector<TmuxFault> faults{{Mode::up, {}}, {Mode::up, {}}, {Mode::down, {}}, {Mode::garbled, {}}};
  if (slow) {
    for (const auto delay : {seconds{2}, seconds{5}, seconds{6}}) {
      faults.push_back({Mode::slow, delay});
    }
  }
  return action_of<SetServer>(one_of(faults));
}

rc::Gen<Action> any_switcher() {
  using Kind = SwitcherOutcome::Kind;
  return rc::gen::map(
      rc::gen::pair(one_of<Kind>({Kind::ok, Kind::ok, Kind::fail, Kind::hang}), any_duration()), [](const auto& drawn) {
        const auto [kind, delay] = drawn;
        const bool failed = kind == Kind::fail;
        return Action{SetSwitcher{{kind, kind == Kind::ok ? delay : Milliseconds{0}, failed ? "exit status 1" : ""}}};
      });
}

rc::Gen<Action> any_clock_step() {
  return rc::gen::map(rc::gen::pair(any_duration(), one_of<int>({1, -1})),
                      [](const auto& drawn) { return Action{StepClock{drawn.first * drawn.second}}; });
}

rc::Gen<Action> any_kill() {
  return rc::gen::map(
      rc::gen::tuple(one_of<FailStep>({FailStep::save, FailStep::write, FailStep::start, FailStep::report}),
                     one_of<bool>({false, true}), one_of<std::size_t>({0, 1, 2, 5})),
      [](const auto& drawn) {
        const auto [step, after, passed_over] = drawn;
        return Action{Crash{{step, after || step == FailStep::report, passed_over}}};
      });
}

std::vector<std::string> accounts_of(const Knobs& knobs) {
  std::vector<std::string> names;
  for (const std::string name : {"b", "a", "c"}) {
    if (knobs.accounts.find('"' + name + '"') != std::string::npos) names.push_back(name);
  }
  return names;
}

rc::Gen<Action> any_command(const std::vector<std::string>& accounts) {
  using Kind = AccountCommand::Kind;
  return rc::gen::map(rc::gen::pair(one_of<Kind>({Kind::free, Kind::use}), one_of(accounts)), [](const auto& drawn) {
    return Action{AccountCommand{drawn.first, drawn.second}};
  });
}

rc::Gen<Action> any_action(const Happenings& may, const Knobs& knobs) {
  const auto screens = screens_of(knobs.pack, may.hits);
  const auto accounts = accounts_of(knobs);
  std::vector<std::pair<std::size_t, rc::Gen<Action>>> kinds{{10, any_show(screens)},
                                                             {1, action_of<RemoveSession>(one_of(sessions))}};
  const auto add = [&](bool allowed, std::size_t weight, rc::Gen<Action> kind) {
    if (allowed) kinds.emplace_back(weight, std::move(kind));
  };
  add(may.hits, 3, any_switcher());
  if (!accounts.empty()) add(may.commands, 1, any_command(accounts));
  add(may.shared_panes, 1, any_link());
  add(may.failed_captures, 1, any_failure());
  add(may.failed_captures, 1, action_of<EndProgram>(one_of(sessions)));
  add(may.failed_captures, 2, any_server(may.slow_tmux));
  add(may.clock_steps, 1, any_clock_step());
  add(may.restarts, 2, action_of<Restart>(any_duration()));
  add(may.stalls, 1, action_of<Stall>(any_duration()));
  add(may.kills, 4, any_kill());
  add(may.damage, 1,
      action_of<DamageState>(one_of<StateDamage>({StateDamage::torn, StateDamage::old, StateDamage::lost})));
  add(may.full_disks, 2, action_of<SetDisk>(one_of<bool>({false, true})));
  std::vector<rc::Gen<Action>> weighted;
  for (const auto& [weight, kind] : kinds) weighted.insert(weighted.end(), weight, kind);
  return rc::gen::join(rc::gen::elementOf(std::move(weighted)));
}

rc::Gen<PlayStep> any_step(const Happenings& may, const Knobs& knobs) {
  return rc::gen::map(rc::gen::tuple(any_gap(), any_jitter(), any_action(may, knobs)), [](const auto& drawn) {
    return PlayStep{std::get<0>(drawn), std::get<1>(drawn), std::get<2>(drawn)};
  });
}

}  // namespace

rc::Gen<Milliseconds> any_gap() {
  const std::vector<Milliseconds> boundaries{seconds{30},  seconds{0},  seconds{30},  seconds{60},      seconds{90},
                                             seconds{120}, seconds{45}, seconds{150}, seconds{5},       seconds{120},
                                             seconds{30},  seconds{60}, minutes{10},  seconds{600 - 30}};
  auto anywhere = rc::gen::map(rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, 1'200'000)),
                               [](std::int64_t count) { return Milliseconds{count}; });
  const auto near = one_of(boundaries);
  return rc::gen::oneOf(near, near, near, near, near, near, near, near, near, anywhere);
}

rc::Gen<Milliseconds> any_jitter() {
  return one_of<Milliseconds>(
      {milliseconds{0}, milliseconds{0}, milliseconds{0}, milliseconds{0}, milliseconds{-1}, milliseconds{1}});
}

rc::Gen<Play> any_play(const Happenings& happenings) {
  return rc::gen::mapcat(any_knobs(), [happenings](const Knobs& knobs) {
    constexpr double steps_a_size = 0.3;
    auto steps = rc::gen::scale(steps_a_size, rc::gen::container<std::vector<PlayStep>>(any_step(happenings, knobs)));
    return rc::gen::map(rc::gen::pair(std::move(steps), any_gap()), [knobs](auto drawn) {
      return Play{config_of(knobs), std::move(drawn.first), drawn.second + minutes{5}};
    });
  });
}

}  // namespace quotawatch::tests
