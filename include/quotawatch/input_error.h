// The only exception for bad input: thrown by all loaders, caught in main, which prints
// `quotawatch: FILE:LINE: problem` and returns exit code 2.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace quotawatch {

class InputError : public std::runtime_error {
 public:
  // `line` counts from 1; 0 if there is no line to name (a missing file). `problem` says what is
  // wrong and what would be right.
  InputError(std::string file, std::size_t line, std::string problem);

  const std::string& file() const { return file_; }
  std::size_t line() const { return line_; }
  const std::string& problem() const { return problem_; }

 private:
  std::string file_;
  std::size_t line_;
  std::string problem_;
};

}  // namespace quotawatch
