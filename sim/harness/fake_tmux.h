// A tmux server made of values: sessions come, go, and show what they are given.
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
  // The session shows `text` from now on; it is made if it does not exist. If no program runs in its
  // pane yet, one was started at `now`. "main:1.0" is a pane of `main` besides its active one.
  void show(const std::string& session, std::string text, int columns, int rows, std::optional<WallTime> now = {});

  // Captures of this session fail until it shows something or is gone.
  void fail(const std::string& session, std::string why);

  void remove(const std::string& session);

  // Shows from now on the pane of `other` (a linked window): what one of them shows then, the
  // other shows, too.
  void link(const std::string& session, const std::string& other);

  // Null if no pane has this id.
  const PaneCapture* find_pane(const std::string& id) const;

  // What its prompt shows from now on; nothing where no prompt is seen.
  void type(const std::string& id, const std::string& text);

  // What is known of a session's pane besides its screen, until it is gone.
  void use_client(const std::string& session, WallTime now);
  void set_mode(const std::string& session, bool on);
  void set_program(const std::string& session, std::string program, bool at_shell);

  // The program in its pane has ended, until the pane shows something.
  void end_program(const std::string& session);

  // The program in its pane was started afresh; where the session has no pane yet, the one of its
  // next screen was.
  void start_program(const std::string& session, WallTime now);

  // The same, of a screen that is kept elsewhere.
  void show(const std::string& session, std::shared_ptr<const std::string> text, int columns, int rows,
            std::optional<WallTime> now = {});

  // A server that is down fails every capture; its sessions are there again
  // when it is back, since a transcript says so where they are not.
  void set_server_up(bool up, std::string why = "no server");

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

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

  // The last answer, handed out again as long as nothing has changed.
  bool changed_ = true;
  std::vector<std::string> asked_;
  std::vector<PaneCapture> answer_;
  std::vector<FurtherPane> further_;
};

}  // namespace quotawatch::sim
