// The words of one transcript line: split, quoted, read as values.
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

// A reader of one line, which knows its place for errors.
class LineReader {
 public:
  LineReader(std::string_view line, const std::string& path, std::size_t number)
      : rest_(line), path_(path), number_(number) {}

  [[noreturn]] void fail(const std::string& problem) const;

  bool at_end();

  // The next word, which ends at a space; a name with spaces stands in quotes, as
  // JSON writes it. `what` says what should be here where there is nothing.
  std::string word(std::string_view what);

  // key=value, the value quoted where it has spaces.
  std::pair<std::string, std::string> field();

  // All that is left.
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

// `text` as word() reads it back.
std::string quote_word(std::string_view text);

// Reads what follows the offset of an event line.
Action parse_action(LineReader& line);

// Reads what follows `expect`.
Expectation parse_expectation(LineReader& line);

}  // namespace quotawatch
