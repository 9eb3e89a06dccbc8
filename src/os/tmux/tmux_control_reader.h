// Parses the output of `tmux -C`: the reply to one request at a time.
//
// Pure text, fed by TmuxControl. tmux prints the output of each command between a `%begin` and an
// `%end` line. Text in a pane can look like these lines, so a screen ends after its known number of
// rows and at nothing else. Any unexpected line breaks the reader for good: out of step, it could
// take one pane's text for another's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/tmux/tmux_listing.h"
#include "os/tmux/tmux_panes.h"

namespace quotawatch::os {

struct TmuxReply {
  std::vector<ListedSession> sessions;
  std::vector<ListedPane> panes;
  // Rows with their newlines, by the id that was asked for. If a session or pane has ended, it and
  // those after it are missing, because tmux stops at the first command that fails.
  std::map<std::string, std::string> screens;
};

class TmuxControlReader {
 public:
  // Everything before a line with exactly this text is skipped.
  explicit TmuxControlReader(std::string greeting) : greeting_(std::move(greeting)) {}

  // True once the client is attached. Commands sent before that may run before the session exists.
  bool attached() const { return attached_; }

  // The command to send once attached; tmux answers it with the greeting.
  std::string greet() const;

  // The command that prepares this client's session for requests.
  static std::vector<std::string> prepare();

  // The command that requests a list of all sessions and panes, and the screens of these: a session's
  // id ("$3") stands for its active pane. Their reply is read next. `own`: the session that this client is attached to,
  // which stores the commands.
  std::string ask(std::string_view own, std::vector<std::string> ids);

  void feed(std::string_view bytes);

  bool ready() const { return phase_ == Phase::idle; }
  bool broken() const { return phase_ == Phase::broken; }
  const std::string& problem() const { return problem_; }

  // The reply, once it is complete.
  std::optional<TmuxReply> take_reply();

 private:
  enum class Phase { starting, idle, replying, broken };

  void take_line(std::string_view line);
  void begin_block(std::string_view guard);
  void take_content(std::string_view line);
  void end_block(bool good);
  void end_own_block();
  void take_list(std::string_view line);
  std::size_t content_rows() const;
  void fail(std::string problem);

  std::string greeting_;
  Phase phase_ = Phase::starting;
  bool attached_ = false;
  bool greeted_ = false;
  std::string problem_;
  std::string begun_line_;
  std::size_t fed_ = 0;  // bytes since the request

  std::vector<std::string> asked_;
  std::string commands_;  // stored in the session
  TmuxReply reply_;
  int own_blocks_due_ = 0;            // blocks expected for the request's own lines
  int own_blocks_ = 0;                // of these, how many have ended
  std::size_t run_blocks_ = 0;        // of the commands run by the hook
  std::optional<std::string> guard_;  // of the current block
  bool own_block_ = false;
  std::size_t rows_ = 0;  // expected in the current block
  std::size_t rows_read_ = 0;
  std::string content_;
  bool reply_whole_ = false;
};

}  // namespace quotawatch::os
