#include "tests/canaries/mutant.h"

#include <cstdlib>
#include <string>

#include "base/mutant.h"

namespace quotawatch {
namespace {

std::string& switched_on() {
  static std::string name = [] {
    const char* named = std::getenv("QUOTAWATCH_MUTANT");  // NOLINT(concurrency-mt-unsafe)
    return std::string(named == nullptr ? "" : named);
  }();
  return name;
}

}  // namespace

bool mutant(std::string_view name) { return name == switched_on(); }

namespace canaries {

void switch_on(std::string_view mutant) { switched_on() = mutant; }
void switch_off() { switched_on().clear(); }

}  // namespace canaries
}  // namespace quotawatch
