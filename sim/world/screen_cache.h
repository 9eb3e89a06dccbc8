// Screen cache: screens without a limit of their own, drawn once and shown often. Idle and working
// sessions, and talk about limits that must not be mistaken for one.
//
// One for each worker of the simulator, shared by its worlds.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "quotawatch/screen.h"
#include "sim/screens/fuzz_screen.h"

namespace quotawatch::sim {

struct ScreenKey {
  enum class Kind { idle, working, talk, asked };
  ScreenKind program = ScreenKind::claude_code;
  std::size_t columns = 100;
  Kind kind = Kind::idle;
  std::size_t variant = 0;  // below screen_variants

  auto operator<=>(const ScreenKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

inline constexpr std::size_t screen_variants = 24;

class ScreenCache {
 public:
  std::shared_ptr<const std::string> screen(const ScreenKey& key);

 private:
  std::map<ScreenKey, std::shared_ptr<const std::string>> screens_;
};

}  // namespace quotawatch::sim
