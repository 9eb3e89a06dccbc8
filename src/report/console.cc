#include "report/console.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace quotawatch {

bool stdout_takes_colour() {
  // getenv() is called before any thread is started.
  static const bool takes =
      isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;  // NOLINT(concurrency-mt-unsafe)
  return takes;
}

std::string styled(bool colour, const fmt::text_style& style, std::string_view text) {
  return colour ? fmt::format(style, "{}", text) : std::string(text);
}

void print_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return;
  throw std::system_error(errno, std::generic_category(), "stdout cannot be written");
}

}  // namespace quotawatch
