#include "base/text.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "base/file_reader.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::size_t snippet_characters = 120;

char upper_case(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

// Characters that end a line or change the text direction in a terminal or viewer.
bool rearranges_text(char32_t code) {
  return code == 0x2028 || code == 0x2029 || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

// Zero-width spaces and joiners, direction marks, the byte order mark.
bool is_invisible(char32_t code) { return (code >= 0x200b && code <= 0x200f) || code == 0x061c || code == 0xfeff; }

// Characters that must never be printed unescaped.
bool misleads_viewers(char32_t code) { return is_control(code) || rearranges_text(code) || is_invisible(code); }

void append_escaped(std::string& out, char32_t code) {
  switch (code) {
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\r':
      out += "\\r";
      break;
    default:
      out += code < 0x100 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(code))
                          : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
  }
}

// Calls `use(code point, its bytes)` for each code point; an invalid byte is passed as its value
// with an empty view.
template <typename Use>
void for_each_code_point(std::string_view text, Use use) {
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at != end) {
    const char* next = at;
    try {
      const char32_t code = utf8::next(next, end);
      use(code, std::string_view(at, static_cast<std::size_t>(next - at)));
    } catch (const utf8::exception&) {
      next = at + 1;
      use(static_cast<char32_t>(static_cast<unsigned char>(*at)), std::string_view());
    }
    at = next;
  }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = lower_case(c);
  return lower;
}

bool contains_ignoring_case(std::string_view text, std::string_view wanted) {
  if (wanted.empty()) return true;
  assert(lower_case(wanted.front()) == wanted.front());
  // The library finds a character many bytes at a time: both cases of the first one.
  const char lower = wanted.front();
  const char upper = upper_case(lower);
  auto next_lower = text.find(lower);
  auto next_upper = upper == lower ? std::string_view::npos : text.find(upper);
  while (true) {
    const auto at = std::min(next_lower, next_upper);
    if (at == std::string_view::npos) return false;
    if (begins_ignoring_case(text.substr(at), wanted)) return true;
    if (at == next_lower) {
      next_lower = text.find(lower, at + 1);
    } else {
      next_upper = text.find(upper, at + 1);
    }
  }
}

bool begins_ignoring_case(std::string_view text, std::string_view wanted) {
  return text.size() >= wanted.size() &&
         std::ranges::equal(text.substr(0, wanted.size()), wanted, {}, [](char c) { return lower_case(c); });
}

// Eight at a time: the library, which looks at each byte, took half the time of a poll.
std::size_t ascii_prefix(std::string_view text) {
  constexpr std::size_t stride = 8;
  std::size_t size = 0;
  while (size + stride <= text.size() && are_eight_ascii(text.data() + size)) size += stride;
  while (size < text.size() && is_ascii(text[size])) ++size;
  return size;
}

std::size_t find_invalid_utf8(std::string_view text) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    at += ascii_prefix({at, static_cast<std::size_t>(end - at)});
    const char* const run_end = std::find_if(at, end, is_ascii);
    const char* const bad = utf8::find_invalid(at, run_end);
    if (bad != run_end) return static_cast<std::size_t>(bad - text.data());
    at = run_end;
  }
  return std::string_view::npos;
}

std::string escape_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_code_point(text, [&out](char32_t code, std::string_view bytes) {
    if (bytes.empty() || misleads_viewers(code)) {
      append_escaped(out, code);
    } else {
      out += bytes;
    }
  });
  return out;
}

bool has_controls(std::string_view text) {
  bool found = false;
  for_each_code_point(text, [&found](char32_t code, std::string_view bytes) {
    found = found || bytes.empty() || is_control(code) || rearranges_text(code);
  });
  return found;
}

std::string escape_in_json(std::string json) {
  constexpr char first_harmful = 0x7f;  // characters below it are escaped already
  const auto harmless = [](char byte) { return byte >= 0 && byte < first_harmful; };
  if (std::ranges::all_of(json, harmless)) return json;
  std::string out;
  out.reserve(json.size());
  for_each_code_point(json, [&out](char32_t code, std::string_view bytes) {
    if (misleads_viewers(code)) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
    } else {
      out += bytes;
    }
  });
  return out;
}

std::string in_quotes(std::string_view text) { return '"' + escape_controls(text) + '"'; }

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string make_snippet(std::string_view text) {
  std::string out;
  std::size_t characters = 0;
  bool space_due = false;
  for_each_code_point(text, [&](char32_t code, std::string_view bytes) {
    if (characters >= snippet_characters || bytes.empty()) return;
    if (code == ' ' || code == '\n' || code == '\t') {
      space_due = !out.empty();
      return;
    }
    if (misleads_viewers(code)) return;
    if (space_due) {
      space_due = false;
      out += ' ';
      if (++characters == snippet_characters) return;
    }
    out += bytes;
    ++characters;
  });
  return out;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(name.substr(0, 64), candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string suggest(std::string_view name, const std::vector<std::string>& candidates) {
  if (const auto best = nearest(name, candidates); !best.empty()) {
    return fmt::format("; did you mean {}?", in_quotes(best));
  }
  return fmt::format("; known are: {}", fmt::join(candidates, ", "));
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string read_file(const std::string& path, std::size_t limit) { return FileReader(path).rest(limit); }

void check_text(std::string_view text, const std::string& origin) {
  if (const auto at = text.find('\0'); at != std::string_view::npos) {
    throw InputError(origin, line_at(text, at), "a NUL byte; this should be text in UTF-8");
  }
  if (const auto at = find_invalid_utf8(text); at != std::string_view::npos) {
    throw InputError(origin, line_at(text, at),
                     fmt::format("byte 0x{:02x} is not valid UTF-8; this should be text in UTF-8",
                                 static_cast<unsigned>(static_cast<unsigned char>(text[at]))));
  }
}

}  // namespace quotawatch
