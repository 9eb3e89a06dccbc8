// Parsing the output of `tmux -C`: complete replies, replies that break off, and panes that draw
// tmux's own protocol lines.
#include "os/tmux/tmux_control_reader.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

constexpr const char* listing = "$1 9 2 %1 0 1 a $2 9 3 %2 0 1 b ;%1 $1 0.0 7 9 2 0 0 0 1 %2 $2 0.0 8 9 3 0 0 0 1 .";

// The protocol lines around a command's output; `flags` is 1 for a command sent by the client
// itself.
std::string block(int number, const std::string& content, int flags = 0, const std::string& end = "end") {
  const std::string guard = "7 " + std::to_string(number) + " " + std::to_string(flags);
  return "%begin " + guard + "\n" + content + "%" + end + " " + guard + "\n";
}

class TmuxControlReaderTest : public testing::Test {
 protected:
  TmuxControlReaderTest() {
    reader_.feed("%begin 7 1 0\nanything\n%end 7 1 0\n%sessions-changed\n" + block(2, "HELLO\n", 1));
    EXPECT_TRUE(reader_.ready());
    reader_.ask("own", {"$1", "$2"});
    EXPECT_FALSE(reader_.ready());
  }

  // tmux's output for storing the commands, and for running them.
  static std::string begun() { return block(2, "", 1) + begun_again(); }
  static std::string begun_again() { return block(3, "", 1) + block(4, ""); }

  // The rest of a reply in which session a shows `screen`.
  static std::string rest_of_reply(const std::string& screen) {
    return block(5, std::string(listing) + "\n") + block(6, screen) + block(7, "x\ny\nz\n") + block(8, "", 1);
  }

  void expect_broken(const std::string& text, const std::string& problem) {
    TmuxControlReader reader("HELLO");
    reader.feed(block(2, "HELLO\n", 1));
    reader.ask("own", {"$1", "$2"});
    reader.feed(text);
    EXPECT_TRUE(reader.broken()) << text;
    EXPECT_EQ(reader.problem(), problem) << text;
    EXPECT_FALSE(reader.take_reply());
    reader.feed(begun() + rest_of_reply("1\n2\n"));
    EXPECT_FALSE(reader.take_reply()) << "for good";
  }

  TmuxControlReader reader_{"HELLO"};
};

TEST_F(TmuxControlReaderTest, ReadsAnAnswerHoweverItIsCut) {
  reader_.feed(begun() + rest_of_reply("1\n2\n"));
  ASSERT_TRUE(reader_.take_reply());
  const std::string text = begun_again() + rest_of_reply("1\n\n");
  for (std::size_t cut = 1; cut <= text.size(); ++cut) {
    reader_.ask("own", {"$1", "$2"});
    for (std::size_t at = 0; at < text.size(); at += cut) {
      EXPECT_FALSE(reader_.take_reply());
      reader_.feed(text.substr(at, cut));
    }
    const auto reply = reader_.take_reply();
    ASSERT_TRUE(reply) << cut << reader_.problem();
    EXPECT_EQ(reply->sessions.size(), 2U);
    EXPECT_EQ(reply->screens.at("$1"), "1\n\n");
    EXPECT_EQ(reply->screens.at("$2"), "x\ny\nz\n");
    EXPECT_TRUE(reader_.ready());
  }
}

// A pane may draw the right time and number: its rows remain rows.
TEST_F(TmuxControlReaderTest, GuardsThatAPaneDrawsAreRows) {
  for (const std::string screen : {"%end 7 6 0\n%begin 7 7 0\n", "%error 7 6 0\n%end 7 6 0\n", "x\n%error 7 6 0\n",
                                   "%end 7 8 1\n%exit\n", "HELLO\n%sessions-changed\n"}) {
    TmuxControlReader reader("HELLO");
    reader.feed(block(2, "HELLO\n", 1));
    reader.ask("own", {"$1", "$2"});
    reader.feed(begun() + rest_of_reply(screen));
    const auto reply = reader.take_reply();
    ASSERT_TRUE(reply) << screen << reader.problem();
    EXPECT_EQ(reply->screens.at("$1"), screen);
    EXPECT_EQ(reply->screens.at("$2"), "x\ny\nz\n");
  }
}

TEST_F(TmuxControlReaderTest, AMissingSessionEndsTheReplyEarly) {
  reader_.feed(begun() + block(5, "$2 9 3 %2 0 1 b ;.\n") + block(6, "can't find session: $1\n", 0, "error") +
               block(8, "", 1));
  const auto reply = reader_.take_reply();
  ASSERT_TRUE(reply) << reader_.problem();
  EXPECT_EQ(reply->sessions.size(), 1U);
  EXPECT_TRUE(reply->screens.empty());
}

TEST_F(TmuxControlReaderTest, NotificationsBetweenRepliesAreSkipped) {
  reader_.feed("%window-add @7\n%sessions-changed\n" + begun() + rest_of_reply("1\n2\n") +
               "%session-renamed $1 other\n");
  EXPECT_TRUE(reader_.take_reply()) << reader_.problem();
  EXPECT_TRUE(reader_.ready());
}

TEST_F(TmuxControlReaderTest, UnexpectedOutputBreaksItForGood) {
  const std::string listed = begun() + block(5, std::string(listing) + "\n");
  expect_broken("what is this\n", "tmux says what nobody asked");
  expect_broken(block(3, "no such option\n", 1, "error"), "tmux refuses: no such option");
  expect_broken(block(2, "", 1) + block(3, "", 1) + block(4, "no such shell\n", 0, "error"),
                "tmux refuses: no such shell");
  expect_broken(begun() + block(5, "no sessions\n", 0, "error"), "tmux says more than was asked");
  expect_broken(begun() + block(5, "no list.\n"), "tmux gives no list of sessions");
  expect_broken(begun() + block(5, "$1 9 2 %1 0 1 a ;\n"), "tmux gives no whole list of sessions");
  expect_broken(begun() + block(8, "", 1), "tmux gives no list of sessions");
  expect_broken(block(2, "", 1) + block(3, "", 1) + block(8, "", 1), "tmux gives no list of sessions");
  expect_broken(listed + block(6, "one row\n") + "more\n", "tmux says more than was asked");
  expect_broken(listed + block(6, "1\n2\n3\n"), "tmux says more than was asked");
  expect_broken(listed + block(6, "1\n2\n") + block(7, "1\n2\n3\n") + block(9, "x\n"), "tmux answers too often");
  expect_broken(begun() + rest_of_reply("1\n2\n") + block(9, "x\n"), "tmux answers what nobody asked");
}

TEST_F(TmuxControlReaderTest, TooMuchIsNoAnswer) {
  reader_.feed(begun() + block(5, std::string(listing) + "\n"));
  reader_.feed("%begin 7 6 0\n");
  const std::string megabyte(std::size_t{1} << 20U, 'x');
  for (int i = 0; i < 20 && !reader_.broken(); ++i) reader_.feed(megabyte);
  EXPECT_TRUE(reader_.broken());
}

// Only these commands: the session stores them from one request to the next.
TEST_F(TmuxControlReaderTest, StoresItsCommandsOnlyWhenTheyChange) {
  TmuxControlReader reader("HELLO");
  reader.feed(block(2, "HELLO\n", 1));
  const auto lines = [&](std::vector<std::string> ids, const std::string& answer) {
    const std::string text = reader.ask("own", std::move(ids));
    reader.feed(answer);
    EXPECT_TRUE(reader.take_reply()) << text << reader.problem();
    return text;
  };
  const std::string both = lines({"$1", "$2"}, begun() + rest_of_reply("1\n2\n"));
  EXPECT_EQ(std::count(both.begin(), both.end(), '\n'), 3);
  EXPECT_EQ(both.find("set-environment -t '=own:' "), 0U) << both;
  EXPECT_NE(both.find("\\ncapture-pane -p -t '\\$2:'\""), std::string::npos) << both;
  const std::string again = lines({"$1", "$2"}, begun_again() + rest_of_reply("1\n2\n"));
  EXPECT_EQ(again, both.substr(both.find('\n') + 1));
  EXPECT_EQ(again.find("set-hook -R -t '=own:' @"), 0U) << again;
  const std::string list = block(5, std::string(listing) + "\n");
  EXPECT_EQ(lines({"$2"}, begun() + list + block(6, "1\n2\n3\n") + block(8, "", 1)).find("set-env"), 0U);
  EXPECT_EQ(lines({"$1", "$2"}, begun() + rest_of_reply("1\n2\n")), both);
}

}  // namespace
}  // namespace quotawatch::os
