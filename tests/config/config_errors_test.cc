// What the config reader refuses: each with its line, its key, and the remedy.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quotawatch/config.h"
#include "quotawatch/event.h"
#include "tests/support.h"

namespace quotawatch {
namespace {

using tests::fails;

// True if a config with `text` on its third line is refused there.
testing::AssertionResult refused(const std::string& text, std::string_view part) {
  return fails([&] { parse_config("{\n\n" + text + "}", "file"); }, 3, part);
}

TEST(ConfigErrors, TheRecorderHasItsLimits) {
  const auto config = parse_config(R"({"recorder":{"keep":"5m","max_bytes":0}})", "file");
  EXPECT_EQ(config.recorder_keep, std::chrono::minutes{5});
  EXPECT_EQ(config.recorder_max_bytes, 0U);
  EXPECT_EQ(parse_config("{}", "file").recorder_max_bytes, 1048576U);
  EXPECT_TRUE(refused(R"("recorder": {"keep": 5})", "recorder.keep: should be"));
  EXPECT_TRUE(refused(R"("recorder": {"max_bytes": -1})", "should be a whole number from 0 to"));
  EXPECT_TRUE(refused(R"("recorder": {"bytes": 1})", "recorder.bytes: unknown key"));
}

TEST(ConfigErrors, UnknownKeysAtEveryLevelNameTheNearest) {
  EXPECT_TRUE(refused(R"("quotas": {})", "quotas: unknown key; did you mean \"quota\"?"));
  EXPECT_TRUE(refused(R"("Pool": {})", "did you mean \"pool\"?"));
  EXPECT_TRUE(refused(R"("quota": {"pol_interval": "30s"})",
                      "quota.pol_interval: unknown key; did you mean \"poll_interval\"?"));
  EXPECT_TRUE(refused(R"("quota": {"cooldown": "30s"})",
                      "known are: poll_interval, "
                      "reactivate_cooldown, pool_threshold, interactive_threshold, "
                      "count_throttled, count_model_limits, count_unknown_wording, unknown_reset"));
  EXPECT_TRUE(refused(R"("pool": {"autonomus": {}})", "did you mean \"autonomous\"?"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"start": 1}})",
                      "pool.autonomous.start: unknown key; known are: prefix, start_index, max"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"start_indx": 1}})", "did you mean \"start_index\"?"));
  EXPECT_TRUE(refused(R"("pool": {"dedicated": [{"name": "a", "nam": "b"}]})",
                      "pool.dedicated[0].nam: unknown key; did you mean \"name\"?"));
  EXPECT_TRUE(refused(R"("accounts": [{"nme": "a"}])", "accounts[0].nme: unknown key"));
  EXPECT_TRUE(refused(R"("tmux": {"socket": "a"})", "tmux.socket: unknown key"));
  EXPECT_TRUE(refused(R"("switch": {"comand": []})", "did you mean \"command\"?"));
  EXPECT_TRUE(refused(R"("events": {"onn": []})", "events.onn: unknown key"));
  EXPECT_TRUE(refused(R"("state": {"file": "a"})", "state.file: unknown key; known are: path"));
  EXPECT_TRUE(refused(R"("timezon": "UTC")", "timezon: unknown key; did you mean \"timezone\"?"));
  EXPECT_TRUE(refused(R"("jurnal": {})", "jurnal: unknown key; did you mean \"journal\"?"));
  EXPECT_TRUE(refused(R"("journal": {"max_byte": 1})", "did you mean \"max_bytes\"?"));
}

constexpr const char* list = "should be a list in [ ]";
constexpr const char* want_text = "should be a text in quotes";
constexpr const char* want_object = "should be an object in { }";
constexpr const char* want_duration = "should be a duration";
constexpr const char* number = "should be a whole number";

TEST(ConfigErrors, EveryKeyOfQuotaAndPoolHasItsType) {
  const std::vector<std::pair<std::string, std::string>> keys{
      {R"("quota": 1)", want_object},
      {R"("quota": {"poll_interval": 30})", want_duration},
      {R"("quota": {"reactivate_cooldown": 600})", want_duration},
      {R"("quota": {"unknown_reset": null})", want_duration},
      {R"("quota": {"pool_threshold": "2"})", number},
      {R"("quota": {"pool_threshold": 2.0})", number},
      {R"("quota": {"interactive_threshold": true})", number},
      {R"("quota": {"count_throttled": 1})", "should be true or false"},
      {R"("pool": [])", want_object},
      {R"("pool": {"autonomous": []})", want_object},
      {R"("pool": {"autonomous": {"prefix": 1}})", want_text},
      {R"("pool": {"autonomous": {"start_index": "1"}})", number},
      {R"("pool": {"autonomous": {"max": "8"}})", number},
      {R"("pool": {"dedicated": {"name": "main"}})", list},
      {R"("pool": {"dedicated": ["main"]})", R"(should be {"name": "main"})"},
      {R"("pool": {"dedicated": [{"name": 1}]})", want_text},
  };
  for (const auto& [key, wanted] : keys) EXPECT_TRUE(refused(key, wanted)) << key;
}

TEST(ConfigErrors, EveryOtherKeyHasItsType) {
  const std::vector<std::pair<std::string, std::string>> keys{
      {R"("accounts": {"name": "a"})", list},
      {R"("accounts": ["a"])", R"(should be {"name": "a"})"},
      {R"("accounts": [1])", want_object},
      {R"("accounts": [{"name": null}])", want_text},
      {R"("active_account": 1)", want_text},
      {R"("pack": {})", want_text},
      {R"("tmux": "default")", want_object},
      {R"("tmux": {"socket_name": 1})", want_text},
      {R"("tmux": {"timeout": 5})", want_duration},
      {R"("switch": "command")", want_object},
      {R"("switch": {"command": "run me"})", list},
      {R"("switch": {"command": ["run", 1]})", want_text},
      {R"("switch": {"timeout": 120})", want_duration},
      {R"("events": ["notify"])", want_object},
      {R"("events": {"command": "notify me"})", list},
      {R"("events": {"command": [1]})", want_text},
      {R"("events": {"on": "reset"})", list},
      {R"("events": {"on": [1]})", want_text},
      {R"("events": {"timeout": 30})", want_duration},
      {R"("state": "state.json")", want_object},
      {R"("state": {"path": false})", want_text},
      {R"("journal": "journal.jsonl")", want_object},
      {R"("journal": {"path": 1})", want_text},
      {R"("journal": {"max_bytes": "64M"})", number},
      {R"("journal": {"keep": 1.0})", number},
  };
  for (const auto& [key, wanted] : keys) EXPECT_TRUE(refused(key, wanted)) << key;
  EXPECT_TRUE(fails([] { parse_config("[]", "file"); }, 1, want_object));
}

TEST(ConfigErrors, ImpossibleDurations) {
  for (const char* place : {R"("quota": {"poll_interval": %})", R"("quota": {"unknown_reset": %})",
                            R"("quota": {"reactivate_cooldown": %})", R"("tmux": {"timeout": %})",
                            R"("switch": {"timeout": %})", R"("events": {"timeout": %})"}) {
    const auto with = [&](const std::string& value) {
      std::string key = place;
      return key.replace(key.find('%'), 1, "\"" + value + "\"");
    };
    EXPECT_TRUE(refused(with("0s"), "\"0s\" is too short; at least 1ms is needed")) << place;
    EXPECT_TRUE(refused(with("-1s"), "has a sign")) << place;
    EXPECT_TRUE(refused(with("30"), "without a unit")) << place;
    EXPECT_TRUE(refused(with("900000h"), "longer than 100 years")) << place;
    EXPECT_NO_THROW(parse_config("{" + with("1ms") + "}", "file")) << place;
    EXPECT_NO_THROW(parse_config("{" + with("876000h") + "}", "file")) << place;
  }
}

TEST(ConfigErrors, NumbersOutOfRange) {
  EXPECT_TRUE(refused(R"("quota": {"pool_threshold": 0})", "from 1 to 10000, not 0"));
  EXPECT_TRUE(refused(R"("quota": {"interactive_threshold": 0})", "from 1 to 10000, not 0"));
  EXPECT_TRUE(refused(R"("quota": {"pool_threshold": 10001})", "not 10001"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"start_index": -1}})", "not -1"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"start_index": 1000000001}})", "from 0 to"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"max": -1}})", "from 0 to 10000"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"max": 10001}})", "from 0 to 10000"));
  EXPECT_NO_THROW(parse_config(R"({"quota": {"pool_threshold": 1, "interactive_threshold": 10000},
      "pool": {"autonomous": {"start_index": 1000000000, "max": 10000}}})",
                               "file"));
}

TEST(ConfigErrors, JournalsOutOfRange) {
  EXPECT_TRUE(refused(R"("journal": {"max_bytes": -1})", "from 0 to 1099511627776, not -1"));
  EXPECT_TRUE(refused(R"("journal": {"max_bytes": 1099511627777})", "not 1099511627777"));
  for (const char* size : {"1", "64", "4095"}) {
    EXPECT_TRUE(refused(fmt::format(R"("journal": {{"max_bytes": {}}})", size),
                        fmt::format("should be 0 (without end) or at least 4096, not {}", size)));
  }
  EXPECT_TRUE(refused(R"("journal": {"keep": 0})", "from 1 to 1000, not 0"));
  EXPECT_TRUE(refused(R"("journal": {"keep": 1001})", "from 1 to 1000, not 1001"));
  for (const char* good :
       {R"({"journal": {"max_bytes": 0, "keep": 1}})", R"({"journal": {"max_bytes": 4096, "keep": 1000}})",
        R"({"journal": {"max_bytes": 1099511627776}})"}) {
    EXPECT_NO_THROW(parse_config(good, "file")) << good;
  }
}

TEST(ConfigErrors, Names) {
  EXPECT_TRUE(refused(R"("pool": {"dedicated": [{}]})", "the key \"name\" is missing"));
  EXPECT_TRUE(refused(R"("pool": {"dedicated": [{"name": ""}]})", "is empty"));
  EXPECT_TRUE(refused(R"("pool": {"dedicated": [{"name": "a\nb"}]})", "control character"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"prefix": "a\u0007"}})", "control character"));
  EXPECT_TRUE(refused(R"("accounts": [{"name": ""}])", "is empty"));
  EXPECT_TRUE(refused(R"("accounts": [{"name": "\u0000"}])", "control character"));
  EXPECT_TRUE(refused(R"("pack": "")", "is empty"));
  EXPECT_TRUE(refused(R"("tmux": {"socket_name": ""})", "is empty"));
  EXPECT_TRUE(refused(R"("tmux": {"socket_name": "/run/tmux"})", "not a path"));
  EXPECT_TRUE(refused(R"("state": {"path": ""})", "is empty"));
  EXPECT_TRUE(refused(R"("journal": {"path": ""})", "is empty"));
  EXPECT_TRUE(refused(R"("journal": {"path": "a\u001b"})", "control character"));
  EXPECT_TRUE(refused(R"("switch": {"command": [""]})", "begins with an empty text"));
  EXPECT_TRUE(refused(R"("switch": {"command": ["a", "b\u0000c"]})", "has a NUL"));
  EXPECT_TRUE(refused(R"("events": {"command": [""]})", "begins with an empty text"));
  EXPECT_TRUE(refused(R"("events": {"command": ["a", "b\u0000c"]})", "has a NUL"));
}

TEST(ConfigErrors, WordsForEvents) {
  EXPECT_TRUE(
      refused(R"("events": {"on": ["resets"]})", "events.on[0]: \"resets\" is no event; did you mean \"reset\"?"));
  EXPECT_TRUE(refused(R"("events": {"on": ["reset", "server_error"]})",
                      "\"server_error\" is no event; known are: suspect, clear,"));
  EXPECT_TRUE(refused(R"("events": {"on": [""]})", "\"\" is no event"));
  EXPECT_TRUE(
      refused(R"("events": {"on": ["auth", "reset", "auth"]})", "events.on[2]: the event auth stands here twice"));
  EXPECT_TRUE(refused(R"("events": {"on": []})", "events.on: is empty"));
  for (const auto& word : event_names()) {
    EXPECT_NO_THROW(parse_config(R"({"events": {"on": [")" + word + R"("]}})", "file")) << word;
  }
}

TEST(ConfigErrors, SessionsWatchedTwice) {
  EXPECT_TRUE(
      refused(R"("pool": {"dedicated": [{"name": "a"}, {"name": "a"}]})", "the session \"a\" is watched twice"));
  EXPECT_TRUE(refused(R"("pool": {"autonomous": {"max": 2}, "dedicated": [{"name": "ccl-auto-1"}]})",
                      "the session \"ccl-auto-1\" is watched twice"));
  EXPECT_NO_THROW(
      parse_config(R"({"pool": {"autonomous": {"max": 2}, "dedicated": [{"name": "ccl-auto-2"}]}})", "file"));
}

TEST(ConfigErrors, Accounts) {
  EXPECT_TRUE(refused(R"("accounts": [{"name": "a"}, {"name": "a"}], "active_account": "a")",
                      "accounts[1].name: the account \"a\" stands here twice"));
  EXPECT_TRUE(fails([] { parse_config(R"({"accounts": [{"name": "a"}, {"name": "b"}]})", "file"); }, 1,
                    "active_account is missing: which of a, b is in use now?"));
  EXPECT_TRUE(refused(R"("active_account": "", "accounts": [{"name": "a"}])", "active_account is missing"));
  EXPECT_TRUE(refused(R"("active_account": "worc", "accounts": [{"name": "work"}, {"name": "home"}])",
                      "\"worc\" is not among the accounts; did you mean \"work\"?"));
}

TEST(ConfigErrors, OfATextThatIsPartOfAFileCountFromItsLine) {
  EXPECT_TRUE(fails([] { parse_config("{\"pack\": 1}", "case.transcript", 4); }, 4, "pack"));
}

}  // namespace
}  // namespace quotawatch
