// Which panes of the watched sessions are looked at: those in which an agent runs.
//
// Owned by Monitor, asked with each capture. A session with one agent is called by its name, wherever
// its pane is; with several, each is called `session:window.pane`; without any, its active pane stands
// for it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/judge.h"
#include "quotawatch/tmux.h"

namespace quotawatch {

// A session as the config names it, and the judge of its screens.
struct JudgedSession {
  std::string name;
  bool pool = true;
  Judge* judge = nullptr;
};

struct AgentPane {
  std::string name;
  std::size_t session = 0;  // the index of its session
  PaneCapture pane;
  bool no_agent = false;  // an agent ran in it, and its shell is left
  bool stand_in = false;  // no pane of the session is known to be an agent's: this is its active one
};

class AgentPanes {
 public:
  // At least one pane for each session, in their order; `capture` is of these sessions.
  std::vector<AgentPane> choose(const std::vector<JudgedSession>& sessions, TmuxCapture capture);

 private:
  // What is known of a pane, by tmux's id.
  struct Known {
    std::shared_ptr<const std::string> text = {};            // the screen last looked at
    std::optional<WallTime> program_started = std::nullopt;  // tells one program in it from the next
    bool agent = false;  // an agent's screen was seen, and its program has not ended since
    bool shell_left = false;
  };

  void look_at(const PaneCapture& pane, const Judge& judge);
  bool is_agent(const PaneCapture& pane) const;
  std::vector<AgentPane> choose_for(std::size_t session, const std::string& name,
                                    const std::vector<PaneCapture>& panes) const;
  std::vector<AgentPane> failed_panes(std::size_t session, const std::string& name, const PaneCapture& failed) const;

  void remember_several(const std::vector<JudgedSession>& sessions, const std::vector<AgentPane>& chosen);

  std::map<std::string, Known> known_;
  // The panes of sessions that had several at the last call, in order: the session's name, and the pane's.
  std::vector<std::pair<std::string, std::string>> several_;
};

}  // namespace quotawatch
