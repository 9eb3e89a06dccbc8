// The program with a bug in it: the one that the variable PLANTED_BUG names.
#include <cstdlib>

#include "tests/canaries/planted.h"

namespace quotawatch::canaries {

bool planted(std::string_view bug) {
  static const char* const named = std::getenv("PLANTED_BUG");  // NOLINT(concurrency-mt-unsafe)
  return named != nullptr && bug == named;
}

}  // namespace quotawatch::canaries
