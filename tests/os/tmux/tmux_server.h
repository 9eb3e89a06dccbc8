// A private tmux server for tests: its own socket in its own folder, no config, removed with the
// test. Screens are read back by session id, independently of how the code under test handles
// names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/os/support.h"

namespace quotawatch::os::testing_support {

class TmuxServer {
 public:
  TmuxServer();  // does not start it
  ~TmuxServer();
  TmuxServer(const TmuxServer&) = delete;
  TmuxServer& operator=(const TmuxServer&) = delete;

  static bool available();  // true if tmux is installed

  const std::string& socket_name() const { return socket_name_; }
  std::string socket_path() const;

  void start();
  void stop();  // asks it to exit and waits until it has
  void kill();  // with SIGKILL: its socket stays behind
  void suspend();
  void resume();
  bool running() const;

  // Creates the session if needed, and waits until its pane shows `text`.
  void show(const std::string& session, const std::string& text, int columns, int rows);
  // A further window of the session, not the active one, shows the text.
  void show_further(const std::string& session, const std::string& text);

  void remove(const std::string& session);

  // Creates a session in the same group as `other`: it shows the same windows.
  void link(const std::string& session, const std::string& other);

  // Ends the program in a session's pane; the pane stays as it is (remain-on-exit).
  void end_program(const std::string& session);

  // Replaces the program in the pane of a session created by show().
  void respawn(const std::string& session, const std::vector<std::string>& command);

  // Runs a tmux command and returns its output.
  std::string run(std::vector<std::string> arguments, std::string input = "");

  // The whole screen of a session created by show(), read directly from tmux.
  std::string screen(const std::string& session);

 private:
  TemporaryFolder folder_;
  Variable folder_variable_;
  std::string socket_name_;
  int process_ = 0;
  int screens_ = 0;
  std::map<std::string, std::string> ids_;
};

}  // namespace quotawatch::os::testing_support
