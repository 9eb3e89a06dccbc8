// Agents that write about themselves: processes that do nothing, and files as Claude Code and Codex write them, in a
// folder of the test. What stands in these files are recorded entries with other times.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "os/loop/child_process.h"
#include "quotawatch/testimony.h"
#include "quotawatch/tmux.h"
#include "tests/os/support.h"

namespace quotawatch::os::testing_support {

class Agents {
 public:
  // Starts a program for the session's pane. `arguments` must print "ready".
  PaneCapture start(const std::string& session, std::vector<std::string> arguments,
                    const std::vector<std::pair<std::string, std::string>>& variables = {});

  int process(const std::string& session) const { return processes_.at(session)->process_id(); }

  // A Claude Code of this config folder, and one that lists itself there with a conversation of its own.
  PaneCapture start_claude_code(const std::string& session);
  void list(const std::string& session, const std::string& conversation);

  // Its conversation's file.
  std::string conversation_file(const std::string& conversation) const;

  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  EventLoop loop_;
  std::map<std::string, std::unique_ptr<ChildProcess>> processes_;
};

// The line that Claude Code, or Codex, writes.
std::string claude_code_line(const Testimony& testimony);
std::vector<std::string> codex_lines(const Testimony& testimony);

void append(const std::string& path, const std::string& line);

}  // namespace quotawatch::os::testing_support
