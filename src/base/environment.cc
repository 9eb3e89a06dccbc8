#include "base/environment.h"

#include <cstdlib>

namespace quotawatch {

std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}

}  // namespace quotawatch
