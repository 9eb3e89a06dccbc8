#include "os/tmux/tmux_batch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace quotawatch::os {
namespace {

using Status = PaneCapture::Status;

const std::string nonce = "0123456789abcdef0123456789abcdef";

// tmux's output for a session that exists.
std::string section(std::size_t index, const std::string& name, const std::string& text) {
  return fmt::format("{} {} $7 80 24 %7 0 {}\n{}", nonce, index, name, text);
}

std::string absent(std::size_t index) { return fmt::format("{} {}     \n", nonce, index); }

std::string last(std::size_t index) { return fmt::format("{} {} \n", nonce, index); }

std::vector<PaneCapture> read(const std::vector<std::string>& sessions, const std::string& output) {
  const auto answer = TmuxBatch(sessions, nonce).read(output);
  return answer ? answer->panes : std::vector<PaneCapture>{};
}

void expect_text(const PaneCapture& pane, const std::string& text) {
  ASSERT_EQ(pane.status, Status::screen) << pane.why;
  EXPECT_EQ(*pane.text, text);
  EXPECT_EQ(pane.columns, 80);
  EXPECT_EQ(pane.rows, 24);
}

TEST(TmuxBatch, EveryNonceIsAnother) {
  std::set<std::string> nonces;
  for (int i = 0; i < 1000; ++i) {
    nonces.insert(TmuxBatch::make_nonce());
    EXPECT_EQ(nonces.rbegin()->size(), 32);
  }
  EXPECT_EQ(nonces.size(), 1000);
}

TEST(TmuxBatch, AsksWithQuotedExactTargets) {
  EXPECT_EQ(TmuxBatch({"it's"}, "N").script(),
            "display-message -p -t '=it'\\''s:' "
            "'N 0 #{session_id} #{pane_width} #{pane_height} #{pane_id} #{pane_dead} "
            "#{session_name}'\n"
            "capture-pane -p -t '=it'\\''s:'\n"
            "display-message -p 'N 1 #{version} " +
                pane_listing_format() + "'\n");
}

TEST(TmuxBatch, ReadsEachSection) {
  const auto panes = read({"a", "b", "c"}, section(0, "a", "one\n\n") + absent(1) + section(2, "c", "\n") + last(3));
  ASSERT_EQ(panes.size(), 3);
  expect_text(panes[0], "one\n\n");
  EXPECT_EQ(panes[1].status, Status::absent);
  expect_text(panes[2], "\n");
}

TEST(TmuxBatch, WithoutTheLastMarkerThereIsNoAnswer) {
  const std::string whole = section(0, "a", "one\n") + section(1, "b", "two\n") + last(2);
  const TmuxBatch batch({"a", "b"}, nonce);
  for (std::size_t length = 0; length < whole.size() - 2; ++length) {
    EXPECT_FALSE(batch.read(whole.substr(0, length))) << length;
  }
  EXPECT_TRUE(batch.read(whole));
  EXPECT_FALSE(batch.read("tmux has gone mad\n"));
}

TEST(TmuxBatch, ASectionWithAMissingNeighbourIsNotWhole) {
  const auto panes = read({"a", "b", "c", "d"}, section(0, "a", "one\n") + "two\n" + section(2, "c", "three\n") +
                                                    section(3, "d", "four\n") + last(4));
  ASSERT_EQ(panes.size(), 4);
  EXPECT_EQ(panes[0].status, Status::failed);  // its text may contain the next pane's
  EXPECT_EQ(panes[1].status, Status::failed);
  expect_text(panes[2], "three\n");
  expect_text(panes[3], "four\n");
}

TEST(TmuxBatch, TextThatLooksLikeMarkersIsText) {
  const std::string other(32, 'f');
  const std::string text =
      "N 1 $1 80 24 %1 0 b\n" + other + " 1 $1 80 24 %1 0 b\n " + nonce + " 1 $1 80 24 %1 0 b\n0123456789abcdef 1 \n";
  const auto panes = read({"a", "b"}, section(0, "a", text) + section(1, "b", "two\n") + last(2));
  ASSERT_EQ(panes.size(), 2);
  expect_text(panes[0], text);
  expect_text(panes[1], "two\n");
}

TEST(TmuxBatch, MarkersOutOfPlaceAreText) {
  const std::string text = section(0, "a", "") + nonce + "\n" + nonce + " x\n" + nonce + " 9\n" + nonce +
                           " 99999999999999999999999\n" + nonce + " -1\n" + nonce + " 1x\n";
  const auto panes = read({"a"}, section(0, "a", text) + last(1));
  ASSERT_EQ(panes.size(), 1);
  expect_text(panes[0], text);
}

TEST(TmuxBatch, AnAnswerForAnotherSessionIsNone) {
  const auto panes = read({"client-7"}, section(0, "other", "secret\n") + last(1));
  ASSERT_EQ(panes.size(), 1);
  EXPECT_EQ(panes[0].status, Status::absent);
  EXPECT_FALSE(panes[0].text);
}

TEST(TmuxBatch, TakesTheFirstPossibleNameThatExists) {
  const auto panes = read({"a.b"}, absent(0) + section(1, "a_b", "one\n") + last(2));
  ASSERT_EQ(panes.size(), 1);
  expect_text(panes[0], "one\n");
  expect_text(read({"a.b"}, section(0, "a.b", "dot\n") + section(1, "a_b", "line\n") + last(2))[0], "dot\n");
}

TEST(TmuxBatch, AnImpossibleNameIsAbsent) {
  const auto panes = read({"", "a", "x\ny"}, section(0, "a", "one\n") + last(1));
  ASSERT_EQ(panes.size(), 3);
  EXPECT_EQ(panes[0].status, Status::absent);
  expect_text(panes[1], "one\n");
  EXPECT_EQ(panes[2].status, Status::absent);
}

TEST(TmuxBatch, InvalidOutputIsNoScreen) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {section(0, "a", ""), "tmux gives no screen"},
      {section(0, "a", "caf\xc3\n"), "not valid UTF-8"},
      {section(0, "a", "\xff\xfe\n"), "not valid UTF-8"},
      {section(0, "a", "\xed\xa0\x80\n"), "not valid UTF-8"},
      {nonce + " 0 $1 80 x %1 0 a\none\n", "tmux names no size of the pane"},
      {nonce + " 0 $1 0 24 %1 0 a\none\n", "tmux names no size of the pane"},
      {nonce + " 0 $1 99999999999 24 %1 0 a\none\n", "tmux names no size of the pane"},
  };
  for (const auto& [output, why] : cases) {
    const auto panes = read({"a"}, output + last(1));
    ASSERT_EQ(panes.size(), 1);
    EXPECT_EQ(panes[0].status, Status::failed);
    EXPECT_EQ(panes[0].why, why);
  }
}

TEST(TmuxBatch, ReportsTheServersVersion) {
  const auto answer = TmuxBatch({"a"}, "N").read("N 0 $3 9 1 %4 0 a\nx\nN 1 3.3a\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->version, "3.3a");
}

}  // namespace
}  // namespace quotawatch::os
