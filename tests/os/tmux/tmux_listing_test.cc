// The list of all sessions, as printed by tmux.
#include "os/tmux/tmux_listing.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

TEST(TmuxListing, ReadsNamesWithAnythingInThem) {
  const auto sessions = read_listing("$0 80 24 %1 0 4 main $12 1 400 %22 1 9 a $1 2 3  $3 9 9 %3 0 2 é ");
  ASSERT_TRUE(sessions);
  ASSERT_EQ(sessions->size(), 3U);
  EXPECT_EQ((*sessions)[0].id, "$12");
  EXPECT_EQ((*sessions)[0].name, "a $1 2 3 ");
  EXPECT_EQ((*sessions)[1].name, "main");
  EXPECT_EQ((*sessions)[1].columns, 80);
  EXPECT_EQ((*sessions)[1].rows, 24);
  EXPECT_EQ((*sessions)[1].pane, "%1");
  EXPECT_FALSE((*sessions)[1].ended);
  EXPECT_EQ((*sessions)[0].pane, "%22");
  EXPECT_TRUE((*sessions)[0].ended);
  EXPECT_EQ((*sessions)[2].name, "é");
}

TEST(TmuxListing, NoSessionsAreAList) {
  const auto sessions = read_listing("");
  ASSERT_TRUE(sessions);
  EXPECT_TRUE(sessions->empty());
}

TEST(TmuxListing, AnythingElseIsInvalid) {
  for (const auto* line : {"hello", "$ 80 24 %1 0 1 a ", "0 80 24 %1 0 1 a ", "$0 80 24 %1 0 1 a", "$0 80 24 %1 0 2 a ",
                           "$0 80 24 %1 0 1 ab ", "$0 x 24 %1 0 1 a ", "$0 0 24 %1 0 1 a ", "$0 80 -1 %1 0 1 a ",
                           "$0 80 24", "$0 80 24 %1 0 99999999999999999999 a ", "$0 80 24 %1 0 1 a $1"}) {
    EXPECT_FALSE(read_listing(line)) << line;
  }
}

TEST(TmuxListing, FindsTheExactNameFirst) {
  const std::vector<ListedSession> sessions{{"$3", 1, 1, "a-10"}, {"$2", 1, 1, "a.b"}, {"$1", 1, 1, "a_b"}};
  EXPECT_EQ(find_session(sessions, "a.b")->id, "$2");
  EXPECT_EQ(find_session(sessions, "a:b")->id, "$1");  // as named by tmux
  EXPECT_EQ(find_session(sessions, "a-1"), nullptr);
  EXPECT_EQ(find_session(sessions, ""), nullptr);
}

}  // namespace
}  // namespace quotawatch::os
