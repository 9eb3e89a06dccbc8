// Typography made plain, and the way back to the screen.
#include "judge/screen/normalise.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <utf8.h>

#include <iterator>

#include "base/text.h"
#include "sim/screens/text_mutation.h"

namespace quotawatch {
namespace {

TEST(Normalise, MakesTypographyPlain) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"You’ve hit", "You've hit"},
      {"“limit”", "\"limit\""},
      {"a ∙ b • c · d", "a · b · c · d"},
      {"resets\u00a07:58\u202fPM", "resets 7:58 PM"},
      {"a\t b   c", "a b c"},
      {"│ inside │", "inside"},
      {"5‑hour – limit—x", "5-hour - limit-x"},
      {"zero\u200bwidth\ufe0f", "zerowidth"},
      {"  ", ""},
      {"", ""},
      {"▎ quoted", "▎ quoted"},
      {"Ünïcödé 漢字", "Ünïcödé 漢字"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(normalise(text).text, wanted) << text;
}

// The same rule, character by character: what is copied eight at a time must not differ.
TEST(Normalise, ShrinksSpacesWhereverTheyStand) {
  constexpr std::string_view characters = "a \tz";
  constexpr std::size_t longest = 9;
  std::size_t tried = 0;
  for (std::size_t length = 0; length <= longest; ++length) {
    const std::size_t texts = std::size_t{1} << (2 * length);
    for (std::size_t number = 0; number < texts; ++number, ++tried) {
      std::string text = "word ";
      for (std::size_t i = 0; i < length; ++i) text += characters[number >> (2 * i) & 3U];
      std::string wanted;
      for (const char c : text) {
        const bool space = c == ' ' || c == '\t';
        if (!space || wanted.back() != ' ') wanted += space ? ' ' : c;
      }
      if (wanted.back() == ' ') wanted.pop_back();
      ASSERT_EQ(normalise(text).text, wanted);
    }
  }
  EXPECT_EQ(tried, 349'525U);
}

TEST(Normalise, JoinsRowsWithOneSpace) {
  EXPECT_EQ(normalise("resets 12am\n     (Europe/Paris)\n").text, "resets 12am (Europe/Paris)");
}

TEST(Normalise, KnowsWhereEachByteCameFrom) {
  const std::string text = "a  ’b\n   c";
  const NormalisedText normalised = normalise(text);
  ASSERT_EQ(normalised.text, "a 'b c");
  EXPECT_EQ(normalised.origin_of(0), 0U);
  EXPECT_EQ(normalised.origin_of(2), text.find("’"));
  EXPECT_EQ(normalised.origin_of(3), text.find('b'));
  EXPECT_EQ(normalised.origin_of(5), text.find('c'));
  EXPECT_EQ(NormalisedText{}.origin_of(0), 0U);
}

// Of plain text only runs of spaces change, and every letter is found again.
RC_GTEST_PROP(NormaliseProperty, MapsEveryLetterBack, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
      std::vector<std::string>{"a", "bc", " ", "  ", "\t", "\n", "’", "·", "•", "\u00a0", "漢", "│"}));
  std::string text;
  for (const auto& part : parts) text += part;
  const NormalisedText normalised = normalise(text);
  RC_ASSERT(normalised.text.find("  ") == std::string::npos);
  RC_ASSERT(trim(normalised.text) == normalised.text);
  RC_ASSERT(normalise(normalised.text).text == normalised.text);
  for (std::size_t i = 0; i < normalised.text.size(); ++i) {
    if (normalised.text[i] < 'a' || normalised.text[i] > 'c') continue;
    RC_ASSERT(text[normalised.origin_of(i)] == normalised.text[i]);
  }
}

// What programs and terminals do to a text without changing its words.
RC_GTEST_PROP(NormaliseProperty, MakesTheSameOfAnyTypeAndAnyWidth, ()) {
  const auto words =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
          "You've", "hit", "your", "\"limit\"", "·", "resets", "8pm", "(Europe/Paris)", "漢字", "naïve", "5-hour"})));
  const auto text = fmt::format("{}", fmt::join(words, " "));
  sim::Typography type;
  type.quotes = *rc::gen::element(sim::QuoteMarks::as_written, sim::QuoteMarks::curly);
  type.spaces = *rc::gen::element(sim::Spaces::as_written, sim::Spaces::no_break, sim::Spaces::narrow);
  type.dot = *rc::gen::inRange<std::size_t>(0, sim::dot_count);
  type.choices = *rc::gen::arbitrary<std::uint64_t>();
  // Wide enough that no word is cut, with what hangs behind it indented.
  const auto width = *rc::gen::inRange<std::size_t>(20, 200);
  std::string screen;
  for (const auto& row : sim::wrap_text(text, width, {"", "    "})) {
    screen += sim::set_type(row, type) + "\n";
  }
  RC_ASSERT(normalise(screen).text == text);
}

TEST(Identity, LeavesOutWhatDependsOnTheWidth) {
  const auto identity = [](std::string_view text) {
    std::string all = "before";
    append_identity(all, text);
    return all;
  };
  EXPECT_EQ(identity("GPT-5.3-Codex- Spark"), "beforeGPT-5.3-Codex-Spark");
  EXPECT_EQ(identity("│ a\u00a0b  │\n╰────╯\tc"), "beforeabc");
  EXPECT_EQ(identity("Ünï → 漢字 …·"), "beforeÜnï→漢字…·");
  EXPECT_EQ(identity("\xe2"), "before\xe2") << "cut off";
  EXPECT_EQ(identity(""), "before");
}

// However odd the text: no more is to be done to what was normalised, and every byte of it
// comes from somewhere in it, in order.
RC_GTEST_PROP(NormaliseProperty, IsDoneOnceAndForAll, ()) {
  const auto within = [](int first, int end) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, end));
  };
  // Letters, all of the kinds of punctuation and boxes that are made plain, and the rest.
  const auto any_character =
      rc::gen::oneOf(within(0x20, 0x7f), within(0x2000, 0x2070), within(0x2500, 0x2570), within(0xa0, 0xd800),
                     rc::gen::element(0x09, 0x0a, 0xa0, 0xad, 0x2bc, 0x22c5, 0x30fb, 0xfeff, 0xfe0f, 0x1f389));
  std::string text;
  for (const int c : *rc::gen::container<std::vector<int>>(any_character)) {
    utf8::unchecked::append(static_cast<char32_t>(c), std::back_inserter(text));
  }
  const NormalisedText normalised = normalise(text);
  RC_ASSERT(normalise(normalised.text).text == normalised.text);
  std::size_t last = 0;
  for (std::size_t i = 0; i < normalised.text.size(); ++i) {
    const auto origin = normalised.origin_of(i);
    RC_ASSERT(origin < text.size());
    RC_ASSERT(origin >= last);
    last = origin;
  }
}

}  // namespace
}  // namespace quotawatch
