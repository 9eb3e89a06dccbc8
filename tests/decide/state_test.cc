// The state in its file format.
#include "quotawatch/state.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "quotawatch/group_states.h"
#include "tests/monitor/moments.h"
#include "tests/support.h"

namespace quotawatch {
namespace {

using tests::fails;

State full_state() {
  State state;
  state.active_account = "b";
  state.activation_order = {"a", "b"};
  state.limited_until = {{"a", at("2026-11-23T20:00:00.5Z")}, {"", at("2026-11-23T21:00:00Z")}};
  state.last_switch = DoneSwitch{"id-1", "a", "b", at("2026-11-23T19:00:00Z"), at("2026-11-23T20:00:00.5Z")};
  state.in_flight =
      SwitchRequest{"id-2", "b", "a", "main", "8pm", at("2026-11-23T20:00:00Z"), at("2026-11-23T19:30:00Z")};
  state.switches_asked = 2;
  state.exhaustion_reported = true;
  const ConversationTrace tail{{3, 4, 5}, false, false};
  state.sessions["main"] = {Sighting{{{1, 2}, tail}, at("2026-11-23T19:29:00Z"), "id-1", true},
                            Occurrence{{3, 4}, tail}, Occurrence{{5, 6}, {{6}, true, false}}, true};
  state.sessions["side"] = {std::nullopt, std::nullopt, Occurrence{{7, 8}, {{7}, true, true}}, false};
  return state;
}

// Valid UTF-8, otherwise arbitrary.
rc::Gen<std::string> any_name() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
          "a", "é", "漢", " ", "\n", "\"", "\\", "/", "~", std::string(1, '\0'), "\x1b", "0", "\u202e")),
      [](const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "")); });
}

WallTime any_time() {
  return WallTime{Milliseconds{*rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000),
                                               rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000))}};
}

Fingerprint any_fingerprint() { return {*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()}; }

Occurrence any_occurrence() {
  ConversationTrace trace;
  trace.parts = *rc::gen::container<std::vector<std::uint64_t>>(
      *rc::gen::inRange<std::size_t>(0, ConversationTrace::most_parts + 1), rc::gen::arbitrary<std::uint64_t>());
  trace.block = *rc::gen::arbitrary<bool>();
  trace.whole = trace.block || *rc::gen::arbitrary<bool>();
  return {any_fingerprint(), trace};
}

template <typename Make>
auto maybe(Make make) -> std::optional<decltype(make())> {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return make();
}

State any_state() {
  State state;
  state.active_account = *any_name();
  state.activation_order = *rc::gen::container<std::vector<std::string>>(any_name());
  for (const auto& name : *rc::gen::container<std::vector<std::string>>(any_name())) {
    state.limited_until[name] = any_time();
  }
  state.last_switch = maybe([] {
    return DoneSwitch{*any_name(), *any_name(), *any_name(), any_time(), maybe(any_time)};
  });
  state.in_flight = maybe([] {
    return SwitchRequest{"i" + *any_name(), *any_name(),     *any_name(), *any_name(),
                         *any_name(),       maybe(any_time), any_time()};
  });
  state.switches_asked = *rc::gen::inRange<std::uint64_t>(0, INT64_MAX);
  state.exhaustion_reported = *rc::gen::arbitrary<bool>();
  for (const auto& name : *rc::gen::container<std::vector<std::string>>(any_name())) {
    state.sessions[name] = {maybe([] {
                              return Sighting{any_occurrence(), any_time(), *any_name(), *rc::gen::arbitrary<bool>()};
                            }),
                            maybe(any_occurrence), maybe(any_occurrence), *rc::gen::arbitrary<bool>()};
  }
  return state;
}

RC_GTEST_PROP(StateProperty, IsReadBackAsItWasSaved, ()) {
  const State state = any_state();
  RC_ASSERT(same_saved(parse_state(to_json(state), "state"), state));
}

TEST(StateText, OfFormat1IsReadAndItsConversationsMatchAny) {
  auto json = nlohmann::json::parse(to_json(full_state()));
  json["quotawatch_state"] = 1;
  auto& main = json["sessions"]["main"];
  main.erase("conversation");
  main.erase("seen_coming");
  main["shown_at_request"] = std::string(32, '1');
  main["shown_at_switch"] = std::string(32, '2');
  json["sessions"]["side"] = {{"shown_at_switch", std::string(32, '3')}};
  const State state = parse_state(json.dump(), "state");
  const SessionMemory& memory = state.sessions.at("main");
  const Occurrence unknown{{1, 2}, ConversationTrace::unknown()};
  EXPECT_EQ(memory.sighting->what, unknown);
  EXPECT_EQ(memory.shown_at_request, unknown);
  EXPECT_EQ(memory.shown_at_switch, unknown);
  EXPECT_FALSE(state.sessions.at("side").shown_at_switch) << "it showed no message";
  EXPECT_TRUE(is_same(ConversationTrace::unknown(), {{7, 8, 9}, true, false}));
}

TEST(StateText, HoldsTheWindowsForWhichAnAccountWasLeft) {
  State state = full_state();
  KnownUse use{std::chrono::hours{5}, 97, at("2026-11-23T20:00:00Z"), at("2026-11-23T19:00:00Z"), {}};
  use.left_until = {at("2026-11-23T20:00:00Z"), at("2026-11-23T21:00:00Z")};
  state.use["a"] = {use};
  EXPECT_EQ(parse_state(to_json(state), "state").use, state.use);
  auto older = nlohmann::json::parse(to_json(state));
  older["use"]["a"][0].erase("left_until");
  older["use"]["a"][0]["left"] = true;
  use.left_until.erase(at("2026-11-23T21:00:00Z"));
  EXPECT_EQ(parse_state(older.dump(), "state").use.at("a").front(), use);
}

TEST(StateText, KeepsNothingOfTheRun) {
  State state = full_state();
  const std::string text = to_json(state);
  state.run.suspicion = Suspicion{SteadyTime{}, true};
  state.run.cooldown_since = SteadyTime{};
  state.run.retry_at = SteadyTime{};
  state.run.failures_in_a_row = 7;
  EXPECT_EQ(to_json(state), text);
  EXPECT_TRUE(same_saved(state, full_state()));
  EXPECT_FALSE(parse_state(text, "state").run.suspicion);
}

TEST(StateText, HoldsNoWordOfAnyPane) {
  EXPECT_EQ(to_json(full_state()).find("limit\""), std::string::npos);
  EXPECT_NE(to_json(full_state()).find("\"message\": \"00000000000000010000000000000002\""), std::string::npos);
}

TEST(StateText, MendsNamesThatAreNotUtf8) {
  State state;
  state.active_account = "caf\xc3";
  EXPECT_EQ(parse_state(to_json(state), "state").active_account, "caf\uFFFD");
}

TEST(SameSaved, SeesEveryField) {
  const std::vector<void (*)(State&)> changes{
      [](State& s) { s.active_account = "x"; },
      [](State& s) { s.activation_order.pop_back(); },
      [](State& s) { s.limited_until["a"] += Milliseconds{1}; },
      [](State& s) { s.last_switch.reset(); },
      [](State& s) { s.last_switch->reset_at.reset(); },
      [](State& s) { s.in_flight->reset_at.reset(); },
      [](State& s) { s.in_flight->to = "x"; },
      [](State& s) { ++s.switches_asked; },
      [](State& s) { s.exhaustion_reported = false; },
      [](State& s) { s.sessions["main"].sighting->first_seen += Milliseconds{1}; },
      [](State& s) { s.sessions["main"].sighting->during_switch = ""; },
      [](State& s) { s.sessions["main"].sighting->seen_coming = false; },
      [](State& s) { s.sessions["main"].sighting->what.conversation.whole = true; },
      [](State& s) { s.sessions["main"].sighting->what.conversation.parts.pop_back(); },
      [](State& s) { s.sessions["main"].shown_at_request.reset(); },
      [](State& s) { s.sessions["main"].shown_at_switch.reset(); },
      [](State& s) { s.sessions["main"].stale_reported = false; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    State state = full_state();
    changes[i](state);
    EXPECT_FALSE(same_saved(state, full_state())) << i;
    EXPECT_FALSE(same_saved(parse_state(to_json(state), "state"), full_state())) << i;
  }
}

// Requirements of the file.

TEST(StateErrors, ATextThatIsCutAnywhereIsRefused) {
  const std::string text = to_json(full_state());
  ASSERT_EQ(text.back(), '\n');
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_THROW(parse_state(text.substr(0, size), "state"), InputError) << size;
  }
  EXPECT_NO_THROW(parse_state(text.substr(0, text.size() - 1), "state"));
}

TEST(StateErrors, EveryRequiredKeyIsMissed) {
  const auto whole = nlohmann::ordered_json::parse(to_json(full_state()));
  for (const char* key : {"quotawatch_state", "active_account", "activation_order", "limited_until", "switches_asked",
                          "exhaustion_reported", "sessions"}) {
    auto without = whole;
    without.erase(key);
    EXPECT_TRUE(fails([&] { parse_state(without.dump(), "state"); }, 1, fmt::format("the key \"{}\" is missing", key)));
  }
  for (const auto& [object, keys] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"last_switch", {"id", "from", "to", "done_at"}},
           {"in_flight", {"id", "from", "to", "session", "reset_text", "asked_at"}}}) {
    for (const auto& key : keys) {
      auto without = whole;
      without[object].erase(key);
      EXPECT_TRUE(fails([&] { parse_state(without.dump(), "state"); }, 1,
                        fmt::format("{}: the key \"{}\" is missing", object, key)));
    }
  }
}

TEST(StateErrors, UnknownKeysAreRefusedAtEveryLevel) {
  for (const char* place : {"", "/last_switch", "/in_flight", "/sessions/main"}) {
    auto json = nlohmann::json::parse(to_json(full_state()));
    json.at(nlohmann::json::json_pointer(place))["surprise"] = 1;
    EXPECT_TRUE(fails([&] { parse_state(json.dump(), "state"); }, 1, "surprise: unknown key")) << place;
  }
}

TEST(StateErrors, EveryValueHasItsTypeAndRange) {
  const std::vector<std::pair<std::string, nlohmann::json>> wrongs{
      {"/quotawatch_state", 5},
      {"/quotawatch_state", "1"},
      {"/active_account", nullptr},
      {"/activation_order", "a"},
      {"/activation_order/0", 1},
      {"/limited_until", nlohmann::json::array()},
      {"/limited_until/a", "8pm"},
      {"/limited_until/a", 1'700'000'000},
      {"/last_switch", "id-1"},
      {"/last_switch/done_at", "2026-02-30T00:00:00Z"},
      {"/in_flight", nullptr},
      {"/in_flight/id", ""},
      {"/in_flight/reset_at", ""},
      {"/in_flight/asked_at", nullptr},
      {"/switches_asked", -1},
      {"/switches_asked", 1.5},
      {"/switches_asked", 18446744073709551615ULL},
      {"/exhaustion_reported", 1},
      {"/sessions", nlohmann::json::array()},
      {"/sessions/main", nullptr},
      {"/sessions/main/message", "0123"},
      {"/sessions/main/first_seen", nullptr},
      {"/sessions/main/during_switch", 1},
      {"/sessions/main/conversation", nullptr},
      {"/sessions/main/conversation", ""},
      {"/sessions/main/conversation", "part 0123456789abcdef"},
      {"/sessions/main/conversation", "tail 0123456789abcde"},
      {"/sessions/main/conversation", "tail 0123456789abcdef0"},
      {"/sessions/main/conversation", "tail0123456789abcdef"},
      {"/sessions/main/seen_coming", 1},
      {"/sessions/main/shown_at_request", "tail 0123456789abcdef"},
      {"/sessions/main/shown_at_request/message", "0123"},
      {"/sessions/main/shown_at_request/conversation", "tail " + std::string(16, 'g')},
      {"/sessions/main/shown_at_switch", 5},
      {"/sessions/main/stale_reported", "true"},
  };
  for (const auto& [place, value] : wrongs) {
    auto json = nlohmann::json::parse(to_json(full_state()));
    json.at(nlohmann::json::json_pointer(place)) = value;
    EXPECT_THROW(parse_state(json.dump(), "state"), InputError) << place << " " << value;
  }
}

TEST(StateErrors, AStateOfANewerVersionIsNotDamaged) {
  auto json = nlohmann::json::parse(to_json(full_state()));
  json["quotawatch_state"] = 5;
  json["something_new"] = {1, 2, 3};
  EXPECT_THROW(parse_state(json.dump(), "state"), NewerStateError);
  json["quotawatch_state"] = 0;
  EXPECT_TRUE(fails([&] { parse_state(json.dump(), "state"); }, 1, "quotawatch_state: should be"));
}

TEST(StateErrors, NameTheLine) {
  std::string text = to_json(full_state());
  text.replace(text.find("\"b\""), 3, "5");
  EXPECT_TRUE(fails([&] { parse_state(text, "state"); }, 3, "active_account: should be a text"));
}

TEST(StateErrors, WhatIsNoTextIsRefused) {
  EXPECT_TRUE(fails([] { parse_state(std::string("{\0}", 3), "state"); }, 1, "NUL"));
  EXPECT_TRUE(fails([] { parse_state("{\n\"\xff", "state"); }, 2, "0xff"));
  EXPECT_TRUE(fails([] { parse_state(std::string(100'000, '['), "state"); }, 1, "nested deeper"));
  EXPECT_TRUE(fails([] { parse_state("[]", "state"); }, 1, "an object"));
}

RC_GTEST_PROP(StateProperty, DamageIsReadOrRefused, ()) {
  std::string text = to_json(full_state());
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    const auto place = *rc::gen::inRange<std::size_t>(0, text.size());
    text[place] = *rc::gen::arbitrary<char>();
  }
  try {
    const State state = parse_state(text, "state");
    RC_ASSERT(same_saved(parse_state(to_json(state), "state"), state));
  } catch (const InputError& error) {
    RC_ASSERT(error.line() > 0U);
  }
}

// A second agent in its session gives a pane another name, and all that is remembered goes with it.
TEST(RenameSessions, TakesAllThatIsRememberedAlong) {
  State state;
  state.sessions["main"].stale_reported = true;
  state.sessions["main:0.1"].stopped_at_switch = true;
  state.programs["main"].account = "a";
  state.resumptions["main"].attempts = 2;
  state.run.resumed_at["main"] = SteadyTime{Milliseconds{7}};
  state.run.last_looks["main"] = {};
  state.run.hits = {"other", "main"};
  rename_sessions(state, {{"main", "main:0.1"}, {"main:0.1", "main"}});
  EXPECT_TRUE(state.sessions.at("main:0.1").stale_reported);
  EXPECT_TRUE(state.sessions.at("main").stopped_at_switch);
  EXPECT_FALSE(state.programs.contains("main"));
  EXPECT_EQ(state.programs.at("main:0.1").account, "a");
  EXPECT_FALSE(state.resumptions.contains("main"));
  EXPECT_EQ(state.resumptions.at("main:0.1").attempts, 2);
  EXPECT_EQ(state.run.resumed_at.count("main:0.1"), 1U);
  EXPECT_EQ(state.run.last_looks.count("main:0.1"), 1U);
  EXPECT_EQ(state.run.hits, (std::vector<std::string>{"other", "main:0.1"}));
}

TEST(GroupStates, AreStoredUnderTheirNamesAndReadAgain) {
  State saved;
  saved.active_account = "a";
  State codex;
  codex.active_account = "work";
  codex.limited_until["spare"] = at("2026-11-23T20:00:00Z");
  set_state_of_group(saved, "codex", codex);
  EXPECT_NE(to_json(saved).find("\"quotawatch_state\": 4"), std::string::npos);
  const State again = parse_state(to_json(saved), "state.json");
  EXPECT_TRUE(same_saved(again, saved));
  const auto found = state_of_group(again, "codex");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->group, "codex");
  EXPECT_EQ(found->limited_until, codex.limited_until);
  EXPECT_FALSE(state_of_group(again, "claude"));
  EXPECT_EQ(state_of_group(again, "default")->active_account, "a");
  EXPECT_TRUE(state_of_group(again, "default")->groups.empty());
}

TEST(GroupStates, AStateFromBeforeThereWereGroupsIsThatOfDefault) {
  State old;
  old.active_account = "b";
  const std::string text = to_json(old);
  EXPECT_NE(text.find("\"quotawatch_state\": 3"), std::string::npos) << "older programs go on reading it";
  EXPECT_EQ(state_of_group(parse_state(text, "state.json"), "default")->active_account, "b");
}

TEST(GroupStates, OfOthersStayWhenOneIsReplaced) {
  State saved;
  set_state_of_group(saved, "one", {});
  set_state_of_group(saved, "two", {});
  State top;
  top.active_account = "z";
  set_state_of_group(saved, "default", top);
  EXPECT_EQ(saved.active_account, "z");
  EXPECT_EQ(saved.groups.size(), 2U);
}

}  // namespace
}  // namespace quotawatch
