// Strict reading: types and ranges are checked, unknown keys refused, and errors name the position.
#include "base/json_reader.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support.h"

namespace quotawatch {
namespace {

using tests::fails;

// Parses `text` and passes its root to `use`.
template <typename Use>
auto with_root(std::string_view text, Use use) {
  const JsonDocument document(text, "file");
  return use(JsonValue(document));
}

// Reads one kind of value and discards it.
struct Reader {
  std::string name;
  std::function<void(const JsonValue&)> read;
  std::string good;
  std::string wanted;  // what its errors say is expected
};

std::vector<Reader> readers() {
  return {
      {"string", [](const JsonValue& v) { v.string(); }, "\"a\"", "should be a text in quotes"},
      {"boolean", [](const JsonValue& v) { v.boolean(); }, "true", "should be true or false"},
      {"integer", [](const JsonValue& v) { v.integer(0, 9); }, "7", "should be a whole number from 0 to 9"},
      {"duration", [](const JsonValue& v) { v.duration(Milliseconds{0}); }, "\"30s\"", "should be a duration such as"},
      {"wall_time", [](const JsonValue& v) { v.wall_time(); }, "\"2026-11-23T19:51:05Z\"", "should be a time such as"},
      {"array", [](const JsonValue& v) { v.array(); }, "[1]", "should be a list in [ ]"},
      {"object", [](const JsonValue& v) { v.object({"a"}); }, "{\"a\": 1}", "should be an object in { }"},
      {"members", [](const JsonValue& v) { v.members(); }, "{\"b\": 1}", "should be an object in { }"},
  };
}

TEST(JsonValueTest, EveryKindRefusesTheOthers) {
  for (const auto& reader : readers()) {
    EXPECT_NO_THROW(with_root(reader.good, reader.read)) << reader.name;
    for (const auto& other : readers()) {
      if (other.good == reader.good) continue;
      if (reader.good[0] == '"' && other.good[0] == '"' && reader.name == "string") continue;
      if (reader.good[0] == '{' && other.good[0] == '{') continue;
      const std::string part = reader.name == "duration" && other.good[0] == '"' ? "is no duration" : reader.wanted;
      EXPECT_TRUE(fails([&] { with_root("\n" + other.good, reader.read); }, 2, part))
          << reader.name << " of " << other.good;
    }
    EXPECT_TRUE(fails([&] { with_root("null", reader.read); }, 1, "not null")) << reader.name;
    EXPECT_TRUE(fails([&] { with_root("1.5", reader.read); }, 1, "not 1.5")) << reader.name;
  }
}

TEST(JsonValueTest, ErrorsNameThePathOfTheValue) {
  const std::string text = "{\"pool\": {\"dedicated\": [\n{\"name\": \"a\"},\n{\"name\": 3}]}}";
  const auto read = [](const JsonValue& root) {
    const auto pool = root.object({"pool"}).require("pool").object({"dedicated"});
    for (const auto& item : pool.require("dedicated").array()) {
      item.object({"name"}).require("name").string();
    }
  };
  EXPECT_TRUE(fails([&] { with_root(text, read); }, 3, "pool.dedicated[1].name: should be a text in quotes, not 3"));
}

TEST(JsonValueTest, ErrorsDescribeWhatStandsThere) {
  const auto read = [](const JsonValue& root) { root.integer(0, 9); };
  EXPECT_TRUE(fails([&] { with_root("[1]", read); }, 1, "not an array"));
  EXPECT_TRUE(fails([&] { with_root("{}", read); }, 1, "not an object"));
  EXPECT_TRUE(fails([&] { with_root("\"ab\"", read); }, 1, "not \"ab\""));
  const std::string longest(38, 'x');  // 40 with its quotes
  EXPECT_TRUE(fails([&] { with_root("\"" + longest + "\"", read); }, 1, longest));
  EXPECT_TRUE(fails([&] { with_root("\"" + longest + "x\"", read); }, 1, "not a string"));
}

TEST(JsonValueTest, IntegersKeepToTheirRange) {
  const auto read = [](const JsonValue& root) { return root.integer(-2, 9); };
  EXPECT_EQ(with_root("-2", read), -2);
  EXPECT_EQ(with_root("9", read), 9);
  for (const char* text :
       {"-3", "10", "9.0", "1e0", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "-9223372036854775808", "-9223372036854775809"}) {
    EXPECT_TRUE(fails([&] { with_root(text, read); }, 1, "a whole number from -2 to 9")) << text;
  }
}

TEST(JsonValueTest, IntegersCanUseTheirWholeRange) {
  const auto read = [](const JsonValue& root) { return root.integer(INT64_MIN, INT64_MAX); };
  EXPECT_EQ(with_root("9223372036854775807", read), INT64_MAX);
  EXPECT_EQ(with_root("-9223372036854775808", read), INT64_MIN);
  EXPECT_TRUE(fails([&] { with_root("9223372036854775808", read); }, 1, "a whole number"));
}

TEST(JsonValueTest, DurationsHaveALeast) {
  const auto read = [](const JsonValue& root) { return root.duration(Milliseconds{10}); };
  EXPECT_EQ(with_root("\"10ms\"", read), Milliseconds{10});
  EXPECT_TRUE(fails([&] { with_root("\"9ms\"", read); }, 1, "\"9ms\" is too short; at least 10ms is needed"));
  EXPECT_TRUE(fails([&] { with_root("\"5 parsecs\"", read); }, 1, "\"5 parsecs\" is no duration"));
}

TEST(JsonValueTest, ReadsLists) {
  const auto read = [](const JsonValue& root) { return root.strings(); };
  EXPECT_EQ(with_root("[\"a\", \"b\"]", read), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(with_root("[]", read), std::vector<std::string>{});
  EXPECT_TRUE(fails([&] { with_root("[\"a\",\n2]", read); }, 2, "[1]: should be a text"));
}

TEST(JsonObjectTest, RefusesUnknownKeysAndNamesTheNearest) {
  const auto read = [](const JsonValue& root) { root.object({"tail", "name"}); };
  EXPECT_TRUE(
      fails([&] { with_root("{\"name\": 1,\n\"tial\": 2}", read); }, 2, "tial: unknown key; did you mean \"tail\"?"));
  EXPECT_TRUE(fails([&] { with_root("{\"colour\": 2}", read); }, 1, "colour: unknown key; known are: tail, name"));
  EXPECT_TRUE(fails([&] { with_root("{\"\\u001b\": 2}", read); }, 1, "\\x1b: unknown key"));
}

TEST(JsonObjectTest, FindsWhatIsThereAndRequiresWhatMustBe) {
  const auto read = [](const JsonValue& root) {
    const auto object = root.object({"a", "b"});
    EXPECT_TRUE(object.find("a"));
    EXPECT_FALSE(object.find("b"));
    object.require("b");
  };
  EXPECT_TRUE(fails([&] { with_root("\n{\"a\": 1}", read); }, 2, "the key \"b\" is missing"));
}

TEST(JsonObjectTest, ANullIsAValueOfTheWrongType) {
  const auto read = [](const JsonValue& root) {
    EXPECT_TRUE(root.object({"a"}).require("a").is_null());
    root.object({"a"}).require("a").string();
  };
  EXPECT_TRUE(fails([&] { with_root("{\"a\": null}", read); }, 1, "not null"));
}

}  // namespace
}  // namespace quotawatch
