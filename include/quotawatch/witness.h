// The seam to what a program writes about itself: whether the last turn of its conversation was refused.
//
// Asked by Monitor for each session at each poll. Real: ProgramRecords (src/os). Fake: FakeWitness (sim/), which plays
// a transcript. Nothing of a conversation passes through it: only what stands below.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/testimony.h"
#include "quotawatch/tmux.h"

namespace quotawatch {

class Witness {
 public:
  virtual ~Witness() = default;

  // Empty if nothing can be known: no record, several that it could be, one that cannot be read. Never throws.
  virtual std::optional<Testimony> ask(const std::string& session, const PaneCapture& pane) = 0;
};

}  // namespace quotawatch
