#include "os/tmux/tmux_names.h"

#include <utf8.h>

#include <algorithm>
#include <cctype>

namespace quotawatch::os {
namespace {

bool is_control(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte == 0x7f;
}

// Up to 3.6, tmux does not allow these two in a name.
std::string without_separators(std::string_view name) {
  std::string result(name);
  std::ranges::replace_if(
      result, [](char character) { return character == '.' || character == ':'; }, '_');
  return result;
}

// Names as escaped by tmux's vis(): a\b is a\\b, $HOME is \$HOME.
std::string escaped(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char next = i + 1 < name.size() ? name[i + 1] : '\0';
    const bool names_variable = std::isalpha(static_cast<unsigned char>(next)) != 0 || next == '_' || next == '{';
    if (name[i] == '\\' || (name[i] == '$' && names_variable)) result += '\\';
    result += name[i];
  }
  return result;
}

}  // namespace

std::vector<std::string> possible_names(std::string_view asked) {
  std::vector<std::string> names;
  if (asked.empty() || std::ranges::any_of(asked, is_control) || !utf8::is_valid(asked.begin(), asked.end())) {
    return names;
  }
  const std::string exact(asked);
  const std::string changed = without_separators(asked);
  for (std::string name : {exact, escaped(exact), changed, escaped(changed)}) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string pane_target(std::string_view name) {
  // "$3" would mean the session with that number even in "=$3:", and a colon would end the name.
  // Such names can only be given as a pattern that matches them. tmux first tries the text as a
  // prefix of a name; up to 3.6 no name can contain the dot in it.
  if (name.front() != '$' && name.find(':') == std::string_view::npos) {
    return "=" + std::string(name) + ":";
  }
  std::string pattern;
  if (name.front() == '$') {
    pattern = "[$.]";
    name.remove_prefix(1);
  }
  for (const char character : name) {
    if (std::string_view{"$*?[]\\"}.find(character) != std::string_view::npos) pattern += '\\';
    pattern += character == ':' ? '?' : character;
  }
  return pattern + ":";
}

std::string socket_option(std::string_view socket) { return socket.find('/') == socket.npos ? "-L" : "-S"; }

std::string quote_argument(std::string_view text) {
  std::string quoted = "'";
  for (const char character : text) {
    if (character == '\'') {
      quoted += "'\\''";  // close the quotes, add an escaped one, reopen
    } else {
      quoted += character;
    }
  }
  return quoted + "'";
}

}  // namespace quotawatch::os
