#include "os/tmux/tmux_process.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"
#include "os/files/trusted_command.h"
#include "os/loop/child_process.h"
#include "os/tmux/tmux_batch.h"
#include "os/tmux/tmux_control.h"
#include "os/tmux/tmux_listing.h"
#include "os/tmux/tmux_names.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// Each missing session adds a line to stderr; only the first line is needed.
constexpr std::size_t process_error_limit = 200;

// The output of one tmux process.
struct Answer {
  std::string output;
  std::string error_output;
  bool too_long = false;
  std::optional<ChildEnd> end;

  bool over() const { return end.has_value() || too_long; }
};

ChildProcess::Handlers listen(Answer& answer, std::size_t output_limit) {
  return {
      .output =
          [&answer, output_limit](std::string_view bytes) {
            answer.too_long = answer.too_long || bytes.size() > output_limit - answer.output.size();
            if (!answer.too_long) answer.output += bytes;
          },
      .error_output =
          [&answer](std::string_view bytes) {
            answer.error_output += bytes.substr(0, process_error_limit - answer.error_output.size());
          },
      .end = [&answer](const ChildEnd& end) { answer.end = end; },
  };
}

// Why the output of a process that has ended is not valid.
std::string why_no_answer(const Answer& answer) {
  assert(answer.over());
  if (answer.too_long) return "tmux says too much: more than any number of panes can hold";
  const auto line_end = std::ranges::find(answer.error_output, '\n');
  if (line_end == answer.error_output.begin()) {
    return fmt::format("tmux ended without an answer ({})", answer.end->text());
  }
  std::string why;
  utf8::replace_invalid(answer.error_output.begin(), line_end, std::back_inserter(why));
  return why;
}

}  // namespace

TmuxProcess::TmuxProcess(EventLoop& loop, std::string socket_name)
    : loop_(loop), socket_name_(std::move(socket_name)) {}

TmuxCapture TmuxProcess::capture(const std::vector<std::string>& sessions, Milliseconds timeout) {
  assert(!sessions.empty());
  constexpr int most_rounds = 2;
  TmuxCapture capture;
  for (int round = 0; round < most_rounds; ++round) {
    capture = ask(TmuxBatch(sessions, TmuxBatch::make_nonce(), further_), sessions.size(), timeout);
    if (!answer_ || !answer_->listed) return capture;
    std::vector<std::string> active;
    for (const auto& pane : capture.panes) active.push_back(pane.pane);
    auto there = further_panes(*answer_->listed, answer_->session_ids, active);
    const bool whole = std::ranges::all_of(there, [&](const auto& id) { return answer_->further.contains(id); });
    further_ = std::move(there);
    if (whole) break;
  }
  complete_capture(capture, *answer_->listed, answer_->session_ids, answer_->further);
  return capture;
}

SessionList TmuxProcess::list_sessions(Milliseconds timeout) {
  const std::string nonce = TmuxBatch::make_nonce();
  const std::string script = fmt::format("display-message -p '{} #{{S:{}}}'\n", nonce, listing_format());
  const TmuxRun run = run_tmux(loop_, socket_name_, script, tmux_output_limit(0), timeout);
  if (run.interrupted) return {false, true};
  std::string_view output = run.output;
  const std::string_view line = take_until(output, '\n');
  if (!run.ended || !line.starts_with(nonce + " ")) return {false, false, run.why};
  const auto listed = read_listing(line.substr(nonce.size() + 1));
  return listed ? TmuxControl::names_of(*listed) : SessionList{false, false, "the answer of tmux is not whole"};
}

// One process; what it said is in `answer_`, if it was an answer.
TmuxCapture TmuxProcess::ask(const TmuxBatch& batch, std::size_t sessions, Milliseconds timeout) {
  const TmuxRun run = run_tmux(loop_, socket_name_, batch.script(), batch.output_limit(), timeout);
  answer_.reset();
  if (run.interrupted) return interrupted_capture(sessions);
  if (run.ended) answer_ = batch.read(run.output);
  if (!answer_) return all_failed(sessions, run.why);
  version_ = answer_->version;
  return {true, false, "", answer_->panes};
}

TmuxRun run_tmux(EventLoop& loop, const std::string& socket_name, const std::string& script, std::size_t output_limit,
                 Milliseconds timeout) {
  std::string program;
  try {
    program = trusted_tmux();
  } catch (const InputError& error) {
    return {.why = error.what()};
  }
  Answer answer;  // outlives the process that fills it
  // -N: never start a server. -u: UTF-8, whatever the locale. source-file continues after a
  // command that fails, here for a session that does not exist.
  ChildProcess tmux(loop,
                    {{program, "-N", "-u", socket_option(socket_name), socket_name, "source-file", "-"}, {}, script},
                    listen(answer, output_limit));
  if (!tmux.failure().empty()) return {.why = "cannot start tmux: " + tmux.failure()};
  switch (loop.run_until([&] { return answer.over(); }, timeout)) {
    case EventLoop::Ended::stop:
      return {.interrupted = true};
    case EventLoop::Ended::deadline:
      return {.why = "timed out"};
    case EventLoop::Ended::condition:
      break;
  }
  return {!answer.too_long, false, std::move(answer.output), why_no_answer(answer)};
}

}  // namespace quotawatch::os
