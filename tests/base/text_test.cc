// Escaping and truncating text.
#include "base/text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <utf8.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace quotawatch {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// The number of code points.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool has_raw_controls(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && static_cast<unsigned char>(text.at(i + 1)) < 0xa0) return true;  // C1
  }
  return false;
}

TEST(EscapeControls, EveryControlCharacterBecomesVisible) {
  for (int code = 0; code < 0x20; ++code) {
    const std::string text{'a', static_cast<char>(code), 'b'};
    std::string wanted = fmt::format("a\\x{:02x}b", code);
    if (code == '\n') wanted = "a\\nb";
    if (code == '\t') wanted = "a\\tb";
    if (code == '\r') wanted = "a\\rb";
    EXPECT_EQ(escape_controls(text), wanted);
  }
  EXPECT_EQ(escape_controls("\x7f"), "\\x7f");
  for (int code = 0x80; code < 0xa0; ++code) {
    const std::string text{'\xc2', static_cast<char>(code)};
    EXPECT_EQ(escape_controls(text), fmt::format("\\x{:02x}", code));
  }
}

TEST(EscapeControls, WhatTurnsDirectionOrEndsALineBecomesVisible) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}, {"\u202a", "\\u202a"}, {"\u202b", "\\u202b"},
      {"\u202c", "\\u202c"}, {"\u202d", "\\u202d"}, {"\u202e", "\\u202e"}, {"\u2066", "\\u2066"},
      {"\u2067", "\\u2067"}, {"\u2068", "\\u2068"}, {"\u2069", "\\u2069"}};
  for (const auto& [text, wanted] : cases) EXPECT_EQ(escape_controls(text), wanted);
}

const std::vector<std::pair<std::string, std::string>>& invisible_characters() {
  static const std::vector<std::pair<std::string, std::string>> all{
      {"\u200b", "\\u200b"}, {"\u200c", "\\u200c"}, {"\u200d", "\\u200d"}, {"\u200e", "\\u200e"},
      {"\u200f", "\\u200f"}, {"\u061c", "\\u061c"}, {"\ufeff", "\\ufeff"}};
  return all;
}

TEST(EscapeControls, WhatIsInvisibleBecomesVisible) {
  for (const auto& [text, wanted] : invisible_characters()) EXPECT_EQ(escape_controls(text), wanted);
}

TEST(EscapeControls, BytesThatAreNotUtf8BecomeVisible) {
  EXPECT_EQ(escape_controls("a\xff"), "a\\xff");
  EXPECT_EQ(escape_controls("\x80"), "\\x80");
  EXPECT_EQ(escape_controls("caf\xc3"), "caf\\xc3");              // truncated
  EXPECT_EQ(escape_controls("\xc0\x80"), "\\xc0\\x80");           // overlong
  EXPECT_EQ(escape_controls("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  // beyond the last code point
  EXPECT_EQ(escape_controls("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(EscapeControls, EverythingElseStays) {
  for (const char* text : {"", "You've hit your limit · resets 8pm", "\u00a0", "❯ é 漢字 🎉", "\u200a", "\u2010",
                           "\u061b", "\ufefe", "\u2027", "\u202f", "\u2065", "\u206a", "\U0010ffff", "~", "\\n"}) {
    EXPECT_EQ(escape_controls(text), text);
  }
}

TEST(HasControls, IsTrueOfAllThatIsEscapedButWhatIsOnlyInvisible) {
  for (const char* text : {"a\nb", "\x7f", "\u0085", "\u2028", "\u202e", "\u2066", "a\xff"}) {
    EXPECT_TRUE(has_controls(text)) << text;
  }
  for (const char* text : {"", "main", "é 漢 ", "👨\u200d💻"}) EXPECT_FALSE(has_controls(text)) << text;
  for (const auto& [text, escaped] : invisible_characters()) EXPECT_FALSE(has_controls(text));
}

TEST(EscapeInJson, ParsesToTheSameText) {
  std::string text = "a\x7f\u0080\u009b\u009f\u2028\u2029\u202e\u2066\u2069 é 漢 🎉\\\"";
  for (const auto& [character, escaped] : invisible_characters()) text += character;
  const std::string plain = nlohmann::json(text).dump();
  const auto escaped = escape_in_json(plain);
  EXPECT_EQ(nlohmann::json::parse(escaped), text);
  EXPECT_EQ(escape_controls(escaped), escaped);
  EXPECT_NE(escaped.find("\\u007f\\u0080\\u009b"), std::string::npos) << escaped;
  EXPECT_NE(escaped.find(" é 漢 🎉"), std::string::npos) << escaped;
  EXPECT_EQ(escape_in_json("{\"a\":\"b\"}"), "{\"a\":\"b\"}");
}

TEST(IgnoringCase, LooksAtAsciiAlone) {
  EXPECT_TRUE(contains_ignoring_case("Press ESC to go", "esc to "));
  EXPECT_FALSE(contains_ignoring_case("Press ESC", "esc to "));
  EXPECT_TRUE(begins_ignoring_case("ESC to", "esc"));
  EXPECT_FALSE(begins_ignoring_case("es", "esc"));
  EXPECT_TRUE(begins_ignoring_case("AZ[az", "az[az"));
  EXPECT_FALSE(begins_ignoring_case("@", "`")) << "only letters have a case";
  EXPECT_FALSE(begins_ignoring_case("[", "{"));
}

TEST(InQuotes, QuotesAndEscapes) { EXPECT_EQ(in_quotes("a\nb"), "\"a\\nb\""); }

RC_GTEST_PROP(EscapeControlsProperty, LeavesNothingHarmful, (const std::string& text)) {
  const auto escaped = escape_controls(text);
  RC_ASSERT(!has_raw_controls(escaped));
  RC_ASSERT(find_invalid_utf8(escaped) == std::string_view::npos);
  RC_ASSERT(escape_controls(escaped) == escaped);
}

TEST(MakeSnippet, IsCutAt120Characters) {
  for (const char* character : {"x", "é", "漢", "🎉"}) {
    for (const int count : {1, 119, 120}) {
      const std::string text = repeat(character, count);
      EXPECT_EQ(make_snippet(text), text) << count;
    }
    EXPECT_EQ(make_snippet(repeat(character, 121)), repeat(character, 120));
    EXPECT_EQ(make_snippet(repeat(character, 5000)), repeat(character, 120));
  }
}

TEST(MakeSnippet, ASpaceCountsAsACharacter) {
  EXPECT_EQ(make_snippet(repeat("x", 118) + " yz"), repeat("x", 118) + " y");
  EXPECT_EQ(characters(make_snippet(repeat("x", 119) + " yz")), 120U);
  EXPECT_EQ(make_snippet(repeat("x", 120) + " y"), repeat("x", 120));
}

TEST(MakeSnippet, IsOneLineWithSingleSpaces) {
  EXPECT_EQ(make_snippet("  a\n\n b \t c\n"), "a b c");
  EXPECT_EQ(make_snippet(" \n\t "), "");
  EXPECT_EQ(make_snippet("a\r\nb"), "a b");
}

TEST(MakeSnippet, DropsControlsAndBrokenBytes) {
  EXPECT_EQ(make_snippet("a\x1b[31mb"), "a[31mb");
  EXPECT_EQ(make_snippet(std::string("a\0b", 3)), "ab");
  EXPECT_EQ(make_snippet("a\xff\xc3"), "a");
  EXPECT_EQ(make_snippet("a\u202eb\u2028c"), "abc");
  for (const auto& [text, escaped] : invisible_characters()) {
    EXPECT_EQ(make_snippet("a" + text + "b"), "ab") << escaped;
  }
  EXPECT_EQ(make_snippet(repeat("\xff", 200) + "a"), "a") << "what is dropped does not count";
}

RC_GTEST_PROP(MakeSnippetProperty, IsAlwaysFitForAJournal, ()) {
  const auto text =
      *rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                      rc::gen::container<std::string>(300, rc::gen::elementOf(std::string("ab \n\t\x1b\xc3\xa9\xff"))));
  const auto snippet = make_snippet(text);
  RC_ASSERT(characters(snippet) <= 120U);
  RC_ASSERT(!has_raw_controls(snippet));
  RC_ASSERT(find_invalid_utf8(snippet) == std::string_view::npos);
}

TEST(FindInvalidUtf8, SaysWhereItBegins) {
  EXPECT_EQ(find_invalid_utf8(""), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("é漢🎉"), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("ab\xff"), 2U);
  EXPECT_EQ(find_invalid_utf8("é\xe6\xbc"), 2U);
  EXPECT_EQ(find_invalid_utf8("é\xe6\xbc and more"), 2U);
}

RC_GTEST_PROP(FindInvalidUtf8Property, IsWhereTheLibraryFindsIt, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("aaaaaaaaaaaaaaaa\n\xc3\xa9\xe2\x94\x80\xff")));
  const auto bad = utf8::find_invalid(text.begin(), text.end());
  const auto at = find_invalid_utf8(text);
  RC_ASSERT(at == (bad == text.end() ? std::string_view::npos : static_cast<std::size_t>(bad - text.begin())));
}

TEST(LineAt, CountsFromOne) {
  EXPECT_EQ(line_at("", 0), 1U);
  EXPECT_EQ(line_at("ab\ncd\n", 2), 1U) << "the newline is of its line";
  EXPECT_EQ(line_at("ab\ncd\n", 3), 2U);
  EXPECT_EQ(line_at("ab\ncd\n", 6), 3U);
  EXPECT_EQ(line_at("ab\ncd\n", 600), 3U) << "beyond the end is the end";
}

TEST(Nearest, IsTheOneWithFewestEdits) {
  const std::vector<std::string> known{"poll_interval", "pool_threshold", "tail", "tale"};
  EXPECT_EQ(nearest("poll_intervall", known), "poll_interval");
  EXPECT_EQ(nearest("pol_interval", known), "poll_interval");
  EXPECT_EQ(nearest("pool_treshhold", known), "pool_threshold");
  EXPECT_EQ(nearest("tall", known), "tail") << "the first of two as near";
  EXPECT_EQ(nearest("tale", known), "tale");
}

TEST(Nearest, IsNothingIfAllAreFar) {
  const std::vector<std::string> known{"abcdef", "abcdefghi"};
  EXPECT_EQ(nearest("abcdxy", known), "abcdef") << "two edits of six";
  EXPECT_EQ(nearest("abcxyz", known), "") << "three edits of six";
  EXPECT_EQ(nearest("abcdefxyz", known), "abcdef") << "three of nine";
  EXPECT_EQ(nearest("abcdewxyz", known), "") << "four of nine";
  EXPECT_EQ(nearest("anything", {}), "");
  EXPECT_EQ(nearest("", known), "");
}

TEST(Suggest, NamesTheNearestOrAll) {
  EXPECT_EQ(suggest("tial", {"tail", "name"}), "; did you mean \"tail\"?");
  EXPECT_EQ(suggest("zzzzz", {"tail", "name"}), "; known are: tail, name");
}

TEST(SplitLines, KeepsEmptyLinesButNotOneAfterTheLastNewline) {
  using Lines = std::vector<std::string_view>;
  EXPECT_EQ(split_lines(""), Lines{});
  EXPECT_EQ(split_lines("\n"), Lines{""});
  EXPECT_EQ(split_lines("a"), Lines{"a"});
  EXPECT_EQ(split_lines("a\n"), Lines{"a"});
  EXPECT_EQ(split_lines("a\n\nb"), (Lines{"a", "", "b"}));
  EXPECT_EQ(split_lines("\na\n\n"), (Lines{"", "a", ""}));
}

TEST(Trim, TakesBlanksOffBothEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \t\r\n\f\v"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\u00a0"), "\u00a0");
}

}  // namespace
}  // namespace quotawatch
