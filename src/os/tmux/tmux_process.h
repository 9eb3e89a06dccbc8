// Captures panes with one tmux process per capture, however many sessions are requested.
//
// The transport while there is no lasting connection. The process reads its commands from stdin. Where
// a session has panes that the last capture did not know, a second process captures them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/loop/event_loop.h"
#include "os/tmux/tmux_batch.h"
#include "os/tmux/tmux_transport.h"

namespace quotawatch::os {

// What one process of tmux said.
struct TmuxRun {
  bool ended = false;        // by itself, with an output that is not too long
  bool interrupted = false;  // a stop was requested before
  std::string output = {};
  std::string why = {};  // if the output is not what was asked for
};

// Runs these commands in one process, which never starts a server. Waits by turning the event loop.
TmuxRun run_tmux(EventLoop& loop, const std::string& socket_name, const std::string& script, std::size_t output_limit,
                 Milliseconds timeout);

class TmuxProcess final : public TmuxTransport {
 public:
  // `socket_name`: tmux's -L, in the folder given by TMUX_TMPDIR. $TMUX, the server that we may be
  // running in, is ignored.
  TmuxProcess(EventLoop& loop, std::string socket_name);

  TmuxCapture capture(const std::vector<std::string>& sessions, Milliseconds timeout) override;
  SessionList list_sessions(Milliseconds timeout) override;
  std::string_view description() const override { return "one tmux process a poll"; }

  // The version of the server that answered last.
  const std::string& version() const { return version_; }

 private:
  TmuxCapture ask(const TmuxBatch& batch, std::size_t sessions, Milliseconds timeout);

  EventLoop& loop_;
  std::string socket_name_;
  std::string version_;
  std::vector<std::string> further_;  // ids of the panes that are captured besides the active ones
  std::optional<TmuxAnswer> answer_;  // to the last batch
};

}  // namespace quotawatch::os
