#include "judge/screen/shell_command.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "judge/screen/rows.h"

namespace quotawatch {
namespace {

constexpr std::array<std::string_view, 42> printers{
    "cat",     "bat",        "less",    "more",  "head",   "tail",    "grep",   "egrep", "fgrep", "rg",   "ag",
    "ack",     "sed",        "awk",     "echo",  "printf", "git",     "diff",   "vim",   "vi",    "nvim", "nano",
    "emacs",   "view",       "man",     "watch", "jq",     "sort",    "uniq",   "nl",    "cut",   "tac",  "find",
    "history", "journalctl", "strings", "curl",  "docker", "kubectl", "pytest", "make",  "glow"};
constexpr std::array<std::string_view, 17> agents{
    "claude", "codex", "gemini",   "copilot", "cursor-agent", "aider", "opencode", "agent", "qwen",
    "kilo",   "kimi",  "kiro-cli", "agy",     "amp",          "crush", "cline",    "cn"};
// A command may follow these.
constexpr std::array<std::string_view, 16> wrappers{"sudo",  "time", "env",  "npx",  "timeout", "nice",
                                                    "nohup", "exec", "do",   "then", "while",   "command",
                                                    "tmux",  "ssh",  "bunx", "pnpx"};
constexpr std::array<std::string_view, 5> joints{"|", "&&", ";", "||", "&"};

template <typename Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view base_name(std::string_view word) {
  const auto slash = word.rfind('/');
  return slash == std::string_view::npos ? word : word.substr(slash + 1);
}

bool is_agent(std::string_view word) {
  if (is_one_of(base_name(word), agents)) return true;
  if (word.substr(0, 1) != "@") return false;  // a package: @anthropic-ai/claude-code
  return contains_ignoring_case(word, "claude") || contains_ignoring_case(word, "codex") ||
         contains_ignoring_case(word, "gemini");
}

// After options, numbers and variables, a command may still follow.
bool keeps_place(std::string_view word) {
  const bool option = word.front() == '-' || (word.front() >= '0' && word.front() <= '9');
  return option || is_one_of(word, wrappers) || word.find('=') != std::string_view::npos;
}

}  // namespace

Purpose purpose_of(std::string_view command_line) {
  Purpose purpose;
  bool command = true;
  bool wrapped = false;  // by a program whose own arguments we do not know
  for (std::size_t at = 0; at < command_line.size();) {
    const auto end = std::min(command_line.find(' ', at), command_line.size());
    auto word = command_line.substr(at, end - at);
    at = end + 1;
    const bool joins = is_one_of(word, joints);
    const bool closes = word.size() > 1 && word.back() == ';';
    if (closes) word.remove_suffix(1);
    if (command && !joins && !word.empty()) {
      purpose.agent = purpose.agent || is_agent(word);
      purpose.printer = purpose.printer || is_one_of(base_name(word), printers);
      wrapped = (wrapped || is_one_of(word, wrappers)) && !purpose.printer;
      command = keeps_place(word) || wrapped;
    }
    if (joins || closes) wrapped = false;
    command = command || joins || closes;
  }
  return purpose;
}

}  // namespace quotawatch
