// JSON with line numbers.
#include "base/json_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace quotawatch {
namespace {

using tests::fails;

constexpr std::string_view commented = R"({
  "a": 1,
  // a comment
  "b": [
    2,
    /* one
       of two lines */ 3,
    {"c":

      "text"},
    [],
    {"d": true, "e": null}
  ],
  "f": -1.5e3 , "g"
  : {
    "h": {}}
})";

TEST(JsonDocumentTest, KnowsTheLineOfEveryValue) {
  const JsonDocument document(commented, "file");
  const std::vector<std::pair<std::string, std::size_t>> lines{
      {"", 1},      {"/a", 2},      {"/b", 4},      {"/b/0", 5}, {"/b/1", 7}, {"/b/2", 8}, {"/b/2/c", 10},
      {"/b/3", 11}, {"/b/4/d", 12}, {"/b/4/e", 12}, {"/f", 14},  {"/g", 15},  {"/g/h", 16}};
  for (const auto& [pointer, line] : lines) EXPECT_EQ(document.line_of(pointer), line) << pointer;
}

TEST(JsonDocumentTest, CountsFromTheLineItStartsOn) {
  const JsonDocument document("{\n\"a\": 1}", "file", 7);
  EXPECT_EQ(document.line_of(""), 7U);
  EXPECT_EQ(document.line_of("/a"), 8U);
  EXPECT_TRUE(fails([] { JsonDocument("{\n\"a\"", "file", 7); }, 8, "not valid JSON"));
}

TEST(JsonDocumentTest, ANumberAtTheEndOfItsLineStandsThere) {
  const JsonDocument document("[1\n,2\n\n,\n3\n]", "file");
  EXPECT_EQ(document.line_of("/0"), 1U);
  EXPECT_EQ(document.line_of("/1"), 2U);
  EXPECT_EQ(document.line_of("/2"), 5U);
}

TEST(JsonDocumentTest, HoldsTheValues) {
  const JsonDocument document(commented, "file");
  EXPECT_EQ(document.root().at("b").at(2).at("c"), "text");
  EXPECT_EQ(document.root().at("b").size(), 5U);
  EXPECT_EQ(document.root().at("f"), -1500.0);
  EXPECT_TRUE(document.root().at("g").at("h").is_object());
  EXPECT_EQ(JsonDocument("\"alone\"", "file").root(), "alone");
}

TEST(JsonDocumentTest, RefusesAKeyThatComesTwice) {
  EXPECT_TRUE(fails([] { JsonDocument("{\"a\": 1,\n\n\"a\": 1}", "file"); }, 3, "the key \"a\" stands here twice"));
  EXPECT_TRUE(fails([] { JsonDocument("{\"b\": [{\"a\": {}, \"a\": 1}]}", "file"); }, 1, "\"a\""));
  EXPECT_NO_THROW(JsonDocument("{\"a\": {\"a\": [{\"a\": 1}, {\"a\": 2}]}}", "file"));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); }

TEST(JsonDocumentTest, NestsSixtyFourLevelsAndNoMore) {
  EXPECT_NO_THROW(JsonDocument(nested(64), "file"));
  EXPECT_TRUE(fails([] { JsonDocument(nested(65), "file"); }, 1, "deeper than 64 levels"));
  EXPECT_TRUE(fails([] { JsonDocument(nested(1'000'000), "file"); }, 1, "deeper than 64"));
  std::string objects;
  for (int i = 0; i < 65; ++i) objects += "{\"a\":\n";
  EXPECT_TRUE(fails([&] { JsonDocument(objects, "file"); }, 65, "deeper than 64 levels"));
}

TEST(JsonDocumentTest, AnyPartOfItThatIsCutIsRefused) {
  for (std::size_t size = 0; size < commented.size(); ++size) {
    const auto cut = commented.substr(0, size);
    const auto last_line = 1 + static_cast<std::size_t>(std::count(cut.begin(), cut.end() - (size > 0 ? 1 : 0), '\n'));
    const char* const problem = cut.empty() ? "is empty" : "not valid JSON";
    EXPECT_TRUE(fails([&] { JsonDocument(cut, "file"); }, last_line, problem)) << cut;
  }
}

TEST(JsonDocumentTest, NamesTheLineOfAMistake) {
  const std::vector<std::pair<std::string, std::size_t>> mistakes{{"{\n\"a\": tru\n}", 2},
                                                                  {"{\n\"a\": 1,\n}", 3},
                                                                  {"{} \n x", 2},
                                                                  {"[1\n2]", 2},
                                                                  {"{\n\n'a': 1}", 3},
                                                                  {"[\n\"a\tb\"]", 2},
                                                                  {"[\n\"\xff\"]", 2},
                                                                  {"[\n01]", 2},
                                                                  {"[1e999]", 1},
                                                                  {"{\"a\":\n\"open", 2},
                                                                  {"// nothing\n", 1},
                                                                  {"[\n\"\\x\"]", 2},
                                                                  {std::string("[\n\0]", 4), 2}};
  for (const auto& [text, line] : mistakes) {
    EXPECT_TRUE(fails([&] { JsonDocument(text, "file"); }, line, "not valid JSON")) << text;
  }
}

TEST(JsonDocumentTest, ErrorsCarryTheOriginAndNoControls) {
  try {
    JsonDocument("\x1b[31m", "some file");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.file(), "some file");
    EXPECT_EQ(error.problem().find('\x1b'), std::string::npos);
  }
}

TEST(DumpLine, IsOneLineWhateverTheStrings) {
  const nlohmann::ordered_json value{{"z", "a\nb"}, {"a", "cut \xc3"}, {"m", {1, 2}}};
  EXPECT_EQ(dump_line(value), R"({"z":"a\nb","a":"cut )"
                              "\uFFFD"
                              R"(","m":[1,2]})");
}

}  // namespace
}  // namespace quotawatch
