// A private tmux server for tests: its own socket in its own folder, no config,
// gone with the test. What panes show is read back by session id, so that the code
// under test is held against something that does not share its idea of names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/os/support.h"

namespace quotawatch::os::testing_support {

class TmuxServer {
 public:
  TmuxServer();  // not started
  ~TmuxServer();
  TmuxServer(const TmuxServer&) = delete;
  TmuxServer& operator=(const TmuxServer&) = delete;

  static bool available();  // is tmux installed?

  const std::string& socket_name() const { return socket_name_; }
  std::string socket_path() const;

  void start();
  void stop();  // tells it to end and waits until it has
  void kill();  // with SIGKILL: its socket stays behind
  void suspend();
  void resume();
  bool running() const;

  // Makes the session if there is none yet, and waits until its pane shows `text`.
  void show(const std::string& session, const std::string& text, int columns, int rows);
  void remove(const std::string& session);

  // A new session of the same group as `other`: it shows the same windows.
  void link(const std::string& session, const std::string& other);

  // The program in the pane of a session ends, and the pane stays as it is (remain-on-exit).
  void end_program(const std::string& session);

  // A program takes the place of the one in the pane of a session that show() made.
  void respawn(const std::string& session, const std::vector<std::string>& command);

  // Runs a tmux command; its output.
  std::string run(std::vector<std::string> arguments, std::string input = "");

  // The whole screen of a session that show() made, straight from tmux.
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
