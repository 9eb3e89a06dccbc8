#include "quotawatch/input_error.h"

#include <fmt/format.h>

#include <utility>

namespace quotawatch {

InputError::InputError(std::string file, std::size_t line, std::string problem)
    : std::runtime_error(line == 0 ? fmt::format("{}: {}", file, problem)
                                   : fmt::format("{}:{}: {}", file, line, problem)),
      file_(std::move(file)),
      line_(line),
      problem_(std::move(problem)) {}

}  // namespace quotawatch
