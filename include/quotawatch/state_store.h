// The seam to storage that survives a restart.
//
// Used by Monitor. Real: FileStateStore (src/os). Fake: MemoryStateStore (sim/). Both fulfil
// tests/contracts/state_store_contract.h.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/state.h"

namespace quotawatch {

class StateStore {
 public:
  virtual ~StateStore() = default;

  // The last saved state; empty if none was ever saved. Falls back to the previous generation if it
  // is damaged. Throws InputError if no generation can be read.
  virtual std::optional<State> load() = 0;

  // Saves the saved part of `state` and keeps the generation before it. If it returns nullopt, no
  // crash or power cut can lose the state; else it returns the reason, and the previous state
  // remains valid.
  virtual std::optional<std::string> save(const State& state) = 0;
};

}  // namespace quotawatch
