#include "base/display_width.h"

#include <utf8proc.h>

#include <cassert>

#include "base/text.h"

namespace quotawatch {
namespace {

constexpr char32_t emoji_selector = 0xfe0f;  // makes a narrow sign before it a wide one

// Takes the character at the front of `rest` off it.
char32_t take_character(std::string_view& rest) {
  utf8proc_int32_t character = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                     static_cast<utf8proc_ssize_t>(rest.size()), &character);
  assert(size > 0);
  rest.remove_prefix(static_cast<std::size_t>(size));
  return static_cast<char32_t>(character);
}

}  // namespace

std::size_t display_width(char32_t character) {
  if (character < 0x80 || character == emoji_selector) return 1;
  const auto code = static_cast<utf8proc_int32_t>(character);
  if (utf8proc_category(code) == UTF8PROC_CATEGORY_CN) return 2;
  return static_cast<std::size_t>(utf8proc_charwidth(code));
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t ascii = ascii_prefix(text);
    width += ascii;
    text.remove_prefix(ascii);
    if (!text.empty()) width += display_width(take_character(text));
  }
  return width;
}

std::size_t fitting_bytes(std::string_view text, std::size_t columns) {
  std::string_view rest = text;
  std::size_t used = 0;
  while (!rest.empty()) {
    std::string_view after = rest;
    used += display_width(take_character(after));
    if (used > columns) break;
    rest = after;
  }
  return text.size() - rest.size();
}

}  // namespace quotawatch
