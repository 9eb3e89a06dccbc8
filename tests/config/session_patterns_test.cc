// Sessions by pattern: what a pattern matches, and whose a session is.
#include "quotawatch/session_patterns.h"

#include <gtest/gtest.h>

#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

using Names = std::vector<std::string>;

TEST(SessionPattern, StarsStandForAnythingAndQuestionMarksForOne) {
  for (const auto* name : {"ccl-", "ccl-1", "ccl-1-ccl-"}) EXPECT_TRUE(matches_pattern("ccl-*", name)) << name;
  for (const auto* name : {"", "ccl", "xccl-1", "CCL-1"}) EXPECT_FALSE(matches_pattern("ccl-*", name)) << name;
  EXPECT_TRUE(matches_pattern("work-?", "work-1"));
  EXPECT_TRUE(matches_pattern("work-?", "work-é")) << "one character, however many bytes";
  EXPECT_FALSE(matches_pattern("work-?", "work-"));
  EXPECT_FALSE(matches_pattern("work-?", "work-12"));
  EXPECT_TRUE(matches_pattern("*-a-*b", "x-a-a-b"));
  EXPECT_FALSE(matches_pattern("*-a-*b", "x-a-a-c"));
  EXPECT_TRUE(matches_pattern("*", "anything"));
  EXPECT_TRUE(matches_pattern("a**", "a"));
}

TEST(SessionPattern, AllOtherCharactersStandForThemselves) {
  EXPECT_TRUE(matches_pattern("[a]$+*", "[a]$+b"));
  EXPECT_FALSE(matches_pattern("[a]", "a"));
  EXPECT_TRUE(matches_pattern("main", "main"));
  EXPECT_FALSE(matches_pattern("main", "main2"));
}

Config parsed(const char* text) { return parse_config(text, "file"); }

TEST(SessionsByPattern, BelongToThePoolInTheOrderOfTheirNames) {
  const auto config = with_found(parsed(R"({"pool":{"autonomous":{"max":1},"sessions":["work-*"],
                                           "dedicated":[{"name":"main"}]}})"),
                                 {"work-b", "other", "main", "work-a"});
  EXPECT_EQ(session_names(config), (Names{"ccl-auto-0", "work-a", "work-b", "main"}));
  EXPECT_EQ(found_sessions(config), (Names{"work-a", "work-b"}));
  EXPECT_TRUE(watched_sessions(config)[1].pool);
}

TEST(SessionsByPattern, AnExactNameGoesBeforeAPattern) {
  const auto config = with_found(parsed(R"({"groups":[
      {"name":"one","pool":{"sessions":["*"]}},
      {"name":"two","pool":{"sessions":["b*"],"dedicated":[{"name":"main"}]}}]})"),
                                 {"a", "b", "main"});
  const auto groups = groups_of(config);
  EXPECT_EQ(session_names(groups[0]), (Names{"a", "b"})) << "the first group's with a pattern for it";
  EXPECT_EQ(session_names(groups[1]), Names{"main"});
}

TEST(SessionsByPattern, ThatCannotBeToldFromPanesAreLeftOut) {
  const auto config = with_found(parsed(R"({"pool":{"sessions":["*"]}})"), {"a:0", "b.1", "c\x1b", "", "d"});
  EXPECT_EQ(session_names(config), Names{"d"});
}

TEST(SessionsByPattern, ThatAreGoneAreForgotten) {
  const auto before = with_found(parsed(R"({"pool":{"sessions":["w*"]}})"), {"w1", "w2"});
  EXPECT_EQ(session_names(with_found(before, {"w2", "w3"})), (Names{"w2", "w3"}));
  EXPECT_FALSE(has_patterns(parsed("{}")));
}

TEST(SessionsByPattern, MayBeAskedToGoOnInAWayOfTheirOwn) {
  EXPECT_NO_THROW(parsed(R"({"pool":{"sessions":["w*"]},"resume":{"sessions":{"w1":{"how":"off"}}}})"));
  EXPECT_THROW(parsed(R"({"pool":{"sessions":["w*"]},"resume":{"sessions":{"v1":{"how":"off"}}}})"), InputError);
}

}  // namespace
}  // namespace quotawatch
