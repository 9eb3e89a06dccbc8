// Basic text functions for all parts: validation, quoting, and escaping of text from panes before
// it is printed.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace quotawatch {

// Of ASCII, whatever the locale.
constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr char lower_case(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower_case(std::string_view text);

// `wanted` is in lower case.
bool contains_ignoring_case(std::string_view text, std::string_view wanted);
bool begins_ignoring_case(std::string_view text, std::string_view wanted);

// True if the next eight bytes are ASCII: most text is, and is read eight bytes at a time.
inline bool are_eight_ascii(const char* at) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, at, sizeof eight);
  return (eight & 0x8080808080808080U) == 0;
}

// How many bytes of ASCII `text` begins with.
std::size_t ascii_prefix(std::string_view text);

// The position of the first byte that is not valid UTF-8; npos if there is none.
std::size_t find_invalid_utf8(std::string_view text);

// Makes harmful characters visible as escapes ("\x1b", "\u202e"): control characters (C0, DEL, C1)
// including newlines and tabs, invisible characters, characters that end a line or change its
// direction, and invalid UTF-8. For everything printed that came from a pane, a file or a hook.
std::string escape_controls(std::string_view text);

// The same for a line of valid JSON whose C0 characters are escaped already. Parsers decode the
// result ("\u007f") to the same text.
std::string escape_in_json(std::string json);

// True if `text` contains a character that no name should have: those above, except merely
// invisible ones, which emoji and some scripts need.
bool has_controls(std::string_view text);

// `text` in double quotes, escaped.
std::string in_quotes(std::string_view text);

// "1 session", "2 sessions".
std::string counted(std::uint64_t number, std::string_view noun);

// One line of at most 120 characters, cut at a code point, without characters that
// escape_controls() would escape: the form in which journals may contain text from a pane.
std::string make_snippet(std::string_view text);

// The line number, from 1, of the byte at `offset`.
std::size_t line_at(std::string_view text, std::size_t offset);

// The candidate with the fewest edits to `name`, if it is close enough to be a likely misspelling;
// else empty.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

// `; did you mean "x"?` or `; known are: a, b`, for the end of an error.
std::string suggest(std::string_view name, const std::vector<std::string>& candidates);

std::vector<std::string_view> split_lines(std::string_view text);
std::string_view trim(std::string_view text);

// Removes and returns the part of `rest` before the first `separator`, and removes the separator.
// Takes all of `rest` if there is none.
std::string_view take_until(std::string_view& rest, char separator);

// Takes the part of `rest` before the next space, which must be a number and nothing else.
template <typename Number>
bool take_number(std::string_view& rest, Number& into) {
  const std::string_view word = take_until(rest, ' ');
  const auto [end, error] = std::from_chars(word.begin(), word.end(), into);
  return error == std::errc{} && end == word.end();
}

// Reads a whole file of at most `limit` bytes. Throws InputError with the reason.
std::string read_file(const std::string& path, std::size_t limit);

// Throws InputError with the line of the first byte that is NUL or not valid UTF-8.
void check_text(std::string_view text, const std::string& origin);

}  // namespace quotawatch
