// Small things about text that every part needs: checking it, quoting it, making
// what came out of a pane harmless before anybody prints it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
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

// Where the first byte stands that is not part of valid UTF-8; npos if none.
std::size_t find_invalid_utf8(std::string_view text);

// Control characters (C0, DEL, C1), invisible ones, those that turn a line's direction or
// end it, and bytes that are not UTF-8 become visible escapes ("\x1b", "\u202e"), newlines
// and tabs too. For everything printed that came from a pane, a file or a hook.
std::string escape_controls(std::string_view text);

// The same for a line of JSON, valid UTF-8 with its C0 escaped: to whoever parses it what is
// escaped here is the same ("\u007f").
std::string escape_in_json(std::string json);

// True if there is anything in it that no name should have: of the above all but what is
// only invisible, for emoji and some scripts are written with it.
bool has_controls(std::string_view text);

// `text` in double quotes, escaped.
std::string in_quotes(std::string_view text);

// One line of at most 120 characters, cut at a code point, without anything that
// escape_controls() would escape: what journals may hold of a pane.
std::string make_snippet(std::string_view text);

// The line, from 1, that the byte at `offset` stands on.
std::size_t line_at(std::string_view text, std::size_t offset);

// The candidate with the fewest edits to `name`, if it is near enough to be what
// was meant; else empty.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

// `; did you mean "x"?` or `; known are: a, b`, for the end of an error.
std::string suggest(std::string_view name, const std::vector<std::string>& candidates);

std::vector<std::string_view> split_lines(std::string_view text);
std::string_view trim(std::string_view text);

// Takes what stands before the first `separator` off `rest`, and the separator with it; all
// of it where there is none.
std::string_view take_until(std::string_view& rest, char separator);

// Reads a whole file of at most `limit` bytes. Throws InputError with the reason.
std::string read_file(const std::string& path, std::size_t limit);

// Throws InputError with the line of the first byte that is not text: NUL or not
// valid UTF-8.
void check_text(std::string_view text, const std::string& origin);

}  // namespace quotawatch
