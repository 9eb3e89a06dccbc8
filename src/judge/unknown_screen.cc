// Screens of shells and of programs nobody here knows, read with care: only their
// last rows, each on its own, and nothing that a command was asked to print.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "judge/conversation.h"
#include "judge/fold.h"
#include "judge/layouts.h"

namespace quotawatch {
namespace {

// Rows that a wrapped message can have on a narrow screen.
constexpr std::size_t most_wrapped_rows = 4;

// What was typed at a fancy prompt: "❯ ls", "~/src ❯ ls", "➜  src git:(main) ls".
std::optional<std::string_view> fancy_command(const Row& row) {
  for (const std::string_view sign : {"❯", "➜", "»", "λ"}) {
    const auto at = row.text.find(sign);
    if (at == std::string_view::npos) continue;
    const auto before = row.text.substr(0, at);
    const bool path = before.find_first_of("/~") != std::string_view::npos;
    if (before.empty() || path) return trim(row.text.substr(at + sign.size()));
  }
  return std::nullopt;
}

// Which rows are a shell's prompts. A shell that waits shows on its last row what
// its prompt looks like; else a plain prompt anywhere means that the fancy ones are
// something printed.
class Prompts {
 public:
  explicit Prompts(const Rows& rows)
      : plain_(std::any_of(rows.begin(), rows.end(), is_shell_prompt)) {
    if (rows.empty()) return;
    const Row& last = rows.back();
    const bool empty_prompt =
        is_shell_prompt(last) && last.text.find_first_of("$#%") + 1 == last.text.size();
    const auto fancy = fancy_command(last);
    if (empty_prompt || last.glyph == U'➜' || (fancy && fancy->empty())) waiting_ = last.text;
  }

  bool waits() const { return !waiting_.empty(); }

  // What was typed at the prompt; nothing if the row is none.
  std::optional<std::string_view> command(const Row& row) const {
    if (row.blank() || row.indent > 0) return std::nullopt;
    if (waits()) {
      if (row.text.substr(0, waiting_.size()) != waiting_) return std::nullopt;
      return trim(row.text.substr(waiting_.size()));
    }
    if (!plain_) return fancy_command(row);
    if (!is_shell_prompt(row)) return std::nullopt;
    return trim(row.text.substr(row.text.find_first_of("$#%") + 1));
  }

 private:
  bool plain_;
  std::string_view waiting_;
};

bool names_agent(std::string_view command) {
  static constexpr std::array<std::string_view, 8> agents{"claude", "codex", "gemini", "copilot",
                                                          "cursor", "agent", "aider",  "opencode"};
  return std::any_of(agents.begin(), agents.end(), [&](std::string_view agent) {
    return contains_word(command.substr(0, command.find(' ')), agent);
  });
}

// A pager, an editor or a monitor has the screen: what it shows is a file's.
bool is_viewer(const Rows& rows) {
  if (rows.empty()) return false;
  const auto last = rows.back().text;
  const bool pager = last == ":" || last == "(END)" || begins_with(last, "--more--") ||
                     begins_with(last, "lines ") || begins_with(last, ":");
  const bool editor = begins_with(last, "-- insert --") || begins_with(last, "-- visual") ||
                      (begins_with(last, "\"") && contains_word(last, "l, ")) || last == "~";
  const bool monitor = contains_word(last, "f10quit") || contains_word(last, "^x exit");
  const auto tildes =
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.text == "~"; });
  constexpr auto empty_lines = 2;
  return pager || editor || monitor || tildes >= empty_lines;
}

bool is_printer(std::string_view word) {
  static constexpr std::array<std::string_view, 34> printers{
      "cat",  "bat",  "less", "more", "head", "tail",  "grep",   "egrep",      "fgrep",
      "rg",   "ag",   "ack",  "sed",  "awk",  "echo",  "printf", "git",        "diff",
      "vim",  "vi",   "nano", "view", "man",  "watch", "jq",     "journalctl", "strings",
      "sort", "uniq", "nl",   "cut",  "tac",  "find",  "history"};
  const auto slash = word.rfind('/');
  if (slash != std::string_view::npos) word.remove_prefix(slash + 1);
  return std::find(printers.begin(), printers.end(), word) != printers.end();
}

// True if a command is there to show text that is somewhere else.
bool prints(std::string_view command) {
  bool begins = true;
  for (std::size_t at = 0; at < command.size();) {
    const auto end = std::min(command.find(' ', at), command.size());
    const auto word = command.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (begins && is_printer(word)) return true;
    const bool before_command = word == "sudo" || word == "time" || word == "env" ||
                                word == "tmux" || word.find('=') != std::string_view::npos;
    const bool joins =
        word == "|" || word == "&&" || word == ";" || word == "||" || word.back() == ';';
    begins = joins || (begins && before_command);
  }
  return false;
}

std::string_view words_of(const Row& row) {
  return skip_signs(is_boxed(row) ? inside_box(row) : row.body);
}

void append_row(Message& message, const Row& row) {
  const auto words = words_of(row);
  fold_onto(message.folded, words,
            row.offset + static_cast<std::size_t>(words.data() - row.text.data()));
}

}  // namespace

Screen read_unknown_screen(std::string_view text, const Rows& rows, std::size_t tail) {
  Screen screen = read_plain_screen(text, tail);
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, columns(row.text));
  const Prompts prompts(rows);
  const auto fills = [&](const Row& row) { return columns(row.text) * 5 >= width * 4; };
  bool printed = is_viewer(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto command = prompts.command(rows[i]);
    // A command that has ended and is no agent's was there for what it printed.
    if (command && !command->empty()) {
      printed = prints(*command) || (prompts.waits() && !names_agent(*command));
    }
    if (rows[i].blank() || screen.regions[i] != RegionKind::block) continue;
    Message message;
    message.region = RegionKind::block;
    message.voice = command ? Voice::user : printed ? Voice::tool : Voice::shared;
    message.first_row = i;
    append_row(message, rows[i]);
    const Message alone = message;
    std::size_t end = i + 1;
    while (!command && end < rows.size() && end - i < most_wrapped_rows && fills(rows[end - 1]) &&
           !rows[end].blank() && !prompts.command(rows[end])) {
      append_row(message, rows[end++]);
    }
    if (end > i + 1) screen.messages.push_back(std::move(message));
    screen.messages.push_back(alone);
  }
  return screen;
}

}  // namespace quotawatch
