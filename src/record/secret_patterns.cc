#include "record/secret_patterns.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "base/text.h"

namespace quotawatch {
namespace {

// A second check of what a pattern matched.
using Check = bool (*)(std::string_view);

// Blanks and the bytes of box-drawing characters.
constexpr std::string_view around_rows = " \t\r\n|│";

bool any(std::string_view /*found*/) { return true; }

bool has_digit(std::string_view found) { return std::ranges::any_of(found, is_digit); }

// Random characters, and not words, paths or lines of dashes.
bool is_random(std::string_view found) {
  const auto has = [&](char first, char last) {
    return std::ranges::any_of(found, [&](char c) { return c >= first && c <= last; });
  };
  const bool hexadecimal = found.find_first_not_of("0123456789abcdefABCDEF") == found.npos;
  const auto slashes = static_cast<std::size_t>(std::ranges::count(found, '/'));
  return has('0', '9') && has('A', 'z') &&
         (hexadecimal || (has('a', 'z') && has('A', 'Z') && slashes * 16 <= found.size()));
}

bool is_no_mask(std::string_view found) {
  return std::ranges::any_of(found, [](char c) { return is_digit(c) || is_lower(c) || is_upper(c); });
}

// A plain word after "token:" is prose.
bool is_no_word(std::string_view found) { return found.size() >= 6 && has_digit(found); }

bool is_foreign_address(std::string_view found) {
  return found != "127.0.0.1" && found != "0.0.0.0" && found != "255.255.255.255";
}

// Not a time of day, nor a name with `::`.
bool is_address(std::string_view found) {
  return has_digit(found) && std::ranges::count(found, ':') >= 2 && found.size() > 8;
}

struct Pattern {
  Pattern(SecretKind of, const char* text, Check check) : kind(of), expression(text, options()), holds(check) {}

  static RE2::Options options() {
    RE2::Options options;
    options.set_case_sensitive(true);
    options.set_never_nl(false);
    options.set_log_errors(true);
    return options;
  }

  SecretKind kind;
  RE2 expression;  // its first group is replaced
  Check holds;
};

// In order of precedence.
const std::vector<std::unique_ptr<Pattern>>& token_patterns() {
  static const auto patterns = [] {
    std::vector<std::unique_ptr<Pattern>> all;
    const auto add = [&](const char* text, Check check = any) {
      all.push_back(std::make_unique<Pattern>(SecretKind::secret, text, check));
    };
    // A private key: all between its first and last row, as far as visible.
    add(R"(-----BEGIN [A-Z ]*PRIVATE KEY-----((?:\s+[│|]?\s*[A-Za-z0-9+/=]{16,76}\s*?[│|]?)+))");
    add(R"(([A-Za-z0-9+/=]{1,76})\s+[│|]?\s*-----END [A-Z ]*PRIVATE KEY)");
    add(R"(\bsk-(?:ant|proj|svcacct|or)-([A-Za-z0-9_-]{4,}))");
    add(R"(\b[srp]k[-_](?:live_|test_)?([A-Za-z0-9_-]{16,}))", has_digit);
    add(R"(\bgh[pousr]_([A-Za-z0-9]{8,}))");
    add(R"(\bgithub_pat_([A-Za-z0-9_]{8,}))");
    add(R"(\bgl(?:pat|ptt|dt|rt)-([A-Za-z0-9_-]{8,}))");
    add(R"(\b(?:AKIA|ASIA)([A-Z0-9]{12,}))");
    add(R"(\bAIza([A-Za-z0-9_-]{20,}))");
    add(R"(\bya29\.([A-Za-z0-9_-]{12,}))");
    add(R"(\bxox[a-z]-([A-Za-z0-9-]{8,}))");
    add(R"(\b(?:hf|npm|dop_v1|pypi|whsec)[_-]([A-Za-z0-9_-]{20,}))");
    add(R"(\beyJ([A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,2}))");
    add(R"((?i)\bbearer +([A-Za-z0-9._~+/=-]{8,}))", is_no_word);
    add(R"(([A-Za-z0-9+/_-]{40,}={0,2}))", is_random);
    add(R"(\b([0-9a-fA-F]{32,})\b)", is_random);
    return all;
  }();
  return patterns;
}

const std::vector<std::unique_ptr<Pattern>>& name_patterns() {
  using Kind = SecretKind;
  static const auto patterns = [] {
    std::vector<std::unique_ptr<Pattern>> all;
    const auto add = [&](Kind kind, const char* text, Check check = any) {
      all.push_back(std::make_unique<Pattern>(kind, text, check));
    };
    add(Kind::secret, R"(\b[a-z][a-z0-9+.-]*://([^\s/:@]+:[^\s/@]+)@)");
    add(Kind::secret, R"re((?i)(?:password|passwd|passphrase|pwd|secret)["']?\s*[:=]\s*["']?([^\s"'`,;)]+))re",
        is_no_mask);
    add(Kind::secret,
        R"re((?i)(?:token|api[_-]?key|access[_-]?key|auth[_-]?key|secret[_-]?key|_key)["']?=["']?([^\s"'`,;)]{4,}))re");
    add(Kind::secret, R"re((?i)(?:token|key)["']?\s*[:=]\s*["']?([^\s"'`,;)]{6,}))re", is_no_word);
    add(Kind::mail, R"(([A-Za-z0-9_][A-Za-z0-9_.+%-]*@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}))");
    // A prompt: "anna@box:~/src$", "[anna@box src]$", "anna@box ~ %".
    add(Kind::host, R"(\b([A-Za-z_][\w.-]*@[A-Za-z][A-Za-z0-9-]*)(?::[~/\w.]| +[~/\w.-]*\]?[ ]*[#$%]))");
    add(Kind::host,
        R"((?i)\b((?:[a-z0-9][a-z0-9-]*\.)+(?:local|localdomain|internal|intranet|lan|corp|home|home\.arpa))\b)");
    add(Kind::home, R"re((?:/home/|/Users/|\\Users\\)([^/\\\s:'"`)\]},;]+))re");
    add(Kind::home, R"re((?:^|[\s:"'`=(])~([a-z_][a-z0-9_-]*)/)re");
    add(Kind::address, R"(\b((?:[0-9]{1,3}\.){3}[0-9]{1,3})\b)", is_foreign_address);
    add(Kind::address, R"(\b([0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7})\b)", is_address);
    return all;
  }();
  return patterns;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

bool overlaps(const std::vector<SecretSpan>& spans, std::size_t begin, std::size_t end) {
  const auto after = std::ranges::lower_bound(spans, end, {}, &SecretSpan::begin);
  return after != spans.begin() && std::prev(after)->end > begin;
}

void add(const std::vector<SecretSpan>& found, std::vector<SecretSpan>& spans) {
  const auto middle = static_cast<std::ptrdiff_t>(spans.size());
  spans.insert(spans.end(), found.begin(), found.end());
  std::ranges::inplace_merge(spans, spans.begin() + middle, {}, &SecretSpan::begin);
}

// Adds the matches of one pattern that overlap no earlier finding.
void find_all(const Pattern& pattern, std::string_view text, std::vector<SecretSpan>& spans) {
  std::vector<SecretSpan> found;
  std::array<re2::StringPiece, 2> groups;
  std::size_t from = 0;
  while (from < text.size() &&
         pattern.expression.Match(piece(text), from, text.size(), RE2::UNANCHORED, groups.data(), 2)) {
    const auto begin = static_cast<std::size_t>(groups[1].data() - text.data());
    const std::size_t end = begin + groups[1].size();
    from = std::max(end, from + 1);
    if (begin == end || !pattern.holds(text.substr(begin, end - begin))) continue;
    if (!overlaps(spans, begin, end)) found.push_back({begin, end, pattern.kind});
  }
  add(found, spans);
}

bool is_word_byte(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// Common words on screens are not redacted, even if a user or host has such a name.
bool is_common(std::string_view name) {
  static constexpr std::array words{"agent",  "anthropic", "api",    "claude", "code",  "codex", "debian",
                                    "dev",    "error",     "gemini", "google", "host",  "limit", "linux",
                                    "local",  "localhost", "login",  "main",   "max",   "model", "node",
                                    "openai", "plan",      "pro",    "prod",   "quota", "reset", "root",
                                    "server", "test",      "ubuntu", "usage",  "user",  "work"};
  return name.size() < 3 || std::ranges::find(words, name) != words.end();
}

void find_words(std::string_view text, std::string_view word, SecretKind kind, std::vector<SecretSpan>& spans) {
  if (is_common(word)) return;
  std::vector<SecretSpan> found;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + word.size())) {
    const std::size_t end = at + word.size();
    const bool whole = (at == 0 || !is_word_byte(text[at - 1])) && (end == text.size() || !is_word_byte(text[end]));
    if (whole && !overlaps(spans, at, end)) found.push_back({at, end, kind});
  }
  add(found, spans);
}

}  // namespace

std::vector<SecretSpan> find_tokens(std::string_view text) {
  std::vector<SecretSpan> spans;
  for (const auto& pattern : token_patterns()) find_all(*pattern, text, spans);
  // A private key spans rows; the parts between them belong to the screen's layout.
  std::vector<SecretSpan> tokens;
  for (const auto& [begin, end, kind] : spans) {
    for (std::size_t at = begin; at < end;) {
      const std::size_t first = std::min(text.find_first_not_of(around_rows, at), end);
      at = std::min(text.find_first_of(around_rows, first), end);
      if (first < at) tokens.push_back({first, at, kind});
    }
  }
  return tokens;
}

std::vector<SecretSpan> find_names(std::string_view text, const OwnNames& own) {
  std::vector<SecretSpan> spans;
  for (const auto& pattern : name_patterns()) find_all(*pattern, text, spans);
  for (const auto& host : own.hosts) find_words(text, host, SecretKind::host, spans);
  for (const auto& user : own.users) find_words(text, user, SecretKind::home, spans);
  return spans;
}

}  // namespace quotawatch
