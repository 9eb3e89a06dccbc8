// One simulated session: a coding agent in a pane, and the person who works with it.
//
// Data only; World simulates it and draws its screens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "quotawatch/testimony.h"
#include "sim/screens/fuzz_screen.h"
#include "sim/screens/random.h"
#include "sim/world/wordings.h"
#include "transcript/truth.h"

namespace quotawatch::sim {

struct Agent {
  enum class Mode { absent, idle, working, blocked, failing };

  std::string session;
  ScreenKind program = ScreenKind::claude_code;
  std::size_t columns = 100;
  Random random{0};

  Mode mode = Mode::absent;
  std::size_t account = 0;          // used by the current request
  std::size_t program_account = 0;  // that its program was started with
  bool dormant = false;             // nobody works in it
  std::uint64_t turn = 0;           // counts conversation turns
  std::uint64_t serial = 0;         // counts changes: plans made for an earlier value are void

  Truth truth;
  std::optional<Truth> published;                  // the last one performed
  std::shared_ptr<const std::string> shown;        // null if there is no session
  ScreenRecipe banner;                             // while blocked, to be redrawn
  bool has_text = false;                           // our text stands at its prompt
  const Wording* wording = nullptr;                // of the last banner
  Words words = Words::known;                      // which it is of
  bool strange = false;                            // in words that no rule knows
  bool writes = false;                             // its program writes down how its turns end
  Testimony::Says said = Testimony::Says::failed;  // by the last line
  std::uint64_t record = 0;                        // counts what makes its record end: what was to be written is void
  Milliseconds written_until{0};                   // by the last line that was planned
  Milliseconds silent_until{0};                    // its record is not written before
  bool in_mode = false;                            // its user reads further up in its pane
  bool awaits_answer = false;                      // of a person, to a menu that no pack knows
  std::optional<Milliseconds> used_at;             // when its user last pressed a key
};

}  // namespace quotawatch::sim
