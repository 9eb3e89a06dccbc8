// One simulated session: a coding agent in a pane, and who works with it.
//
// Data only; World lives its life and draws its screens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/screens/fuzz_screen.h"
#include "sim/screens/random.h"
#include "sim/world/wordings.h"
#include "transcript/truth.h"

namespace quotawatch::sim {

struct Agent {
  enum class Mode { absent, idle, working, blocked, trouble };

  std::string session;
  ScreenKind program = ScreenKind::claude_code;
  std::size_t columns = 100;
  Random random{0};

  Mode mode = Mode::absent;
  std::size_t account = 0;   // the one that the request under way uses
  std::uint64_t turn = 0;    // counts what is said
  std::uint64_t serial = 0;  // counts changes: what was planned before one is void

  Truth truth;
  std::optional<Truth> told;                 // what was said of it last
  std::shared_ptr<const std::string> shown;  // null where there is no session
  ScreenRecipe banner;                       // while blocked, to be drawn again
  const Wording* wording = nullptr;          // of the last banner
};

}  // namespace quotawatch::sim
