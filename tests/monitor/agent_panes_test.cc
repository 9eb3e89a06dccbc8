// Which panes of the sessions are watched, how they are called, and what is remembered of them.
#include "quotawatch/agent_panes.h"

#include "tests/monitor/monitor_scene.h"

namespace quotawatch {
namespace {

// A screen of Claude Code with its prompt box below the last turn.
std::string agent_screen(const std::string& last_row) {
  const std::string rule = "────────────────────────────────────────────────────────────\n";
  return "❯ go on\n" + last_row + "\n\n" + rule + "❯ \n" + rule + "  ? for shortcuts\n";
}

const std::string working = agent_screen("● Looking at the files.");
const std::string stopped = agent_screen("  ⎿  You've hit your limit · resets 3pm (UTC)");
const std::string shell = "$ ls\nREADME.md\n$ \n";

// A tmux whose answers are written by the test.
class ScriptedTmux final : public Tmux {
 public:
  SessionList list_sessions() override { return {up, false, "", {"main"}}; }

  TmuxCapture capture(const std::vector<std::string>& sessions) override {
    EXPECT_EQ(sessions, (std::vector<std::string>{"main"}));
    if (!up) return all_failed(1, "no server");
    TmuxCapture capture;
    if (panes.empty()) capture.panes.emplace_back();
    for (std::size_t i = 0; i < panes.size(); ++i) {
      if (i == active) capture.panes.push_back(panes[i]);
      if (i != active) capture.further.push_back({0, panes[i]});
    }
    return capture;
  }

  // A pane "0.N" with this screen; its program began N seconds after the epoch.
  PaneCapture& add(const std::string& text) {
    PaneCapture pane{PaneCapture::Status::screen, std::make_shared<const std::string>(text), 80, 24, ""};
    const auto number = static_cast<int>(panes.size());
    pane.pane = fmt::format("%{}", 10 + number);
    pane.window_pane = fmt::format("0.{}", number);
    pane.program = "claude-test";
    pane.program_started = WallTime(seconds{number});
    panes.push_back(pane);
    return panes.back();
  }

  void show(std::size_t pane, const std::string& text) {
    panes.at(pane).text = std::make_shared<const std::string>(text);
  }

  void start_program(std::size_t pane, const std::string& program, bool at_shell) {
    panes.at(pane).program = program;
    panes.at(pane).at_shell = at_shell;
    panes.at(pane).program_started = WallTime(seconds{1000 + started++});
  }

  std::vector<PaneCapture> panes;
  std::size_t active = 0;
  bool up = true;

 private:
  int started = 0;
};

class AgentPanesTest : public MonitorTest {
 protected:
  AgentPanesTest() { config_.pack = "auto"; }

  Monitor make() { return Monitor(config_, Zone::utc(), judges_, {clock_, scripted_, switcher_, store_, journal_}); }

  void poll(Monitor& monitor) {
    clock_.wait_until(clock_.now().steady + minutes{1});
    monitor.poll();
  }

  static std::vector<std::string> names(const Monitor& monitor) {
    std::vector<std::string> all;
    for (const auto& session : monitor.view().sessions) all.push_back(session.name + " " + session.pane);
    return all;
  }

  using Names = std::vector<std::string>;
  ScriptedTmux scripted_;
};

TEST_F(AgentPanesTest, TheOnlyAgentIsTheSessionWhereverItRuns) {
  scripted_.add(shell);
  scripted_.add(working);
  Monitor monitor = make();
  poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main %11"});
  scripted_.show(1, stopped);
  poll(monitor);
  EXPECT_EQ(events(), "switch");
}

TEST_F(AgentPanesTest, WithoutAnAgentTheActivePaneStandsForTheSession) {
  scripted_.add(shell);
  scripted_.add("$ make\n");
  scripted_.active = 1;
  Monitor monitor = make();
  poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main %11"});
  EXPECT_FALSE(monitor.view().sessions[0].no_agent) << "none was seen";
  EXPECT_EQ(events(), "");
}

TEST_F(AgentPanesTest, SeveralAgentsAreWatchedEach) {
  scripted_.add(working);
  scripted_.add(shell);
  scripted_.add(stopped);
  Monitor monitor = make();
  poll(monitor);
  EXPECT_EQ(names(monitor), (Names{"main:0.0 %10", "main:0.2 %12"}));
  EXPECT_EQ(journal_.entries().back().event.session, "main:0.2");
  EXPECT_EQ(events(), "switch");
}

TEST_F(AgentPanesTest, AProgramThatAPackNamesIsAnAgentWhateverItShows) {
  scripted_.add(shell);
  scripted_.add("loading\n").program = "claude";
  Monitor monitor = make();
  poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main %11"});
}

// The banner of a session stays known by its pane when a second agent comes and goes.
TEST_F(AgentPanesTest, WhatIsRememberedFollowsThePane) {
  scripted_.add(stopped);
  Monitor monitor = make();
  poll(monitor);
  ASSERT_TRUE(monitor.state().in_flight);
  monitor.finish_switch();
  scripted_.add(working);
  for (int i = 0; i < 12; ++i) poll(monitor);
  EXPECT_EQ(names(monitor), (Names{"main:0.0 %10", "main:0.1 %11"}));
  scripted_.panes.pop_back();
  for (int i = 0; i < 12; ++i) poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main %10"});
  EXPECT_EQ(events().find("switch ", 1), std::string::npos) << events();
  EXPECT_NE(events().find("stale"), std::string::npos) << events();
}

TEST_F(AgentPanesTest, AnAgentThatIsGoneIsReportedOnceAndItsLeftoversAreNoHit) {
  scripted_.add(working);
  Monitor monitor = make();
  poll(monitor);
  scripted_.start_program(0, "bash", true);
  scripted_.show(0, stopped + "$ \n");
  poll(monitor);
  poll(monitor);
  EXPECT_EQ(events(), "no_agent");
  EXPECT_TRUE(monitor.view().sessions[0].no_agent);
  scripted_.start_program(0, "claude-test", false);
  scripted_.show(0, stopped);
  poll(monitor);
  EXPECT_FALSE(monitor.view().sessions[0].no_agent);
  EXPECT_EQ(events(), "no_agent switch");
}

// A pager or an editor that the agent starts does not end it.
TEST_F(AgentPanesTest, AnAgentsPaneStaysOneUntilItsProgramEnds) {
  scripted_.add(shell);
  scripted_.add(working);
  Monitor monitor = make();
  poll(monitor);
  scripted_.show(1, "~\n~\n-- INSERT --\n");
  poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main %11"});
  scripted_.start_program(1, "bash", true);
  poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main %10"});
}

TEST_F(AgentPanesTest, AServerThatIsDownLeavesThePanesAsTheyWere) {
  scripted_.add(working);
  scripted_.add(working);
  Monitor monitor = make();
  poll(monitor);
  scripted_.up = false;
  poll(monitor);
  EXPECT_EQ(names(monitor).size(), 2U);
  scripted_.up = true;
  scripted_.panes.clear();
  poll(monitor);
  EXPECT_EQ(names(monitor), Names{"main "});
}

}  // namespace
}  // namespace quotawatch
