#include "record/secret_checks.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace quotawatch {
namespace {

bool is_letter(char c) { return is_lower(c) || is_upper(c); }

// How a text of letters and digits changes between lower case, upper case and digits: words do so seldom.
struct Mixture {
  int lower = 0;
  int upper = 0;
  int digits = 0;
  int changes = 0;

  int count() const { return lower + upper + digits; }
};

Mixture mixture_of(std::string_view found) {
  Mixture mixture;
  char last = ' ';
  for (const char c : found) {
    const char now = is_lower(c) ? 'a' : is_upper(c) ? 'A' : is_digit(c) ? '0' : ' ';
    mixture.lower += now == 'a' ? 1 : 0;
    mixture.upper += now == 'A' ? 1 : 0;
    mixture.digits += now == '0' ? 1 : 0;
    mixture.changes += now != ' ' && last != ' ' && now != last ? 1 : 0;
    last = now;
  }
  return mixture;
}

}  // namespace

// Letters of one case, numbers, and times ("8pm", "4h14m"), between other characters: "5-hour", "You've".
bool is_prose(std::string_view text) {
  static const RE2 prose(
      R"((?:[^A-Za-z0-9]*\b(?:[A-Z]?[a-z]+|[A-Z]{1,5}|\d{1,5}|(?:\d{1,4}[a-z]{1,2}){1,3})\b)*[^A-Za-z0-9]*)");
  static const RE2 joint(R"([A-Za-z0-9][/=@_%+.]+[A-Za-z0-9])");
  const re2::StringPiece piece(text.data(), text.size());
  return RE2::FullMatch(piece, prose) && !RE2::PartialMatch(piece, joint);
}

bool is_common(std::string_view name) {
  static constexpr std::array words{
      "adm",    "agent",  "anthropic", "api",   "claude", "code",  "codex",     "daemon", "debian",  "dev",    "error",
      "gemini", "google", "host",      "limit", "linux",  "local", "localhost", "login",  "main",    "max",    "model",
      "node",   "nobody", "openai",    "plan",  "pro",    "prod",  "quota",     "reset",  "root",    "server", "staff",
      "sudo",   "test",   "ubuntu",    "usage", "user",   "users", "wheel",     "work",   "www-data"};
  return name.size() < 3 || std::ranges::find(words, name) != words.end();
}

bool any(std::string_view /*found*/) { return true; }

bool has_digit(std::string_view found) { return std::ranges::any_of(found, is_digit); }

bool is_no_mask(std::string_view found) {
  return std::ranges::any_of(found, [](char c) { return is_digit(c) || is_letter(c) || !is_ascii(c); });
}

static bool is_number(std::string_view found) { return found.find_first_not_of("0123456789:.,") == found.npos; }

// A plain word after "token:" is prose.
bool is_no_word(std::string_view found) { return found.size() >= 6 && !is_prose(found); }

// Random characters, and not words, paths or lines of dashes.
bool is_random(std::string_view found) {
  const Mixture mixture = mixture_of(found);
  if (mixture.digits == 0 || mixture.lower + mixture.upper == 0) return false;
  if (found.size() >= 32 && found.find_first_not_of("0123456789abcdefABCDEF") == found.npos) return true;
  const bool cased = mixture.lower > 0 && mixture.upper > 0;
  return cased ? mixture.changes * 20 >= mixture.count() * (found.size() >= 32 ? 6 : 9)
               : found.size() >= 24 && mixture.digits >= 4 && mixture.changes * 10 >= mixture.count() * 3;
}

bool is_licence(std::string_view found) { return has_digit(found) && std::ranges::any_of(found, is_letter); }

// Luhn's check digit, of cards with 15 and 16 digits.
bool is_card(std::string_view found) {
  int sum = 0;
  int place = 0;
  for (auto at = found.rbegin(); at != found.rend(); ++at) {
    if (!is_digit(*at)) continue;
    const int digit = (*at - '0') * (place % 2 == 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
    ++place;
  }
  return place >= 15 && place <= 16 && sum % 10 == 0;
}

bool is_foreign_address(std::string_view found) {
  return found != "127.0.0.1" && found != "0.0.0.0" && found != "255.255.255.255";
}

// Not a time of day, nor a name with `::`.
bool is_address(std::string_view found) {
  return has_digit(found) && std::ranges::count(found, ':') >= 2 && found.size() > 8;
}

// What may follow an option of a command in a sentence about it.
bool is_argument(std::string_view found) {
  static constexpr std::array words{"and", "argument", "as",   "at", "but",    "can",     "flag", "for",   "from",
                                    "if",  "in",       "into", "is", "it",     "keys",    "may",  "must",  "needs",
                                    "not", "on",       "only", "or", "option", "session", "so",   "than",  "that",
                                    "the", "then",     "this", "to", "via",    "was",     "when", "which", "with"};
  return !found.starts_with('-') && is_no_mask(found) && std::ranges::find(words, lower_case(found)) == words.end();
}

bool is_login(std::string_view found) { return !is_number(found) && is_no_mask(found); }

bool is_uncommon(std::string_view found) { return is_argument(found) && !is_common(found); }

// A host's name, and not the next word of a sentence.
bool is_host(std::string_view found) {
  return is_uncommon(found) && (found.find_first_of(".@-") != found.npos || has_digit(found));
}

}  // namespace quotawatch
