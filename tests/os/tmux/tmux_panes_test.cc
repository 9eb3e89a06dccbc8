// The list of all panes, as printed by tmux, and what a capture becomes with it.
#include "os/tmux/tmux_panes.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

using Status = PaneCapture::Status;

PaneCapture screen(const std::string& pane) {
  return {Status::screen, std::make_shared<const std::string>("x\n"), 80, 24, "", pane};
}

std::vector<ListedPane> listed(std::string_view line) { return read_pane_listing(line).value(); }

TEST(TmuxPanes, ReadsAList) {
  const auto panes = listed("%1 $0 0.0 77 80 24 0 1 2 1766912345 %22 $12 3.10 8 1 400 1 0 0 0 ");
  ASSERT_EQ(panes.size(), 2U);
  const WallTime used{std::chrono::seconds{1766912345}};
  EXPECT_EQ(panes[0], (ListedPane{"%1", "$0", "0.0", 77, 80, 24, false, true, true, used}));
  EXPECT_EQ(panes[1], (ListedPane{"%22", "$12", "3.10", 8, 1, 400, true, false, false, {}}));
  EXPECT_TRUE(listed("").empty());
}

TEST(TmuxPanes, AnythingElseIsNoList) {
  for (const auto* line :
       {"hello", "%1 $0 0.0 77 80 24 0 0 0", "%x $0 0.0 77 80 24 0 0 0 0 ", "%1 0 0.0 77 80 24 0 0 0 0 ",
        "%1 $0 0.0 77 0 24 0 0 0 0 ", "%1 $0 0.0 77 80 -4 0 0 0 0 ", "%1 $0 0.0 x 80 24 0 0 0 0 ",
        "%1 $0 0.0 77 80 24 0 0 0 99999999999999 ", "%1 $0 0.0 77 80 24 0 0 0 -1 ", "% $0 0.0 77 80 24 0 0 0 0 "}) {
    EXPECT_FALSE(read_pane_listing(line)) << line;
  }
}

TEST(TmuxPanes, FurtherPanesAreThoseOfTheseSessionsThatAreNotActive) {
  const auto panes = listed(
      "%1 $0 0.0 7 9 9 0 0 0 0 %2 $0 0.1 7 9 9 0 0 0 0 %3 $0 1.0 7 9 9 1 0 0 0 %4 $1 0.0 7 9 9 0 0 0 0 "
      "%2 $2 0.0 7 9 9 0 0 0 0 %1 $2 1.0 7 9 9 0 0 0 0 ");
  using Ids = std::vector<std::string>;
  EXPECT_EQ(further_panes(panes, {"$0"}, {"%1"}), Ids{"%2"}) << "the program in %3 has ended";
  EXPECT_EQ(further_panes(panes, {"$0"}, {"%2"}), Ids{"%1"});
  EXPECT_EQ(further_panes(panes, {"$0", "", "$2"}, {"%1", "", "%2"}), (Ids{"%1", "%2"}));
  EXPECT_EQ(further_panes(panes, {"$1", "$9"}, {"%4", "%7"}), Ids{});
}

TEST(TmuxPanes, ACaptureIsCompletedWithTheList) {
  const auto panes = listed(
      "%1 $0 0.0 7 9 9 0 1 0 50 %2 $0 0.1 8 70 20 0 0 0 50 %3 $0 1.0 9 9 9 1 0 0 50 %5 $0 2.0 9 9 9 0 0 0 50 "
      "%1 $4 0.0 7 9 9 0 1 1 60 %1 $6 0.0 7 9 9 0 1 3 55 ");
  TmuxCapture capture;
  capture.panes = {PaneCapture{}, screen("%1")};
  complete_capture(capture, panes, {"", "$0"}, {{"%2", screen("%2")}});
  EXPECT_EQ(capture.panes[0].status, Status::absent);
  EXPECT_TRUE(capture.panes[1].in_mode);
  EXPECT_EQ(capture.panes[1].first_process, 7);
  EXPECT_EQ(capture.panes[1].window_pane, "0.0");
  EXPECT_EQ(capture.panes[1].client_used, WallTime(std::chrono::seconds{60})) << "through another session";
  ASSERT_EQ(capture.further.size(), 2U) << "%5 has not been captured";
  EXPECT_EQ(capture.further[0].session, 1U);
  EXPECT_EQ(capture.further[0].pane.pane, "%2");
  EXPECT_EQ(capture.further[0].pane.columns, 70);
  EXPECT_EQ(capture.further[0].pane.rows, 20);
  EXPECT_FALSE(capture.further[0].pane.client_used);
  EXPECT_EQ(capture.further[1].pane.pane, "%3");
  EXPECT_EQ(capture.further[1].pane.status, Status::ended);
}

}  // namespace
}  // namespace quotawatch::os
