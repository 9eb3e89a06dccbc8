// The packs that are part of the binary; made by tools/embed-packs.py at build time.
#pragma once

#include <span>
#include <string_view>

namespace quotawatch {

struct BuiltinPack {
  std::string_view name;
  std::string_view text;
};

std::span<const BuiltinPack> builtin_packs();

}  // namespace quotawatch
