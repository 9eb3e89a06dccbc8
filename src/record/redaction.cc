#include "record/redaction.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "record/secret_patterns.h"

namespace quotawatch {
namespace {

// A row that ends within this distance of the right edge may be wrapped: programs draw boxes and
// margins there.
constexpr int margin = 4;

// Characters of tokens, which may be cut by the end of a row.
bool is_token_byte(char c) {
  constexpr std::string_view others = "-_+/=.";
  return is_lower(c) || is_upper(c) || is_digit(c) || others.find(c) != others.npos;
}

// A format such as "xxxx-00XX", the same for all texts that look alike. Keeps characters that affect
// layout.
std::string shape_of(SecretKind kind, std::string_view found) {
  constexpr std::string_view kept = "-_.=/+:@ ";
  std::string shape;
  for (auto at = found.begin(); at != found.end();) {
    const char32_t c = utf8::next(at, found.end());
    const char byte = c < 0x80 ? static_cast<char>(c) : '\0';
    const bool plain = byte != '\0' && !is_lower(byte) && !is_upper(byte) && !is_digit(byte);
    const bool stays = plain && (kind != SecretKind::secret || kept.find(byte) != kept.npos);
    shape.append(display_width(c), stays ? byte : is_digit(byte) ? '0' : is_upper(byte) ? 'X' : 'x');
  }
  return shape;
}

// A pseudonym with this format and number; numbers wrap around if the format is too short.
std::string number_shape(std::string shape, std::size_t number) {
  constexpr std::string_view letters = "xabcdefghijklmnopqrstuvwyz";
  for (auto at = shape.rbegin(); at != shape.rend() && number > 0; ++at) {
    if (*at == '0') {
      *at = static_cast<char>('0' + number % 10);
      number /= 10;
    } else if (*at == 'x' || *at == 'X') {
      const char letter = letters[number % letters.size()];
      *at = static_cast<char>(*at == 'X' ? letter - 'a' + 'A' : letter);
      number /= letters.size();
    }
  }
  return shape;
}

// The text of a screen with wrapped rows joined, and the origin of each byte.
class JoinedRows {
 public:
  JoinedRows(std::string_view text, int columns) : text_(text) {
    std::size_t begin = 0;  // of the part not copied yet
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1)) {
      const std::size_t row = end == 0 ? 0 : text.rfind('\n', end - 1) + 1;
      const std::size_t last = row_end(row, end, columns);
      const std::size_t next = last == 0 ? 0 : row_begin(end + 1);
      if (next == 0) continue;
      take(begin, last);
      begin = next;
    }
    take(begin, text.size());
  }

  const std::string& joined() const { return joined_; }

  // Maps a range of the joined text to pieces of the screen.
  std::vector<std::pair<std::size_t, std::size_t>> pieces(const SecretSpan& span) const {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    assert(span.begin < span.end && span.end <= joined_.size());
    auto part = std::ranges::upper_bound(parts_, span.begin, {}, &Part::at);
    for (--part; part != parts_.end() && part->at < span.end; ++part) {
      const std::size_t first = std::max(span.begin, part->at) - part->at;
      const std::size_t last = std::min(span.end - part->at, part->size);
      if (first < last) found.emplace_back(part->begin + first, part->begin + last);
    }
    return found;
  }

 private:
  struct Part {
    std::size_t at;     // in the joined text
    std::size_t begin;  // in the screen
    std::size_t size;
  };

  void take(std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    parts_.push_back({joined_.size(), begin, end - begin});
    joined_ += text_.substr(begin, end - begin);
  }

  static std::string_view box() { return "│"; }

  // The end of this row's text, if it reaches the right edge and may continue; else 0.
  std::size_t row_end(std::size_t begin, std::size_t end, int columns) const {
    std::string_view row = text_.substr(begin, end - begin);
    if (columns <= margin || row.size() + margin < static_cast<std::size_t>(columns)) return 0;
    row = row.substr(0, row.find_last_not_of(' ') + 1);
    if (row.ends_with(box())) row.remove_suffix(box().size());
    row = row.substr(0, row.find_last_not_of(' ') + 1);
    if (row.empty() || !is_token_byte(row.back())) return 0;
    const bool full = display_width(row) + margin >= static_cast<std::size_t>(columns);
    return full ? begin + row.size() : 0;
  }

  // The beginning of the text of the row that begins here, if it may continue the previous row; else 0.
  std::size_t row_begin(std::size_t begin) const {
    std::size_t first = std::min(text_.find_first_not_of(' ', begin), text_.size());
    if (text_.substr(first).starts_with(box())) {
      first = std::min(text_.find_first_not_of(' ', first + box().size()), text_.size());
    }
    return first < text_.size() && is_token_byte(text_[first]) ? first : 0;
  }

  std::string_view text_;
  std::string joined_;
  std::vector<Part> parts_;
};

struct Replacement {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

}  // namespace

Redactor::Redactor(OwnNames own) : own_(std::move(own)) {
  // "box.example.org" before "box".
  std::ranges::stable_sort(own_.hosts, std::greater<>(), &std::string::size);
}

const std::string& Redactor::placeholder(SecretKind kind, const std::string& found) {
  const auto [known, fresh] = placeholders_.try_emplace(found);
  if (fresh) {
    ++counts_[static_cast<std::size_t>(kind)];
    std::string shape = shape_of(kind, found);
    const std::size_t number = found_of_shape_[shape]++;
    known->second = number_shape(std::move(shape), number);
  }
  return known->second;
}

std::string Redactor::screen(std::string_view text, int columns) {
  if (find_invalid_utf8(text) != text.npos) return screen(escape_controls(text), 0);
  std::vector<Replacement> replacements;
  const JoinedRows rows(text, columns);
  for (const auto& span : find_tokens(rows.joined())) {
    const auto pieces = rows.pieces(span);
    const std::string& whole = placeholder(span.kind, rows.joined().substr(span.begin, span.end - span.begin));
    std::size_t used = 0;
    for (const auto& [begin, end] : pieces) {  // tokens have one byte per cell
      replacements.push_back({begin, end, whole.substr(used, end - begin)});
      used += end - begin;
    }
  }
  const auto tokens = static_cast<std::ptrdiff_t>(replacements.size());
  for (const auto& span : find_names(text, own_)) {
    const auto begin = replacements.begin();
    const auto after = std::lower_bound(begin, begin + tokens, span.end,
                                        [](const Replacement& token, std::size_t end) { return token.begin < end; });
    if (after != begin && std::prev(after)->end > span.begin) continue;
    replacements.push_back(
        {span.begin, span.end, placeholder(span.kind, std::string(text.substr(span.begin, span.end - span.begin)))});
  }
  std::ranges::sort(replacements, {}, &Replacement::begin);
  std::string redacted;
  std::size_t at = 0;
  for (const auto& [begin, end, with] : replacements) {
    assert(at <= begin && begin < end);
    redacted += text.substr(at, begin - at);
    redacted += with;
    at = end;
  }
  return redacted.append(text.substr(at));
}

std::string describe_redactions(const std::array<std::size_t, secret_kind_count>& counts) {
  static constexpr auto names = std::to_array<std::pair<const char*, const char*>>({
      {"secret", "secrets"},
      {"mail address", "mail addresses"},
      {"user name", "user names"},
      {"host name", "host names"},
      {"network address", "network addresses"},
  });
  static_assert(names.size() == secret_kind_count);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    parts.push_back(fmt::format("{} {}", counts[i], counts[i] == 1 ? names[i].first : names[i].second));
  }
  return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace quotawatch
