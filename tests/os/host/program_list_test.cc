// Which conversation runs in a pane, by what the programs write: made-up config folders, and a process of
// ours that stands for the agent.
#include "os/host/program_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "os/loop/child_process.h"
#include "os/loop/process_status.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using namespace testing_support;

const std::string one = "a70db2c2-72fb-4342-a87f-c595a12642a7";
const std::string two = "01a22b73-92fd-7fa2-88eb-f8a13cfcd00c";

class ProgramListTest : public testing::Test {
 protected:
  ProgramListTest() {
    std::filesystem::create_directories(folder_ / "sessions");
    start({"sh", "-c", "echo ready; exec sleep 60"});
  }

  // Starts the agent in the place of the one before.
  void start(std::vector<std::string> arguments,
             const std::vector<std::pair<std::string, std::string>>& variables = {}) {
    std::string output;
    agent_.reset();
    agent_ = std::make_unique<ChildProcess>(
        loop_, ChildProcess::Command{std::move(arguments), {variables.begin(), variables.end()}, ""},
        ChildProcess::Handlers{[&](std::string_view bytes) { output += bytes; }, {}, {}});
    ASSERT_TRUE(eventually([&] { return output.find("ready") != std::string::npos; }, &loop_));
  }

  int agent() const { return agent_->process_id(); }

  static std::uint64_t start_of(int process) { return read_process_status(process)->started_ticks; }

  void list(std::string_view name, int process, std::uint64_t start, const std::string& conversation,
            std::string_view status = "idle") {
    write_file(
        folder_ / fmt::format("sessions/{}.json", name),
        fmt::format(R"({{"pid":{},"sessionId":"{}","cwd":"/home/dev","startedAt":1795980871373,"procStart":"{}",)"
                    R"("tmux":"main:@0.%0","status":"{}"}})",
                    process, conversation, start, status));
  }

  std::optional<ListedProgram> find(int process) const { return find_listed_program(process, {folder_.path()}); }

  TemporaryFolder folder_;
  EventLoop loop_;
  std::unique_ptr<ChildProcess> agent_;
};

TEST_F(ProgramListTest, SaysTheConversationAndWhetherItWorks) {
  list("1", agent(), start_of(agent()), one);
  ASSERT_TRUE(find(agent()));
  EXPECT_EQ(find(agent())->process, agent());
  EXPECT_EQ(find(agent())->conversation, one);
  EXPECT_FALSE(find(agent())->busy);
  list("1", agent(), start_of(agent()), one, "busy");
  EXPECT_TRUE(find(agent())->busy);
}

// A shell in the pane may have started it.
TEST_F(ProgramListTest, FindsAProgramBelowThePanesProcess) {
  start({"sh", "-c", "sh -c 'echo $$ >\"$0\"; echo ready; exec sleep 60' \"$0\"; true", folder_ / "below"});
  int below = 0;
  ASSERT_TRUE(eventually([&] { return (below = std::atoi(read_file(folder_ / "below").c_str())) > 0; }));
  list("1", below, start_of(below), one);
  ASSERT_TRUE(find(agent()));
  EXPECT_EQ(find(agent())->conversation, one);
}

TEST_F(ProgramListTest, AnotherPanesProgramIsNotMeant) {
  list("1", ::getpid(), start_of(::getpid()), one);
  EXPECT_FALSE(find(agent()));
}

// A program that was killed leaves its file, and its number is used again.
TEST_F(ProgramListTest, AFileThatWasLeftBehindSaysNothing) {
  list("1", agent(), start_of(agent()) - 1, one);
  EXPECT_FALSE(find(agent()));
  list("1", 999'999'999, 1, one);
  EXPECT_FALSE(find(agent()));
}

TEST_F(ProgramListTest, TwoConversationsAreNone) {
  list("1", agent(), start_of(agent()), one);
  list("2", agent(), start_of(agent()), one);
  EXPECT_TRUE(find(agent()));
  list("2", agent(), start_of(agent()), two);
  EXPECT_FALSE(find(agent()));
}

// The id becomes an argument of a command.
TEST_F(ProgramListTest, WhatIsNoIdIsNotTaken) {
  for (const std::string id :
       {"", "short", "--dangerous-option", "a b c d e f g h", "$(reboot) 12345678", "../../../etc"}) {
    list("1", agent(), start_of(agent()), id);
    EXPECT_FALSE(find(agent())) << id;
  }
}

TEST_F(ProgramListTest, DamagedFilesAndOthersAreIgnored) {
  write_file(folder_ / "sessions/0.json", "{\"pid\":");
  write_file(folder_ / "sessions/3.json", "[]");
  write_file(folder_ / "sessions/4.json", R"({"pid":"7","sessionId":7})");
  write_file(folder_ / "sessions/1.key", "secret");
  list("1", agent(), start_of(agent()), one);
  ASSERT_TRUE(find(agent()));
  EXPECT_EQ(find(agent())->conversation, one);
  EXPECT_FALSE(find_listed_program(agent(), {folder_ / "nowhere"}));
}

TEST_F(ProgramListTest, LooksInTheFolderThatTheProgramWasGiven) {
  start({"sh", "-c", "echo ready; exec sleep 60"}, {{"CLAUDE_CONFIG_DIR", folder_.path()}});
  list("1", agent(), start_of(agent()), one);
  ASSERT_TRUE(find_program(agent()));
  EXPECT_EQ(find_program(agent())->conversation, one);
}

class OpenConversationTest : public ProgramListTest {
 protected:
  std::string rollout(const std::string& id, const std::string& first_line) {
    const std::string file = folder_ / fmt::format("rollout-2026-11-30T08-55-24-{}.jsonl", id);
    write_file(file, first_line + "\n{\"type\":\"event_msg\"}\n");
    return file;
  }

  static std::string meta(const std::string& id, const std::string& source = "\"cli\"") {
    return fmt::format(R"({{"timestamp":"2026-11-30T07:55:30.396Z","type":"session_meta","payload":{{"id":"{}",)"
                       R"("cwd":"/home/dev","cli_version":"0.120.0","source":{}}}}})",
                       id, source);
  }

  // An agent that has these files open.
  void open(const std::string& first, const std::string& second = "/dev/null") {
    start({"sh", "-c", "exec 8>>\"$0\" 9>>\"$1\"; echo ready; exec sleep 60", first, second});
  }
};

TEST_F(OpenConversationTest, IsTheOneThatTheProgramHasOpen) {
  rollout(one, meta(one));
  open(rollout(two, meta(two)));
  ASSERT_TRUE(find_open_conversation(agent()));
  EXPECT_EQ(find_open_conversation(agent())->conversation, two);
  EXPECT_EQ(find_program(agent())->conversation, two);
}

TEST_F(OpenConversationTest, ASubAgentsIsNotIt) {
  open(rollout(one, meta(one)), rollout(two, meta(two, R"({"subagent":"review"})")));
  ASSERT_TRUE(find_open_conversation(agent()));
  EXPECT_EQ(find_open_conversation(agent())->conversation, one);
}

TEST_F(OpenConversationTest, TwoAreNone) {
  open(rollout(one, meta(one)), rollout(two, meta(two)));
  EXPECT_FALSE(find_open_conversation(agent()));
}

TEST_F(OpenConversationTest, AFileThatSaysOtherwiseIsNone) {
  for (const auto& line : {std::string("{"), std::string("[]"), meta(two), meta("--option-12345"),
                           std::string(R"({"type":"session_meta"})")}) {
    open(rollout(one, line));
    EXPECT_FALSE(find_open_conversation(agent())) << line;
  }
  EXPECT_FALSE(find_open_conversation(999'999'999));
}

}  // namespace
}  // namespace quotawatch::os
