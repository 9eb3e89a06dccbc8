// Types into real panes, and starts their programs again: the Keyboard of `run`.
//
// Owned by Production. Each stroke is one tmux process, which types only if the pane with exactly
// this id is there and in no mode at that moment. Waits by turning the event loop.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "os/hooks/hook_run.h"
#include "os/host/program_list.h"
#include "os/log.h"
#include "os/loop/event_loop.h"
#include "quotawatch/keyboard.h"

namespace quotawatch::os {

class TmuxKeyboard final : public Keyboard {
 public:
  struct Server {
    std::string socket_name;  // tmux's -L
    Milliseconds timeout;
  };

  // `log` gets what the user's program says.
  TmuxKeyboard(EventLoop& loop, Server server, Log log);

  void configure(Server server) { server_ = std::move(server); }

  // Called right before a program of the config is run: see HookRun.
  void set_check(HookRun::Check check) { program_.set_check(std::move(check)); }

  std::string why_not(const Stroke& stroke) override;
  std::string send(const Stroke& stroke) override;
  std::optional<std::string> read_typed(const std::string& pane) override;

  // Ends a program of the user's that still runs, for a monitor that stops.
  void abandon() { program_.abandon(); }

 private:
  std::string run_program(const Stroke& stroke);
  std::string ask(const std::string& command);
  std::optional<ListedProgram> program_in(const std::string& pane);
  bool shares_folder(const std::string& pane);

  EventLoop& loop_;
  Server server_;
  Log log_;
  HookRun program_;
};

// The text of a styled capture (`capture-pane -e`) without what is drawn faint: blanks stand for it.
std::string without_faint(std::string_view styled);

}  // namespace quotawatch::os
