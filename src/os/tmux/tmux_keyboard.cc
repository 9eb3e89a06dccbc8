#include "os/tmux/tmux_keyboard.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "os/tmux/tmux_batch.h"
#include "os/tmux/tmux_names.h"
#include "os/tmux/tmux_process.h"

namespace quotawatch::os {
namespace {

// How long the user's program for one session may take.
constexpr Milliseconds program_timeout = std::chrono::minutes{2};

// "%12": what tmux gave us, and nothing that it could take for another target.
bool is_pane_id(std::string_view pane) {
  return pane.size() > 1 && pane.front() == '%' && std::ranges::all_of(pane.substr(1), is_digit);
}

bool is_key(std::string_view key) {
  return key == "Enter" || key == "Up" || key == "Down" || (key.size() == 1 && is_digit(key.front()));
}

// The arguments as tmux takes them: several are executed as they are, a single one would be given to
// a shell, so it is quoted for that.
std::string program_of(const std::vector<std::string>& arguments) {
  assert(!arguments.empty());
  if (arguments.size() == 1) return quote_argument("exec " + quote_argument(arguments.front()));
  std::string words;
  for (const auto& argument : arguments) words += (words.empty() ? "" : " ") + quote_argument(argument);
  return words;
}

std::string command_for(const Stroke& stroke) {
  switch (stroke.kind) {
    case Stroke::Kind::text:
      return fmt::format("send-keys -t {} -l -- {}", stroke.pane, quote_argument(stroke.text));
    case Stroke::Kind::key:
      return fmt::format("send-keys -t {} {}", stroke.pane, stroke.text);
    default:
      return fmt::format("respawn-pane -k -t {} -c '#{{pane_current_path}}' -- {}", stroke.pane,
                         program_of(stroke.arguments));
  }
}

// The attributes that a sequence of a styled capture sets: "\x1b[0;2m".
struct Style {
  bool faint = false;
  bool inverse = false;

  void set(std::string_view parameters) {
    do {
      const std::string_view code = take_until(parameters, ';');
      if (code.empty() || code == "0") *this = {};
      if (code == "2") faint = true;
      if (code == "22") faint = false;
      if (code == "7") inverse = true;
      if (code == "27") inverse = false;
      // "38;5;2" is a colour, not an attribute.
      if (code == "38" || code == "48" || code == "58") {
        const std::string_view form = take_until(parameters, ';');
        for (int left = form == "5" ? 1 : form == "2" ? 3 : 0; left > 0; --left) take_until(parameters, ';');
      }
    } while (!parameters.empty());
  }
};

}  // namespace

std::string without_faint(std::string_view styled) {
  std::string text;
  Style style;
  std::optional<std::string> cursor;  // an inverse character, of which the next one says what it is
  const auto place_cursor = [&](bool faint) {
    if (cursor) text += faint ? " " : *cursor;
    cursor.reset();
  };
  for (auto at = styled.begin(); at != styled.end();) {
    if (*at == '\x1b' && at + 1 != styled.end() && at[1] == '[') {
      auto end = at + 2;
      while (end != styled.end() && (is_digit(*end) || *end == ';' || *end == ':')) ++end;
      if (end != styled.end() && *end == 'm') {
        style.set(std::string_view(at + 2, end));
        at = end + 1;
        continue;
      }
    }
    auto next = at;
    utf8::unchecked::next(next);
    const std::string character(at, std::min(next, styled.end()));
    at = std::min(next, styled.end());
    if (style.inverse && character != "\n" && !cursor) {
      cursor = character;
      continue;
    }
    place_cursor(style.faint);
    if (style.faint && character != "\n") {
      text += ' ';
    } else {
      text += character;
    }
  }
  place_cursor(false);
  return text;
}

TmuxKeyboard::TmuxKeyboard(EventLoop& loop, Server server, Log log)
    : loop_(loop), server_(std::move(server)), log_(log), program_(loop, log, [this](const std::string& why) {
        if (!why.empty()) log_("resume.command failed: " + why);
      }) {}

// The one row that tmux answers; empty if it does not.
std::string TmuxKeyboard::ask(const std::string& command) {
  const auto run = run_tmux(loop_, server_.socket_name, command + "\n", tmux_output_limit(1), server_.timeout);
  return run.output;
}

std::optional<ListedProgram> TmuxKeyboard::program_in(const std::string& pane) {
  const std::string process = ask(fmt::format("display-message -p -t {} '#{{pane_pid}}'", pane));
  const int id = std::atoi(process.c_str());
  return id > 0 ? find_program(id) : std::nullopt;
}

bool TmuxKeyboard::shares_folder(const std::string& pane) {
  const std::string panes = ask("list-panes -a -F '#{pane_id} #{pane_current_command} #{pane_current_path}'");
  std::string own;
  std::vector<std::string> others;
  for (std::string_view line : split_lines(panes)) {
    const auto id = take_until(line, ' ');
    if (id == pane) {
      own = line;
    } else {
      others.emplace_back(line);
    }
  }
  return std::ranges::find(others, own) != others.end();
}

// Without its conversation's id a restarted program could take up a neighbour's, where another one of its
// kind works in the same folder.
std::string TmuxKeyboard::why_not(const Stroke& stroke) {
  if (!is_pane_id(stroke.pane)) return "tmux named no pane";
  const auto program = program_in(stroke.pane);
  if (program && program->busy) return "the agent says that it works";
  if (stroke.kind != Stroke::Kind::restart) return "";
  if (names_conversation(stroke)) return program ? "" : "the id of its conversation is not known";
  return shares_folder(stroke.pane) ? "another session works in the same folder; use {session_id} in resume.command"
                                    : "";
}

// The condition is tmux's own, so that nothing can come between it and the keys.
std::string TmuxKeyboard::send(const Stroke& asked) {
  Stroke stroke = asked;
  if (!is_pane_id(stroke.pane)) return "tmux named no pane";
  if (stroke.kind == Stroke::Kind::restart && names_conversation(stroke)) {
    const auto program = program_in(stroke.pane);
    if (!program) return "the id of its conversation is not known";
    stroke = with_conversation(std::move(stroke), program->conversation);
  }
  if (stroke.kind == Stroke::Kind::command) return run_program(stroke);
  assert(stroke.kind != Stroke::Kind::key || is_key(stroke.text));
  const std::string nonce = TmuxBatch::make_nonce();
  const std::string command = fmt::format("{} ; display-message -p {}-done", command_for(stroke), nonce);
  const std::string script =
      fmt::format("if-shell -F -t {} '#{{?pane_in_mode,0,#{{?pane_dead,0,1}}}}' {} 'display-message -p {}-mode'\n",
                  stroke.pane, quote_argument(command), nonce);
  const TmuxRun run = run_tmux(loop_, server_.socket_name, script, tmux_output_limit(0), server_.timeout);
  if (run.output.starts_with(nonce + "-done")) return "";
  if (run.output.starts_with(nonce + "-mode")) return "the pane is in a mode, or its program has ended";
  return run.interrupted ? "stopped before tmux answered" : run.why;
}

std::optional<std::string> TmuxKeyboard::read_typed(const std::string& pane) {
  if (!is_pane_id(pane)) return std::nullopt;
  const auto run = run_tmux(loop_, server_.socket_name, fmt::format("capture-pane -p -e -t {}\n", pane),
                            tmux_output_limit(1), server_.timeout);
  if (run.output.empty() || find_invalid_utf8(run.output) != std::string_view::npos) return std::nullopt;
  return without_faint(run.output);
}

std::string TmuxKeyboard::run_program(const Stroke& stroke) {
  assert(!stroke.arguments.empty());
  if (program_.running()) return "resume.command still runs for another session";
  return program_.start({stroke.arguments,
                         {{"QUOTAWATCH_SESSION", escape_controls(stroke.session)},
                          {"QUOTAWATCH_PANE", stroke.pane},
                          {"QUOTAWATCH_ACCOUNT", escape_controls(stroke.account)},
                          {"QUOTAWATCH_REASON", stroke.reason},
                          {"QUOTAWATCH_TMUX_SOCKET", server_.socket_name}},
                         ""},
                        program_timeout);
}

}  // namespace quotawatch::os
