// Events as lines of the journal.
#include "quotawatch/event.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

Event full_event() {
  Event event;
  event.at = at("2026-11-23T19:51:05Z");
  event.kind = EventKind::switch_;
  event.group = "codex";
  event.session = "main";
  event.sessions = {"one", "two"};
  event.verdict = "exhausted";
  event.rule = "banner";
  event.snippet = "limit";
  event.reset_text = "8pm";
  event.reset_at = at("2026-11-23T20:00:00Z");
  event.percent = 95;
  event.window = "5h";
  event.id = "1";
  event.from = "a";
  event.to = "b";
  event.generation = 6;
  event.host = "berlin";
  event.account = "c";
  event.pool = 2;
  event.interactive = 0;
  event.confirmed = true;
  event.how = "type";
  event.text = "continue";
  event.attempt = 1;
  event.after = "24s";
  event.dry_run = true;
  event.why = "because";
  event.reason = "word";
  event.retry_at = at("2026-11-23T20:00:00.5Z");
  return event;
}

TEST(EventNames, AreReadBack) {
  ASSERT_FALSE(event_names().empty());
  for (const auto& name : event_names()) {
    const auto kind = find_event(name);
    ASSERT_TRUE(kind) << name;
    EXPECT_EQ(event_name(*kind), name);
  }
  EXPECT_FALSE(find_event("switched"));
  EXPECT_FALSE(find_event(""));
}

TEST(EventNames, DecisionsComeFirst) {
  std::string decisions;
  for (const auto& name : event_names()) {
    if (is_decision(*find_event(name))) decisions += name + " ";
  }
  EXPECT_EQ(decisions,
            "suspect clear switch switch_done switch_failed switch_resumed switch_ineffective switch_beaten "
            "exhausted_everywhere resume resumed resume_held resume_failed ");
}

TEST(EventJson, WritesAllFieldsInTheirOrder) {
  EXPECT_EQ(
      to_json(full_event()),
      R"({"at":"2026-11-23T19:51:05.000Z","event":"switch","group":"codex","session":"main",)"
      R"("sessions":["one","two"],"verdict":"exhausted","rule":"banner","snippet":"limit","reset_text":"8pm",)"
      R"("reset_at":"2026-11-23T20:00:00Z","percent":95,"window":"5h","id":"1","from":"a","to":"b","generation":6,)"
      R"("host":"berlin","account":"c","pool":2,"interactive":0,"confirmed":true,"how":"type","text":"continue",)"
      R"("attempt":1,"after":"24s","dry_run":true,"why":"because","reason":"word",)"
      R"("retry_at":"2026-11-23T20:00:00.500Z"})");
}

TEST(EventJson, WritesOnlyWhatIsSet) {
  Event event;
  event.at = at("2026-11-23T19:51:05.25Z");
  event.kind = EventKind::clear;
  EXPECT_EQ(to_json(event), R"({"at":"2026-11-23T19:51:05.250Z","event":"clear"})");
  event.to = "";
  event.pool = 0;
  event.confirmed = false;
  EXPECT_EQ(to_json(event), R"({"at":"2026-11-23T19:51:05.250Z","event":"clear","to":"","pool":0,)"
                            R"("confirmed":false})")
      << "empty, zero and false are set";
}

TEST(EventJson, AddsItsFieldsToAnotherObject) {
  nlohmann::ordered_json object{{"file", "a"}, {"offset", "60s"}};
  Event event;
  event.reason = "cooldown";
  add_fields(event, object);
  EXPECT_EQ(object.dump(), R"({"file":"a","offset":"60s","reason":"cooldown"})");
}

RC_GTEST_PROP(EventJsonProperty, IsOneLineOfJsonWhateverTheNames, (const std::string& text)) {
  Event event;
  event.session = text;
  event.snippet = text;
  event.from = "\xff" + text + "\"\n\x1b";
  const auto line = to_json(event);
  RC_ASSERT(line.find('\n') == std::string::npos);
  RC_ASSERT(find_invalid_utf8(line) == std::string_view::npos);
  const auto parsed = nlohmann::json::parse(line);
  RC_ASSERT(parsed.size() == 5U);
  if (find_invalid_utf8(text) == std::string_view::npos) {
    RC_ASSERT(parsed.at("session").get<std::string>() == text);
  }
}

TEST(FieldText, IsWhatAnExpectationWrites) {
  const std::vector<std::pair<std::string, std::string>> wanted{{"group", "codex"},
                                                                {"session", "main"},
                                                                {"sessions", "one,two"},
                                                                {"verdict", "exhausted"},
                                                                {"rule", "banner"},
                                                                {"snippet", "limit"},
                                                                {"reset_text", "8pm"},
                                                                {"reset_at", "2026-11-23T20:00:00Z"},
                                                                {"percent", "95"},
                                                                {"window", "5h"},
                                                                {"id", "1"},
                                                                {"from", "a"},
                                                                {"to", "b"},
                                                                {"generation", "6"},
                                                                {"host", "berlin"},
                                                                {"account", "c"},
                                                                {"pool", "2"},
                                                                {"interactive", "0"},
                                                                {"confirmed", "true"},
                                                                {"how", "type"},
                                                                {"text", "continue"},
                                                                {"attempt", "1"},
                                                                {"after", "24s"},
                                                                {"dry_run", "true"},
                                                                {"why", "because"},
                                                                {"reason", "word"},
                                                                {"retry_at", "2026-11-23T20:00:00.500Z"}};
  ASSERT_EQ(field_names().size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(field_names()[i], wanted[i].first);
    EXPECT_EQ(field_text(full_event(), wanted[i].first), wanted[i].second);
    EXPECT_EQ(field_text(Event{}, wanted[i].first), std::nullopt);
  }
}

TEST(FieldText, KnowsNoOtherField) {
  EXPECT_THROW(field_text(full_event(), "at"), std::out_of_range);
  EXPECT_THROW(field_text(full_event(), ""), std::out_of_range);
}

}  // namespace
}  // namespace quotawatch
