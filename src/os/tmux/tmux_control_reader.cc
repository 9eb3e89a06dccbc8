#include "os/tmux/tmux_control_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "os/tmux/tmux_batch.h"

namespace quotawatch::os {
namespace {

// The session's hook that runs the commands, and the environment variable that holds them.
constexpr std::string_view hook = "@quotawatch";
constexpr std::string_view variable = "QUOTAWATCH_ASKS";

// tmux ≥ 3.7 silently truncates formats that take too long to expand.
constexpr std::string_view list_end_format = "#{?session_id,.,}";
constexpr char list_end = '.';
constexpr char list_separator = ';';

// The commands print an empty block, the list, and the screens.
constexpr std::size_t list_block = 1;
constexpr std::size_t first_screen_block = 2;

constexpr std::string_view begin_guard = "%begin ";
constexpr std::string_view end_guard = "%end ";
constexpr std::string_view error_guard = "%error ";

bool is_guard(std::string_view line, std::string_view kind, std::string_view guard) {
  return line.starts_with(kind) && line.substr(kind.size()) == guard;
}

}  // namespace

std::string TmuxControlReader::greet() const {
  assert(attached_ || broken());
  return fmt::format("display-message -p '{}'\n", greeting_);
}

std::vector<std::string> TmuxControlReader::prepare() {
  return {"set-option", std::string(hook), fmt::format("run-shell -C '#{{{}}}'", variable)};
}

// The commands run from a hook of our session, because commands in hooks do not fire the user's
// hooks. Running stops at the first command that fails; the line after the hook, which does
// nothing, marks the end of the reply. The commands are kept in the session's environment, not in
// the hook option: setting an option redraws all clients.
std::string TmuxControlReader::ask(std::string_view own, std::vector<std::string> ids) {
  assert(phase_ != Phase::replying);
  std::string commands = fmt::format("display-message -p '#{{S:{}}}{}{}{}'", listing_format(), list_separator,
                                     pane_listing_format(), list_end_format);
  for (const auto& id : ids) {
    const std::string target = id.starts_with('$') ? "\\" + id + ":" : id;
    commands += fmt::format("\\ncapture-pane -p -t '{}'", target);
  }
  asked_ = std::move(ids);
  reply_ = {};
  reply_whole_ = false;
  own_blocks_ = 0;
  run_blocks_ = 0;
  fed_ = 0;
  if (phase_ == Phase::idle) phase_ = Phase::replying;
  std::string lines = fmt::format("set-hook -R -t '={}:' {}\nstart-server\n", own, hook);
  own_blocks_due_ = 2;
  if (commands == commands_) return lines;
  ++own_blocks_due_;
  commands_ = std::move(commands);
  return fmt::format("set-environment -t '={}:' {} \"{}\"\n", own, variable, commands_) + lines;
}

void TmuxControlReader::feed(std::string_view bytes) {
  fed_ += bytes.size();
  if (fed_ > tmux_output_limit(asked_.size())) {
    fail("tmux says too much: more than any number of panes can hold");
  }
  while (!bytes.empty() && phase_ != Phase::broken) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      begun_line_ += bytes;
      return;
    }
    if (begun_line_.empty()) {
      take_line(bytes.substr(0, end));
    } else {
      begun_line_ += bytes.substr(0, end);
      take_line(std::exchange(begun_line_, {}));
    }
    bytes.remove_prefix(end + 1);
  }
}

void TmuxControlReader::take_line(std::string_view line) {
  if (phase_ == Phase::starting) {
    if (greeted_ && line.starts_with(end_guard)) {
      phase_ = Phase::idle;
      fed_ = 0;
    }
    attached_ = attached_ || line.starts_with("%session-changed ");
    greeted_ = greeted_ || line == greeting_;
  } else if (guard_) {
    take_content(line);
  } else if (line.starts_with(begin_guard)) {
    begin_block(line.substr(begin_guard.size()));
  } else if (!line.starts_with('%') && !line.empty()) {
    fail("tmux says what nobody asked");
  }
}

// A guard line has a time, a number and flags; the flags are 1 for a command sent by this client.
void TmuxControlReader::begin_block(std::string_view guard) {
  if (phase_ != Phase::replying) return fail("tmux answers what nobody asked");
  own_block_ = guard.ends_with(" 1");
  if (!own_block_ && run_blocks_ >= first_screen_block + asked_.size()) return fail("tmux answers too often");
  guard_ = guard;
  rows_ = content_rows();
  rows_read_ = 0;
  content_.clear();
}

// The expected number of rows of the current block.
std::size_t TmuxControlReader::content_rows() const {
  assert(own_block_ || run_blocks_ < first_screen_block + asked_.size());
  if (own_block_ || run_blocks_ == 0) return 0;
  if (run_blocks_ == list_block) return 1;
  const std::string& id = asked_[run_blocks_ - first_screen_block];
  const auto pane = std::ranges::find(reply_.panes, id, &ListedPane::pane);
  if (pane != reply_.panes.end()) return static_cast<std::size_t>(pane->rows);
  const auto session = std::ranges::find(reply_.sessions, id, &ListedSession::id);
  return session == reply_.sessions.end() ? 0 : static_cast<std::size_t>(session->rows);
}

void TmuxControlReader::take_content(std::string_view line) {
  assert(guard_ && rows_read_ <= std::max<std::size_t>(rows_, 1));
  if (rows_read_ == rows_ && is_guard(line, end_guard, *guard_)) return end_block(true);
  // A failed command prints its error in one line instead of its output.
  if (rows_ == 0 && rows_read_ == 1 && is_guard(line, error_guard, *guard_)) {
    return end_block(false);
  }
  if (rows_read_ >= std::max<std::size_t>(rows_, 1)) {
    return fail("tmux says more than was asked");
  }
  ++rows_read_;
  content_ += line;
  content_ += '\n';
}

void TmuxControlReader::end_block(bool good) {
  guard_.reset();
  const bool may_fail = !own_block_ && run_blocks_ >= first_screen_block;
  if (!good && !may_fail) {
    return fail("tmux refuses: " + content_.substr(0, content_.find('\n')));
  }
  if (own_block_) return end_own_block();
  if (run_blocks_ == list_block) {
    assert(content_.ends_with('\n'));
    take_list(std::string_view(content_).substr(0, content_.size() - 1));
  } else if (good && may_fail) {
    reply_.screens[asked_[run_blocks_ - first_screen_block]] = std::move(content_);
  }
  ++run_blocks_;
}

void TmuxControlReader::end_own_block() {
  if (++own_blocks_ < own_blocks_due_) return;
  if (run_blocks_ < first_screen_block) return fail("tmux gives no list of sessions");
  phase_ = Phase::idle;
  reply_whole_ = true;
}

// All sessions and panes are in one line. The separator may be part of a session's name, but not of the
// panes' list.
void TmuxControlReader::take_list(std::string_view line) {
  if (!line.ends_with(list_end)) return fail("tmux gives no whole list of sessions");
  line.remove_suffix(1);
  const std::size_t separator = line.rfind(list_separator);
  if (separator == std::string_view::npos) return fail("tmux gives no list of sessions");
  auto sessions = read_listing(line.substr(0, separator));
  auto panes = read_pane_listing(line.substr(separator + 1));
  if (!sessions || !panes) return fail("tmux gives no list of sessions");
  reply_.sessions = *std::move(sessions);
  reply_.panes = *std::move(panes);
}

std::optional<TmuxReply> TmuxControlReader::take_reply() {
  if (!std::exchange(reply_whole_, false)) return std::nullopt;
  return std::move(reply_);
}

void TmuxControlReader::fail(std::string problem) {
  if (phase_ == Phase::broken) return;
  assert(!problem.empty());
  phase_ = Phase::broken;
  problem_ = std::move(problem);
  reply_whole_ = false;
}

}  // namespace quotawatch::os
