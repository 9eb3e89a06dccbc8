// The real witness: what Claude Code and Codex write about the conversation that runs in a pane, and what Claude Code's
// hook says.
//
// Owned by Production and asked by Monitor at each poll. A file that has not changed is not read again. Which file: by
// the program in the pane's foreground, which says so itself (Claude Code: its list of what runs) or has it open
// (Codex); where two could be meant, or none, nothing is known.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "os/log.h"
#include "os/records/hook_message.h"
#include "quotawatch/witness.h"

namespace quotawatch::os {

class ProgramRecords final : public Witness {
 public:
  // `log` gets a line for a record that cannot be read, once each.
  ProgramRecords(const std::vector<std::string>& programs, std::string tmux_server, Log log) : log_(std::move(log)) {
    configure(programs, std::move(tmux_server));
  }

  // `tmux_server`: the name of its socket.
  void configure(const std::vector<std::string>& programs, std::string tmux_server);

  // What a hook has said, at this time. Dropped where no pane of the last poll is meant, or several could be.
  void hear(const HookMessage& message, WallTime at);

  std::optional<Testimony> ask(const std::string& session, const PaneCapture& pane) override;

 private:
  struct Record {
    std::string path;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;
    std::int64_t changed_ns = 0;
    bool reported = false;
    std::optional<Testimony> testimony;
  };

  // A pane that was asked about, and what the hook of its program said.
  struct Asked {
    int process = 0;
    std::optional<Testimony> heard;
  };
  using AskedPanes = std::map<std::string, Asked>;  // by tmux's id

  std::optional<Testimony> ask_record(const std::string& session, const PaneCapture& pane);
  AskedPanes::iterator find_pane(const HookMessage& message);
  std::string find_claude_code(int process) const;
  std::string find_codex(int process) const;
  bool is_changed(Record& record) const;
  std::optional<Testimony> read(const std::string& path, bool codex) const;

  Log log_;
  std::string tmux_server_;
  bool claude_code_ = false;
  bool codex_ = false;
  std::map<std::string, Record> records_;  // by tmux's id of the pane
  AskedPanes asked_;
};

// What the conversation file, or the rollout, says of its last turn.
std::optional<Testimony> read_claude_code_record(const std::string& path);
std::optional<Testimony> read_codex_record(const std::string& path);

}  // namespace quotawatch::os
