#include "record/redaction.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "record/secret_search.h"

namespace quotawatch {
namespace {

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

struct Replacement {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

// The parts that no earlier finding covers, which are taken by this one.
std::vector<std::pair<std::size_t, std::size_t>> free_parts(const std::vector<RowPiece>& pieces,
                                                            std::vector<bool>& taken) {
  std::vector<std::pair<std::size_t, std::size_t>> free;
  for (const auto& piece : pieces) {
    bool open = false;
    for (std::size_t at = piece.begin; at < piece.end; ++at) {
      if (taken[at]) {
        open = false;
        continue;
      }
      if (!open) free.emplace_back(at, at);
      open = true;
      free.back().second = at + 1;
      taken[at] = true;
    }
  }
  return free;
}

std::string replaced(std::string_view text, std::vector<Replacement> replacements) {
  std::ranges::sort(replacements, {}, &Replacement::begin);
  std::string result;
  std::size_t at = 0;
  for (const auto& [begin, end, with] : replacements) {
    assert(at <= begin && begin < end);
    result += text.substr(at, begin - at);
    result += with;
    at = end;
  }
  return result.append(text.substr(at));
}

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
  std::vector<bool> taken(text.size());
  for (const auto& finding : find_secrets(text, columns, own_)) {
    const auto free = free_parts(finding.pieces, taken);
    std::string found;
    for (const auto& [begin, end] : free) found += text.substr(begin, end - begin);
    if (found.empty()) continue;
    const std::string& whole = placeholder(finding.kind, found);
    std::size_t used = 0;
    for (const auto& [begin, end] : free) {
      const std::size_t cells = display_width(text.substr(begin, end - begin));
      replacements.push_back({begin, end, whole.substr(std::min(used, whole.size()), cells)});
      used += cells;
    }
  }
  return replaced(text, std::move(replacements));
}

Event without_secrets(Event event, Redactor& redactor) {
  for (auto* field : {&event.snippet, &event.why, &event.text}) {
    if (*field) *field = redactor.line(**field);
  }
  return event;
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
