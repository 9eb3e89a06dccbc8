// Output of tmux. An input is a list of session names, one per row, an empty row, and bytes that
// are used twice: as tmux's whole output, and as every other pane's content within valid output.
#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>

#include "base/text.h"
#include "fuzzing.h"
#include "os/tmux/tmux_batch.h"
#include "os/tmux/tmux_names.h"

namespace quotawatch::fuzzing {
namespace {

using Status = PaneCapture::Status;

// Short, so that the fuzzer can find it.
const std::string nonce = "NONCE";
constexpr std::size_t most_sessions = 4;

void check_pane(const PaneCapture& pane, std::string_view output) {
  check((pane.status == Status::screen) == (pane.text != nullptr), "a screen has its text");
  check((pane.status == Status::failed) == !pane.why.empty(), "a failure says why");
  if (!pane.text) return;
  check(!pane.text->empty(), "a screen has rows");
  check(find_invalid_utf8(*pane.text) == std::string_view::npos, "a screen is valid UTF-8");
  check(output.find(*pane.text) != std::string_view::npos, "a screen is what tmux said");
  check(pane.columns >= 1 && pane.rows >= 1, "a screen has its size");
}

void check_any_answer(const std::vector<std::string>& sessions, std::string_view output) {
  const auto read = os::TmuxBatch(sessions, nonce).read(output);
  if (!read) return;
  check(read->panes.size() == sessions.size(), "an answer for every session");
  for (const auto& pane : read->panes) check_pane(pane, output);
}

// For every other session, by its exact name, which is tried first.
std::string whole_answer(const std::vector<std::string>& sessions, std::string_view text) {
  std::string answer;
  std::size_t marker = 0;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto names = os::possible_names(sessions[i]);
    for (const auto& name : names) {
      const bool there = i % 2 == 0 && name == names.front();
      answer += there ? fmt::format("{} {} $7 80 24 %7 0 {}\n{}", nonce, marker, name, text)
                      : fmt::format("{} {}     \n", nonce, marker);
      ++marker;
    }
  }
  return answer + fmt::format("{} {} \n", nonce, marker);
}

void check_whole_answer(const std::vector<std::string>& sessions, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  if (text.find(nonce) != std::string::npos) return;
  const os::TmuxBatch batch(sessions, nonce);
  const std::string answer = whole_answer(sessions, text);
  const auto read = batch.read(answer);
  check(read.has_value(), "a whole answer is one");
  const bool valid = utf8::is_valid(text.begin(), text.end());
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto& pane = read->panes.at(i);
    const bool there = i % 2 == 0 && !os::possible_names(sessions[i]).empty();
    const Status wanted = !there ? Status::absent : valid ? Status::screen : Status::failed;
    check(pane.status == wanted, fmt::format("{} is read as it is", in_quotes(sessions[i])));
    check(wanted != Status::screen || *pane.text == text, "a screen is read exactly");
  }
  const std::size_t last_marker = answer.rfind(nonce);
  for (const std::size_t end : {last_marker, last_marker / 2, last_marker + nonce.size()}) {
    check(!batch.read(std::string_view(answer).substr(0, end)), "an answer cut off is none");
  }
}

// The argument as tmux's parser reads it: quoted parts and escaped quotes.
std::string unquoted(std::string_view quoted) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '\'') {
      inside = !inside;
    } else {
      check(inside || quoted[i] == '\\', "nothing stands outside quotes");
      text += inside ? quoted[i] : quoted[++i];
    }
  }
  check(!inside, "quotes are closed");
  return text;
}

void check_script(const std::vector<std::string>& sessions) {
  std::size_t asked = 0;
  for (const auto& session : sessions) {
    for (const auto& name : os::possible_names(session)) {
      const std::string target = os::pane_target(name);
      check(target.ends_with(':') && target.find(':') == target.size() - 1, "a target names a session and no window");
      check(unquoted(os::quote_argument(target)) == target, "a target is one argument");
      ++asked;
    }
  }
  const std::string script = os::TmuxBatch(sessions, nonce).script();
  const auto lines = std::count(script.begin(), script.end(), '\n');
  check(lines == static_cast<std::ptrdiff_t>(2 * asked + 1), "two commands a name and a last one");
}

}  // namespace

void try_input(std::string_view input) {
  std::vector<std::string> sessions;
  while (!input.empty() && sessions.size() < most_sessions) {
    const std::string_view row = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), row.size() + 1));
    if (row.empty()) break;
    sessions.emplace_back(row);
  }
  check_script(sessions);
  check_any_answer(sessions, input);
  check_whole_answer(sessions, std::string(input));
}

}  // namespace quotawatch::fuzzing
