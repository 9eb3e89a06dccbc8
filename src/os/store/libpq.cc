#include "os/store/libpq.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>

namespace quotawatch::os {
namespace {

constexpr const char* library_name = "libpq.so.5";

void* load() {
  void* const library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(fmt::format("{} is missing (package libpq5)", library_name));
  return library;
}

}  // namespace

void* find_in_libpq(const char* name) {
  static void* const library = load();
  void* const function = dlsym(library, name);
  if (function == nullptr) throw std::runtime_error(fmt::format("{} has no {}", library_name, name));
  return function;
}

const Libpq& libpq() {
  static const Libpq loaded;
  return loaded;
}

}  // namespace quotawatch::os
