#include "fuzzing.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "base/text.h"

namespace quotawatch::fuzzing {

void check(bool holds, std::string_view what) {
  if (holds) return;
  fmt::print(stderr, "does not hold: {}\n", what);
  std::abort();
}

void check_refusal(const InputError& error, std::string_view text, const std::string& file) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  check(error.file() == file, fmt::format("{} is the file refused", error.file()));
  check(error.line() <= static_cast<std::size_t>(lines),
        fmt::format("line {} is among the {} of the text: {}", error.line(), lines, error.what()));
  check(!error.problem().empty(), "a refusal says what is wrong");
  check(find_invalid_utf8(error.problem()) == std::string_view::npos,
        fmt::format("a refusal is valid UTF-8: {}", escape_controls(error.problem())));
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(valid));
  return valid;
}

}  // namespace quotawatch::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  quotawatch::fuzzing::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
