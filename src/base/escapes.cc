#include "base/escapes.h"

#include <algorithm>

namespace quotawatch {
namespace {

constexpr char escape = '\x1b';

// "31m" behind "\x1b[".
std::size_t control_size(std::string_view rest) {
  std::size_t size = 2;
  while (size < rest.size() && rest[size] >= 0x20 && rest[size] <= 0x3f) ++size;
  return size < rest.size() && rest[size] >= 0x40 && rest[size] <= 0x7e ? size + 1 : 0;
}

// A title or a link, up to BEL or ST, on the same row.
std::size_t command_size(std::string_view rest) {
  const auto end = rest.find_first_of("\a\x1b\n", 2);
  if (end == std::string_view::npos || rest[end] == '\n') return 0;
  if (rest[end] == '\a') return end + 1;
  return end + 1 < rest.size() && rest[end + 1] == '\\' ? end + 2 : 0;
}

// Of the sequence that `rest` begins with; 0 if it begins with none.
std::size_t sequence_size(std::string_view rest) {
  if (rest.size() < 2) return 0;
  switch (rest[1]) {
    case '[':
      return control_size(rest);
    case ']':
      return command_size(rest);
    case '(':
    case ')':
      return rest.size() > 2 && std::string_view("AB012").find(rest[2]) != std::string_view::npos ? 3 : 0;
    default:
      return 0;
  }
}

}  // namespace

std::string without_escapes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const auto next = std::min(text.find(escape), text.size());
    plain += text.substr(0, next);
    text.remove_prefix(next);
    if (text.empty()) break;
    const auto size = sequence_size(text);
    if (size == 0) plain += escape;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return plain;
}

}  // namespace quotawatch
