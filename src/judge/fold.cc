#include "judge/fold.h"

#include <utf8.h>

namespace quotawatch {
namespace {

constexpr char32_t dropped = 0;

// What a character beyond ASCII becomes; itself where nothing is to be done.
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

void append(FoldedText& folded, char c, std::size_t origin) {
  folded.text += c;
  folded.origins.push_back(static_cast<std::uint32_t>(origin));
}

// Spaces wait until something follows: none at the end, never two.
void append_gap(FoldedText& folded, bool& gap, std::size_t origin) {
  if (gap && !folded.text.empty()) append(folded, ' ', origin);
  gap = false;
}

}  // namespace

void fold_onto(FoldedText& folded, std::string_view part, std::size_t origin) {
  bool gap = true;
  const char* const begin = part.data();
  const char* const end = begin + part.size();
  for (const char* at = begin; at != end;) {
    const std::size_t offset = origin + static_cast<std::size_t>(at - begin);
    if (static_cast<unsigned char>(*at) < 0x80) {
      const char c = *at++;
      if (c == ' ' || c == '\t') {
        gap = true;
      } else {
        append_gap(folded, gap, offset);
        append(folded, c, offset);
      }
      continue;
    }
    const char* const from = at;
    const char32_t c = utf8::unchecked::next(at);
    const char32_t to = plain(c);
    if (to == dropped) continue;
    if (to == U' ') {
      gap = true;
      continue;
    }
    append_gap(folded, gap, offset);
    if (to == c) {
      for (const char* byte = from; byte != at; ++byte) append(folded, *byte, offset);
    } else {
      const std::size_t size = folded.text.size();
      utf8::unchecked::append(to, std::back_inserter(folded.text));
      folded.origins.resize(folded.origins.size() + folded.text.size() - size,
                            static_cast<std::uint32_t>(offset));
    }
  }
}

FoldedText fold(std::string_view text) {
  FoldedText folded;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    fold_onto(folded, text.substr(begin, end - begin), begin);
    begin = end + 1;
  }
  return folded;
}

}  // namespace quotawatch
