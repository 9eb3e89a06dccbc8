// A tmux server in memory.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/tmux.h"

namespace quotawatch::sim {

class FakeTmux final : public Tmux {
 public:
  // Sets the screen of a session, which is created if it does not exist. If no program runs in its pane
  // yet, one is started at `now`. "main:1.0" is a pane of `main` besides its active one.
  void show(const std::string& session, std::string text, int columns, int rows, std::optional<WallTime> now = {});

  // Captures of this session fail until its screen is set or it is removed.
  void fail(const std::string& session, std::string why);

  void remove(const std::string& session);

  // From now on both sessions show the pane of `other` (a linked window).
  void link(const std::string& session, const std::string& other);

  // Null if no pane has this id.
  const PaneCapture* find_pane(const std::string& id) const;

  // What its prompt shows from now on; nothing if no prompt is on the screen.
  void type(const std::string& id, const std::string& text);

  // What is known of a session's pane besides its screen, until it is gone.
  void use_client(const std::string& session, WallTime now);
  void set_mode(const std::string& session, bool on);
  void set_program(const std::string& session, std::string program, bool at_shell);

  // The program in its pane has ended, until its screen is set.
  void end_program(const std::string& session);

  // Another program is started in its pane; without a pane, the program of its next screen.
  void start_program(const std::string& session, WallTime now);

  // The same without a copy.
  void show(const std::string& session, std::shared_ptr<const std::string> text, int columns, int rows,
            std::optional<WallTime> now = {});

  // While the server is down, every capture fails. Its sessions reappear with it: a transcript
  // removes those that do not.
  void set_server_up(bool up, std::string why = "no server");

  TmuxCapture capture(const std::vector<std::string>& sessions) override;
  SessionList list_sessions() override;

 private:
  std::vector<PaneCapture> answer() const;
  std::vector<FurtherPane> further() const;
  void set_pane(const std::string& session, PaneCapture pane);
  const std::shared_ptr<PaneCapture>& pane_of(const std::string& session);

  std::map<std::string, std::shared_ptr<PaneCapture>> panes_;  // by session
  std::map<std::string, WallTime> starts_;                     // of programs whose session has no pane yet
  int panes_made_ = 0;
  bool server_up_ = true;
  std::string down_why_;

  // The last answer, returned again until something changes.
  bool changed_ = true;
  std::vector<std::string> asked_;
  std::vector<PaneCapture> answer_;
  std::vector<FurtherPane> further_;
};

}  // namespace quotawatch::sim
