// Reads what `tmux -C` says: the answer to one request at a time.
//
// Pure text, fed by TmuxControl. tmux puts what each command prints between a `%begin` and
// an `%end` line. Whoever draws a pane can draw such lines too; so a screen ends where its
// known number of rows does, and at nothing else. Anything unforeseen breaks the reader for
// good, for one that is out of step could take one pane's text for another's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/tmux/tmux_listing.h"

namespace quotawatch::os {

struct TmuxReply {
  std::vector<ListedSession> sessions;
  // By session id, of those that were asked for; fewer where one is no more, for tmux goes
  // no further then. Rows with their newlines.
  std::map<std::string, std::string> screens;
};

class TmuxControlReader {
 public:
  // Until a line of exactly this text comes, everything is of the start and skipped.
  explicit TmuxControlReader(std::string greeting) : greeting_(std::move(greeting)) {}

  // The client is attached. What is said before that, tmux may do before it makes the session.
  bool attached() const { return attached_; }

  // What a client says then, so that tmux answers with the greeting.
  std::string greet() const;

  // The command that makes the session of this client ready to be asked.
  static std::vector<std::string> prepare();

  // What asks for a list of all sessions and the screens of these; their reply is read next.
  // `own`: the session that this client is attached to, which keeps the commands.
  std::string ask(std::string_view own, std::vector<std::string> ids);

  void feed(std::string_view bytes);

  bool ready() const { return phase_ == Phase::idle; }
  bool broken() const { return phase_ == Phase::broken; }
  const std::string& problem() const { return problem_; }

  // The reply to what was asked, once it is whole.
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
  std::string commands_;  // that the session keeps
  TmuxReply reply_;
  int own_blocks_due_ = 0;            // of the lines that ask
  int own_blocks_ = 0;                // of these, that have ended
  std::size_t told_blocks_ = 0;       // of what they run, that have ended
  std::optional<std::string> guard_;  // of the block being read
  bool own_block_ = false;
  std::size_t rows_ = 0;  // that it has if all is well
  std::size_t rows_read_ = 0;
  std::string content_;
  bool reply_whole_ = false;
};

}  // namespace quotawatch::os
