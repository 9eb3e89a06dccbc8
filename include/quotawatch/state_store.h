// The seam to what survives a restart.
//
// Used by Monitor. Real: FileStateStore (src/os). Fake: MemoryStateStore (sim/).
// tests/contracts/state_store_contract.h is what both promise.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/state.h"

namespace quotawatch {

class StateStore {
 public:
  virtual ~StateStore() = default;

  // The last state saved; nothing if none ever was. A damaged one falls back to
  // the generation before it. Throws InputError where no generation can be read.
  virtual std::optional<State> load() = 0;

  // Keeps the saved part of `state` and the generation before it. Once it returns
  // nothing, a crash or a power cut loses none of it; else the reason is returned
  // and what was saved before still holds.
  virtual std::optional<std::string> save(const State& state) = 0;
};

}  // namespace quotawatch
