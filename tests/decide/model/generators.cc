#include "generators.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/decide/scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Screen with(Screen screen, Verdict verdict, std::string text) {
  screen.verdict = verdict;
  screen.text = std::move(text);
  return screen;
}

Screen within(Milliseconds window, Screen screen) {
  screen.window = window;
  return screen;
}

Screen impossible() {
  Screen screen = hit("resets 13pm");
  screen.reset_text = "13pm";
  return screen;
}

std::vector<Screen> all_screens() {
  return {
      showing("at work"),
      showing("idle"),
      hiding(),
      hiding(Context::start),
      hit("limit"),
      with(hit("limit"), Verdict::exhausted, "limit, and a line more"),
      hit("another limit"),
      impossible(),
      with(hit("slow down"), Verdict::throttled, "slow down"),
      with(hit_for(minutes{2}, "slow down for 2 minutes"), Verdict::throttled, "slow down 2"),
      with(hit("near the limit"), Verdict::warning, "near the limit"),
      hit_for(minutes{10}, "for 10 minutes"),
      hit_for(minutes{45}, "for 45 minutes"),
      with(hit_for(minutes{45}, "for 45 minutes"), Verdict::exhausted, "for 45 minutes, more"),
      hit_until(hours{12} + minutes{30}, "until half past noon"),
      hit_until(hours{14}, "until 2 pm"),
      hit_until(minutes{0}, "until midnight"),
      within(hours{5}, hit_until(hours{17} + minutes{31}, "until 5:31 pm, 5 h at most")),
      within(hours{1}, hit_for(minutes{90}, "for 90 minutes, 1 h at most")),
      within(hours{1}, hit_for(minutes{90} + ms, "for longer, 1 h at most")),
      within(hours{5}, hit_until(hours{12} + minutes{10}, "until ten past noon, 5 h at most")),
      with(hit_until(hours{12} + minutes{10}, "until ten past noon"), Verdict::exhausted, "again"),
      in_other_words(hit_until(hours{14}, "until 2 pm, in other words")),
      in_other_words(hit_for(minutes{45}, "for 45 minutes, in other words")),
      plain(hit_until(hours{12} + minutes{30}, "until half past noon")),
      plain(with(hit("limit"), Verdict::exhausted, "limit, and a spinner")),
      plain(hit("limit")),
      plain(showing("at work")),
      server_error(),
      server_error("limit"),
      with(hit_for(minutes{45}, "for 45 minutes"), Verdict::server_error, "500, for 45 minutes"),
  };
}

// When a program was started that is seen now and was not before: often not known, and never within the
// time in which two starts are taken for the same.
std::optional<WallTime> any_start(std::optional<WallTime> after, WallTime now, const std::vector<WallTime>& near) {
  if (*rc::gen::weightedElement<bool>({{3, false}, {1, true}})) return std::nullopt;
  WallTime started = now - *rc::gen::element<Milliseconds>(Milliseconds{0}, seconds{10}, seconds{40}, minutes{5},
                                                           minutes{11}, hours{3});
  if (!near.empty() && *rc::gen::arbitrary<bool>()) {
    started = std::min(now, *rc::gen::elementOf(near) + *rc::gen::element(Milliseconds{0}, -ms, ms));
  }
  return after && started <= *after + seconds{3} ? std::nullopt : std::optional(started);
}

// Another program in the same pane, or the same, of which the start gets known.
void change_program(Pane& pane, WallTime now, const std::vector<WallTime>& near) {
  if (!*rc::gen::weightedElement<bool>({{14, false}, {1, true}})) return;
  if (const auto started = any_start(pane.started, now, near)) pane.started = started;
}

// A refusal only of what the screen shows, too: what only the record knows, its reset included, the simulation tries.
rc::Gen<Pane::Record> any_record(const Screen& screen) {
  using Record = Pane::Record;
  if (screen.verdict != Verdict::exhausted) {
    return rc::gen::weightedElement<Record>({{6, Record::none}, {1, Record::fine}, {1, Record::under_way}});
  }
  if (screen.context != Context::conversation) {
    return rc::gen::weightedElement<Record>({{6, Record::none}, {1, Record::fine}, {1, Record::silent}});
  }
  return rc::gen::weightedElement<Record>(
      {{6, Record::none}, {1, Record::fine}, {1, Record::under_way}, {1, Record::silent}, {1, Record::refused}});
}

// Now and then a record speaks of the account's use.
void change_use(Pane& pane, WallTime now) {
  if (*rc::gen::weightedElement<bool>({{3, false}, {2, true}})) return;
  pane.used_percent = *rc::gen::element(40, 79, 80, 85, 90, 94, 95, 100);
  const auto until = *rc::gen::element<Milliseconds>(Milliseconds{0}, minutes{1}, hours{1}, hours{4});
  pane.use_resets = until == Milliseconds{0} ? std::nullopt : std::optional(now + until);
  pane.used_at = now - *rc::gen::element<Milliseconds>(Milliseconds{0}, Milliseconds{0}, minutes{1}, cooldown,
                                                       cooldown + ms, hours{3});
}

}  // namespace

rc::Gen<DecisionRules> any_rules() {
  return rc::gen::exec([] {
    DecisionRules rules = usual_rules();
    rules.accounts = *rc::gen::element(std::vector<std::string>{}, std::vector<std::string>{"a"},
                                       std::vector<std::string>{"a", "b"}, std::vector<std::string>{"b", "c", "a"});
    rules.quota.switch_at.value = *rc::gen::element(0, 95, 90, 50, 0);
    rules.order = *rc::gen::element(AccountOrder::least_recent, AccountOrder::drain);
    for (const auto& account : rules.accounts) {
      if (*rc::gen::weightedElement<bool>({{3, false}, {1, true}})) rules.reserve.push_back(account);
    }
    rules.reaches = *rc::gen::element(SwitchReach::running, SwitchReach::restarted);
    rules.quota.pool_threshold = *rc::gen::element(1, 2, 3);
    rules.quota.interactive_threshold = *rc::gen::element(1, 2);
    rules.quota.count_throttled = *rc::gen::arbitrary<bool>();
    rules.quota.count_unknown_wording = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    rules.quota.lone_after = *rc::gen::element<Milliseconds>(minutes{10}, minutes{1}, Milliseconds{0});
    rules.quota.unknown_reset = *rc::gen::element<Milliseconds>(hours{1}, minutes{10}, seconds{30});
    return rules;
  });
}

rc::Gen<Screen> any_screen() { return rc::gen::elementOf(all_screens()); }

std::vector<Pane> empty_fleet() {
  std::vector<Pane> panes;
  for (const char* name : {"pool-1", "pool-2", "pool-3"}) panes.push_back({name, true, {}, {}});
  for (const char* name : {"main", "side"}) panes.push_back({name, false, {}, {}});
  return panes;
}

rc::Gen<std::vector<Pane>> next_panes(const std::vector<Pane>& panes, WallTime now,
                                      const std::vector<WallTime>& switch_times) {
  return rc::gen::exec([panes, now, switch_times] {
    std::vector<Pane> next = panes;
    for (auto& pane : next) {
      pane.went_on = false;
      const bool ran = pane.kind == Pane::Kind::screen || pane.kind == Pane::Kind::failed;
      // The alternatives are in the order in which a case is simplified.
      const int change = *rc::gen::weightedElement<int>({{24, 0}, {15, 1}, {3, 2}, {3, 3}, {1, 4}});
      if (change == 1) {
        const std::string before = pane.screen.text;
        pane.kind = Pane::Kind::screen;
        pane.screen = *any_screen();
        pane.went_on = pane.screen.text != before && *rc::gen::arbitrary<bool>();
        pane.record = *any_record(pane.screen);
        pane.shared = *rc::gen::weightedElement<bool>({{9, false}, {1, true}});
      } else if (change > 1) {
        constexpr std::array kinds{Pane::Kind::failed, Pane::Kind::absent, Pane::Kind::ended};
        pane.kind = kinds.at(static_cast<std::size_t>(change - 2));
      }
      if (pane.kind != Pane::Kind::screen) continue;
      if (pane.record != Pane::Record::none) change_use(pane, now);
      if (ran) change_program(pane, now, switch_times);
      if (!ran) pane.started = any_start(std::nullopt, now, switch_times);
    }
    return next;
  });
}

rc::Gen<Milliseconds> any_gap(const std::vector<Milliseconds>& boundaries) {
  const std::vector<Milliseconds> usual{seconds{30},  seconds{60},  seconds{90}, seconds{120},
                                        seconds{570}, seconds{599}, cooldown,    seconds{601}};
  return rc::gen::exec([usual, boundaries] {
    const int kind = *rc::gen::element(0, 0, 1, 1, 2);
    if (kind == 2) return Milliseconds{*rc::gen::inRange(1, 1'200'000)};
    const auto& near = kind == 1 && !boundaries.empty() ? boundaries : usual;
    return *rc::gen::elementOf(near) + *rc::gen::element(Milliseconds{0}, -ms, ms);
  });
}

rc::Gen<Milliseconds> any_wall_step() {
  return rc::gen::weightedElement<Milliseconds>(
      {{40, Milliseconds{0}}, {1, ms}, {1, -ms}, {1, minutes{11}}, {1, -minutes{11}}, {1, hours{2}}, {1, -hours{2}}});
}

}  // namespace quotawatch::tests
