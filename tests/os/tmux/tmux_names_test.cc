#include "os/tmux/tmux_names.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

using Names = std::vector<std::string>;

TEST(TmuxNames, PlainNamesAreOnlyThemselves) {
  for (const std::string name : {"main", "ccl-auto-1", "a b", "-lead", "=x", "é漢", "a'b", "#{x}"}) {
    EXPECT_EQ(possible_names(name), Names{name});
  }
}

TEST(TmuxNames, FollowWhatTmuxChanges) {
  EXPECT_EQ(possible_names("a.b"), (Names{"a.b", "a_b"}));
  EXPECT_EQ(possible_names("a:b"), (Names{"a:b", "a_b"}));
  EXPECT_EQ(possible_names("a\\b"), (Names{"a\\b", "a\\\\b"}));
  EXPECT_EQ(possible_names("$HOME"), (Names{"$HOME", "\\$HOME"}));
  EXPECT_EQ(possible_names("$1"), Names{"$1"});
  EXPECT_EQ(possible_names("a$"), Names{"a$"});
  EXPECT_EQ(possible_names("a.${x}"), (Names{"a.${x}", "a.\\${x}", "a_${x}", "a_\\${x}"}));
}

TEST(TmuxNames, SomeTextsAreNoNames) {
  using namespace std::string_view_literals;
  for (const auto name : {""sv, "a\nb"sv, "a\tb"sv, "a\0b"sv, "a\x7f"sv, "\xff"sv, "a\xc3"sv}) {
    EXPECT_TRUE(possible_names(name).empty());
  }
}

TEST(TmuxNames, TargetsAreExact) {
  EXPECT_EQ(pane_target("main"), "=main:");
  EXPECT_EQ(pane_target("=x"), "==x:");
  EXPECT_EQ(pane_target("a$1"), "=a$1:");
  EXPECT_EQ(pane_target("$1"), "[$.]1:");
  EXPECT_EQ(pane_target("$"), "[$.]:");
  EXPECT_EQ(pane_target("$*[x]$"), "[$.]\\*\\[x\\]\\$:");
  EXPECT_EQ(pane_target("a:b"), "a?b:");
}

TEST(TmuxNames, QuotesAreLiteral) {
  EXPECT_EQ(quote_argument("a b;$(x)#{y}\\"), "'a b;$(x)#{y}\\'");
  EXPECT_EQ(quote_argument("it's"), "'it'\\''s'");
  EXPECT_EQ(quote_argument(""), "''");
}

}  // namespace
}  // namespace quotawatch::os
