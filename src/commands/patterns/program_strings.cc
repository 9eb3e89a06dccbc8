#include "commands/patterns/program_strings.h"

#include <re2/re2.h>
#include <utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>
#include <set>

#include "base/text.h"

namespace quotawatch {
namespace {

// How far from one of the words a sentence is looked for.
constexpr std::size_t reach = 600;
constexpr std::size_t longest_sentence = 400;
constexpr std::size_t shortest_sentence = 12;

// In files of hundreds of megabytes: parts of words that are alike in capitals and small letters.
constexpr auto word_parts =
    std::to_array<std::string_view>({"imit", "usage", "Usage", "redit", "uota", "llowance", "llocation", "pend cap",
                                     "udget", "isabled for your", "hit your", "reached your", "ve used", "close to"});

bool is_alphabetic(char c) { return is_lower(c) || is_upper(c); }

bool is_printable(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'; }

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

// A quotation mark that may begin a literal: an apostrophe stands behind a letter.
bool may_open(std::string_view text, std::size_t at) {
  if (!is_quote(text[at])) return false;
  if (at == 0 || !(is_alphabetic(text[at - 1]) || is_digit(text[at - 1]))) return true;
  const auto before = text.substr(0, at);
  return before.ends_with("return") || before.ends_with("case");
}

std::size_t find_close(std::string_view text, std::size_t open) {
  for (std::size_t at = open + 1; at < text.size() && is_printable(text[at]); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == text[open]) {
      return at;
    }
  }
  return std::string_view::npos;
}

// The literal around the byte at `at`.
std::optional<std::string_view> literal_around(std::string_view text, std::size_t at) {
  const std::size_t farthest = at - std::min(at, longest_sentence);
  for (std::size_t open = at; open-- > farthest && is_printable(text[open]);) {
    if (!may_open(text, open)) continue;
    const auto close = find_close(text, open);
    if (close == std::string_view::npos || close < at) continue;
    return text.substr(open + 1, close - open - 1);
  }
  return std::nullopt;
}

// Compilers put constants one behind the other, with or without their length before them: a new one begins with a
// capital behind a letter or a stop, or behind the one byte that says how long it is.
bool begins_constant(std::string_view text, std::size_t at) {
  if (at == 0 || !is_printable(text[at - 1])) return true;
  if (!is_upper(text[at]) || at + 1 >= text.size() || !(is_lower(text[at + 1]) || text[at + 1] == ' ')) return false;
  const char before = text[at - 1];
  const bool length = at > 1 && !is_printable(text[at - 2]);
  return length || is_lower(before) || is_digit(before) ||
         std::string_view(".!?:)%/_").find(before) != std::string_view::npos;
}

std::string constant_around(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < longest_sentence && !begins_constant(text, begin)) --begin;
  std::size_t end = at;
  while (end < text.size() && end - at < longest_sentence && is_printable(text[end]) &&
         (end == at || !begins_constant(text, end))) {
    ++end;
  }
  std::string before(text.substr(begin, at - begin));
  std::string after(text.substr(at, end - at));
  // Some compilers keep texts with a byte for each character.
  static const RE2 dot(" \xb7 ", RE2::Latin1);
  RE2::GlobalReplace(&before, dot, " · ");
  RE2::GlobalReplace(&after, dot, " · ");
  // Other bytes that are no text stand for what is filled in.
  for (auto bad = find_invalid_utf8(before); bad != std::string::npos; bad = find_invalid_utf8(before)) {
    before.erase(0, bad + 1);
  }
  std::string constant = before + after.substr(0, find_invalid_utf8(after));
  // The length of the next one.
  if (constant.size() > 1 && is_digit(constant.back()) && is_lower(constant[constant.size() - 2])) constant.pop_back();
  return constant;
}

// The character that "u00b7", "u{2026}" or "xb7" at the front of `rest` stands for, which is taken away; 0: none.
char32_t take_code_point(std::string_view& rest) {
  static const RE2 code(R"((?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})))");
  re2::StringPiece left(rest.data(), rest.size());
  std::array<re2::StringPiece, 3> digits;
  if (!RE2::Consume(&left, code, &digits[0], &digits[1], &digits[2])) return 0;
  rest = {left.data(), left.size()};
  for (const auto& some : digits) {
    if (some.empty()) continue;
    std::uint32_t value = 0;
    std::from_chars(some.data(), some.data() + some.size(), value, 16);
    return value < 0xd800 || (value > 0xdfff && value < 0x110000) ? value : U' ';
  }
  return 0;
}

// Some bundles keep texts with a byte for each character.
std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) utf8::append(static_cast<unsigned char>(c), std::back_inserter(text));
  return text;
}

std::string unescaped(std::string_view literal) {
  std::string text;
  while (!literal.empty()) {
    const char c = literal.front();
    literal.remove_prefix(1);
    if (c != '\\' || literal.empty()) {
      text += c;
    } else if (const char32_t point = take_code_point(literal)) {
      utf8::append(point, std::back_inserter(text));
    } else {
      text += is_alphabetic(literal.front()) ? ' ' : literal.front();
      literal.remove_prefix(1);
    }
  }
  return text;
}

class Collector {
 public:
  // Takes the sentences of text[begin, end), of which it may see what stands around.
  void take(std::string_view text, std::size_t begin, std::size_t end) {
    found_.clear();
    for (const auto part : word_parts) {
      for (std::size_t at = begin; at < end;) {
        const void* const hit = memmem(text.data() + at, text.size() - at, part.data(), part.size());
        if (hit == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
        if (at >= end) break;
        take_around(text, at);
        at += part.size();
      }
    }
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.at < b.at; });
    for (auto& found : found_) sentences.push_back(std::move(found.sentence));
  }

  std::vector<std::string> sentences;

 private:
  struct Found {
    std::size_t at;
    std::string sentence;
  };

  void take_around(std::string_view text, std::size_t at) {
    // Only what stands near is looked at.
    const std::size_t from = at - std::min(at, reach);
    const auto near = text.substr(from, 2 * reach);
    if (const auto literal = literal_around(near, at - from)) {
      const bool valid = find_invalid_utf8(*literal) == std::string_view::npos;
      if (add(unescaped(valid ? std::string(*literal) : from_latin1(*literal)), at)) return;
    }
    add(constant_around(near, at - from), at);
  }

  bool add(const std::string& found, std::size_t at) {
    if (found.size() < shortest_sentence || found.size() > longest_sentence) return false;
    if (find_invalid_utf8(found) != std::string_view::npos) return false;
    const std::string sentence = completed(found);
    if (!speaks_of_limit(sentence)) return false;
    if (known_.insert(lower_case(sentence)).second) found_.push_back({at, sentence});
    return true;
  }

  std::vector<Found> found_;  // by the last take()
  std::set<std::string> known_;
};

}  // namespace

std::string completed(std::string_view text) {
  std::string sentence(trim(text));
  // Innermost first: an expression may have another in it.
  static const RE2 inner(R"(\$\{[^${}]*\{[^{}]*\}[^{}]*\}|\$\{[^{}]*\})");
  static const RE2 percent(R"(\x01%)");
  static const RE2 of_limit(R"(\x01( (?:usage )?(?:limit|quota|cap|budget)))");
  static const RE2 time(R"(((?:resets?|at|until|in|·)(?: at)? )\x01)");
  static const RE2 behind(R"((\S)\x01)");
  static const RE2 yours(R"((?i)(\b(?:your|the) )\x01)");
  static const RE2 beginning(R"((?i)(?:your|to|the|’ve used|'ve used)$)");
  static const RE2 hole(R"((?:\x01|\{\}|%[sd])+)");
  RE2::GlobalReplace(&sentence, inner, "\x01");
  RE2::GlobalReplace(&sentence, hole, "\x01");
  RE2::GlobalReplace(&sentence, percent, "90%");
  RE2::GlobalReplace(&sentence, of_limit, R"(session\1)");
  RE2::GlobalReplace(&sentence, time, R"(\18pm)");
  RE2::GlobalReplace(&sentence, behind, R"(\1)");  // an ending, often empty
  RE2::GlobalReplace(&sentence, yours, R"(\1session limit)");
  RE2::GlobalReplace(&sentence, hole, "Opus");
  static const RE2 loose_end(R"([\s$(·:—-]+$)");
  RE2::Replace(&sentence, loose_end, "");
  if (sentence.ends_with(" for")) sentence += " GPT-5";
  if (RE2::PartialMatch(sentence, beginning)) {
    sentence += sentence.ends_with("used") ? " 90% of your" : sentence.ends_with(" to") ? " your" : "";
    sentence += " session limit";
  }
  static const RE2 spaces(R"(\s+)");
  RE2::GlobalReplace(&sentence, spaces, " ");
  return std::string(trim(sentence));
}

bool speaks_of_limit(std::string_view text) {
  // A sentence, and no code.
  static const RE2 code(R"([{}<>=;\\|]|\w\(|\w\.\w+\.\w|&&|\bfunction\b|\w_\w|\$[^0-9]|^[a-z])");
  if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), code)) return false;
  // Limits that no account has.
  static const RE2 other(
      R"((?i)\b(?:cpu|memory|space|byte|disk|stack|depth|bandwidth|file size|entity|stream|socket|script|denial|export|volume|)"
      R"(concurrent|output token|nesting|context|buffer|heap|recursion|rate limits? (?:are|is) )\b)");
  if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), other)) return false;
  static const RE2 limit(
      R"((?i)^(?:error: |warning: |heads up, )?(?:)"
      R"((?:you|you've|you're|you have|you are)\b[^"]{0,40}\b(?:hit|reached|exceeded|used|used up|spent|run out|ran out|out of|close to|near|now using|at|have less than)\b[^"]{0,60}\b(?:limits?|usage|credits?|quota|caps?|allowance|allocation|budget)\b)"
      R"(|your\b[^"]{0,60}\b(?:limits?|usage|credits?|quota|cap|allowance|allocation|budget|credit balance)\b[^"]{0,30}\b(?:reached|exceeded|exhausted|used up|spent|out|too low|disabled|set to \$0|paused|reset)\b)"
      R"(|your [^"]{0,40}\b(?:is out of|doesn't include|does not include)\b[^"]{0,30}\b(?:usage|credits?)\b)"
      R"(|(?:[\w.'-]+ ){0,4}(?:limit|quota|cap|allowance|credit balance|credits)\b (?:has been |is |are |was )?(?:reached|exceeded|exhausted|hit|used up|too low|available again|reset|spent)\b)"
      R"(|now using (?:your )?(?:[\w-]+ ){0,2}(?:credits|usage|allocation)\b|this service is disabled\b)"
      R"(|(?:[\w.]+ ){1,3}requires usage credits\b|over \d+% of your\b|approaching (?:[\w-]+ ){0,3}limits?\b|usage is paused\b)"
      R"(|out of (?:[\w-]+ )?credits\b|insufficient (?:[\w-]+ )?(?:credits|balance|quota)\b))");
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), limit);
}

std::vector<std::string> limit_sentences(FileReader& file) {
  Collector collector;
  std::string buffer;
  std::size_t done = 0;  // bytes of the buffer whose sentences were taken
  for (bool more = true; more;) {
    const auto piece = file.next();
    more = !piece.empty();
    buffer += piece;
    const std::size_t end = more ? buffer.size() - std::min(buffer.size(), reach) : buffer.size();
    constexpr std::size_t enough = 1 << 20;
    if (more && buffer.size() < done + enough) continue;
    collector.take(buffer, done, std::max(done, end));
    const std::size_t gone = std::max(done, end) - std::min(std::max(done, end), reach);
    buffer.erase(0, gone);
    done = std::max(done, end) - gone;
  }
  return std::move(collector.sentences);
}

}  // namespace quotawatch
