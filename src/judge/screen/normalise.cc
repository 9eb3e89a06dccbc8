#include "judge/screen/normalise.h"

#include <utf8.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>

#include "base/text.h"

namespace quotawatch {
namespace {

constexpr char32_t dropped = 0;

// The replacement of a character beyond ASCII, or the character itself.
char32_t plain(char32_t c) {
  switch (c) {
    case U'\u00a0':  // no-break space
    case U'\u1680':
    case U'\u202f':  // narrow no-break space, before "PM" in newer locales
    case U'\u205f':
    case U'\u3000':
    case U'│':
    case U'┃':
    case U'║':
      return U' ';
    case U'‘':
    case U'’':
    case U'ʼ':
    case U'′':
      return U'\'';
    case U'“':
    case U'”':
      return U'"';
    case U'∙':
    case U'•':
    case U'⋅':
    case U'‧':
    case U'・':
      return U'·';
    case U'‐':
    case U'‑':
    case U'–':
    case U'—':
      return U'-';
    case U'\u200b':  // zero-width space and its like
    case U'\u200c':
    case U'\u200d':
    case U'\u2060':
    case U'\ufe0e':
    case U'\ufe0f':
    case U'\ufeff':
    case U'\u00ad':
      return dropped;
    default:
      return c >= U'\u2000' && c <= U'\u200a' ? U' ' : c;
  }
}

void append(NormalisedText& normalised, std::string_view bytes, std::size_t origin) {
  const auto begin = static_cast<std::uint32_t>(normalised.text.size());
  const auto from = static_cast<std::uint32_t>(origin);
  auto& pieces = normalised.pieces;
  if (pieces.empty() || pieces.back().origin + (begin - pieces.back().begin) != from) {
    pieces.push_back({begin, from});
  }
  normalised.text += bytes;
}

bool is_ascii_space(char c) { return c == ' ' || c == '\t'; }

bool is_plain(char c) { return is_ascii(c) && !is_ascii_space(c); }

constexpr std::uint64_t each_byte(char c) { return 0x0101010101010101U * static_cast<unsigned char>(c); }

// The highest bit of each byte of eight ASCII characters that is `c`.
std::uint64_t find_in_eight(std::uint64_t eight, char c) {
  constexpr std::uint64_t low_bits = 0x7f7f7f7f7f7f7f7fU;
  return ~((eight ^ each_byte(c)) + low_bits) & ~low_bits;
}

// True for eight characters that can be copied unchanged: ASCII with single spaces.
bool are_eight_plain(const char* at) {
  if (!are_eight_ascii(at)) return false;
  std::uint64_t eight = 0;
  std::memcpy(&eight, at, sizeof eight);
  const std::uint64_t spaces = find_in_eight(eight, ' ');
  constexpr int byte = 8;
  return ((spaces & (spaces >> byte)) | find_in_eight(eight, '\t')) == 0;
}

// A run of ASCII with single spaces, none at its end, is copied unchanged.
std::size_t plain_run(std::string_view text) {
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  if (at != end && !is_plain(*at)) return 0;
  constexpr std::ptrdiff_t stride = 8;
  while (end - at >= stride && are_eight_plain(at)) at += at[stride - 1] == ' ' ? stride - 1 : stride;
  while (at != end && is_plain(*at)) {
    ++at;
    if (at + 1 < end && *at == ' ' && is_plain(at[1])) ++at;
  }
  return static_cast<std::size_t>(at - text.data());
}

// The replacement of the character at the front of `rest`; empty if it is removed or a space.
std::string_view translate(std::string_view character, char32_t c, std::string& buffer) {
  const char32_t to = plain(c);
  if (to == c) return character;
  buffer.clear();
  if (to != dropped) utf8::unchecked::append(to, std::back_inserter(buffer));
  return buffer;
}

// Bytes of the no-break space (C2 A0) or the box drawing (U+2500 to U+257F: E2 94 80 to
// E2 95 BF) at `at`; 0 for anything else.
std::size_t nothing_size(const char* at, const char* end) {
  if (static_cast<unsigned char>(*at) < 0x80) return 0;
  if (*at == '\xc2' && end - at > 1 && at[1] == '\xa0') return 2;
  const bool box = *at == '\xe2' && end - at > 2 && (at[1] == '\x94' || at[1] == '\x95');
  return box ? 3 : 0;
}

}  // namespace

std::size_t NormalisedText::origin_of(std::size_t offset) const {
  assert(offset <= text.size());
  const auto after = std::upper_bound(pieces.begin(), pieces.end(), offset,
                                      [](std::size_t wanted, const Piece& piece) { return wanted < piece.begin; });
  if (after == pieces.begin()) return 0;
  const Piece& piece = *std::prev(after);
  return piece.origin + (offset - piece.begin);
}

void normalise_onto(NormalisedText& normalised, std::string_view part, std::size_t origin) {
  // A space is written only before the next character: none at the end, never two.
  bool gap = true;
  std::string buffer;
  const auto add = [&](std::string_view bytes, std::size_t at) {
    if (gap && !normalised.text.empty()) append(normalised, " ", at - 1);
    gap = false;
    append(normalised, bytes, at);
  };
  for (std::size_t at = 0; at < part.size();) {
    if (is_ascii_space(part[at])) {
      gap = true;
      ++at;
      continue;
    }
    if (const std::size_t run = plain_run(part.substr(at))) {
      add(part.substr(at, run), origin + at);
      at += run;
      continue;
    }
    const char* next = part.data() + at;
    const char32_t c = utf8::unchecked::next(next);
    const auto size = static_cast<std::size_t>(next - (part.data() + at));
    const auto to = translate(part.substr(at, size), c, buffer);
    if (to == " ") {
      gap = true;
    } else if (!to.empty()) {
      add(to, origin + at);
    }
    at += size;
  }
}

void append_text(NormalisedText& normalised, const NormalisedText& part, bool hard) {
  if (part.text.empty()) return;
  assert(!part.pieces.empty() && part.pieces.front().begin == 0);
  if (!hard && !normalised.text.empty()) append(normalised, " ", part.pieces.front().origin - 1);
  const auto begin = static_cast<std::uint32_t>(normalised.text.size());
  for (const auto& piece : part.pieces) {
    normalised.pieces.push_back({begin + piece.begin, piece.origin});
  }
  normalised.text += part.text;
}

void append_identity(std::string& identity, std::string_view text) {
  const std::size_t before = identity.size();
  identity.resize(before + text.size());
  char* to = identity.data() + before;
  const char* at = text.data();
  const char* const end = at + text.size();
  // Without a branch on spaces, which cannot be predicted: this runs over the whole screen.
  const auto keep = [&to](char c) {
    *to = c;
    to += static_cast<unsigned char>(c) > ' ' ? 1 : 0;
  };
  while (at != end) {
    constexpr std::ptrdiff_t stride = 8;
    if (end - at >= stride && are_eight_ascii(at)) {
      for (const char* const next = at + stride; at != next;) keep(*at++);
    } else if (const std::size_t gone = nothing_size(at, end)) {
      at += gone;
    } else {
      keep(*at++);
    }
  }
  identity.resize(static_cast<std::size_t>(to - identity.data()));
}

NormalisedText normalise(std::string_view text) {
  NormalisedText normalised;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    normalise_onto(normalised, text.substr(begin, end - begin), begin);
    begin = end + 1;
  }
  return normalised;
}

}  // namespace quotawatch
