// The words of one transcript line: splitting, quoting, parsing.
//
// For the transcript parser and writer only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "quotawatch/time.h"
#include "transcript/transcript.h"

namespace quotawatch {

// A reader of one line that knows its position for errors.
class LineReader {
 public:
  LineReader(std::string_view line, const std::string& path, std::size_t number)
      : rest_(line), path_(path), number_(number) {}

  [[noreturn]] void fail(const std::string& problem) const;

  bool at_end();

  // True if the next word is in quotes.
  bool at_quote() { return !at_end() && rest_.front() == '"'; }

  // Takes the next word if it is this one.
  bool take(std::string_view expected);

  // The next word, which ends at a space; a name with spaces is in quotes, in JSON syntax. `what`
  // names what is missing if nothing is left.
  std::string word(std::string_view what);

  // key=value, the value quoted if it has spaces.
  std::pair<std::string, std::string> field();

  // The rest of the line.
  std::string rest(std::string_view what);

  Milliseconds duration(std::string_view what);
  Milliseconds offset();  // @60s
  void expect_end();
  std::size_t number() const { return number_; }

 private:
  std::string quoted_word();

  std::string_view rest_;
  const std::string& path_;
  std::size_t number_;
};

// `text` in the form that word() reads.
std::string quote_word(std::string_view text);

// The same, in quotes whatever it is.
std::string in_quotes_always(std::string_view text);

// Parses the rest of an event line after the offset.
Action parse_action(LineReader& line);

// Parses the rest of a line after `@TIME typed`.
Expectation parse_typed(LineReader& line, Milliseconds offset);

// Parses the rest of a line after `on typed`.
AnswerKeys parse_answer(LineReader& line);

// Parses the rest of a line after `expect`.
Expectation parse_expectation(LineReader& line);

}  // namespace quotawatch
