// The words that decide whether a screen is read at all.
#include "judge/rules/scanner.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace quotawatch {
namespace {

// What it is held against: each word is looked for at every place.
bool stands_in(const std::vector<std::string>& words, std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::any_of(words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

TEST(WordScanner, IgnoresTheCaseOfLettersAndNothingElse) {
  WordScanner search({"limit", "429"});
  EXPECT_TRUE(search.any("a LiMiT."));
  EXPECT_TRUE(search.any("429"));
  EXPECT_FALSE(search.any("lim it"));
  EXPECT_FALSE(search.any("limi\xd4 \x14\x12\x19"));  // they differ in one bit
  EXPECT_FALSE(search.any(""));
}

// Few letters, so that there are near misses; words of any length.
RC_GTEST_PROP(WordScannerProperty, FindsWhatStandsThere, ()) {
  const auto word = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab7"))));
  const auto words = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(word));
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abAB7\x17 \n")));
  RC_ASSERT(WordScanner(words).any(text) == stands_in(words, text));
}

}  // namespace
}  // namespace quotawatch
