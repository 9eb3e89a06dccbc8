// A state store in memory that keeps what the files would: the text of two generations.
//
// Used by Stage and by tests; what happens to files can be done to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quotawatch/state_store.h"
#include "transcript/action.h"

namespace quotawatch::sim {

class MemoryStateStore final : public StateStore {
 public:
  std::optional<State> load() override;
  std::optional<std::string> save(const State& state) override;

  // What lies there before anybody saves.
  void preload(State state) { present_ = Generation{std::move(state)}; }

  // Saves fail with this reason until it is set to nothing.
  void fail_with(std::optional<std::string> failure) { failure_ = std::move(failure); }

  // A tear needs a generation to fall back to, an old one too; without, nothing is done.
  void damage(StateDamage damage);

  // What load() gives is all that was to be saved: no save has failed and no damage was
  // done since the last one.
  bool is_whole() const { return whole_; }

  // How many loads had to fall back to the generation before.
  std::size_t fallbacks() const { return fallbacks_; }

 private:
  // One file: its text is made when somebody reads it, for most are only replaced.
  struct Generation {
    State state;
    std::optional<std::string> damaged_text = std::nullopt;
    bool is_as_written = true;

    std::string text() const { return damaged_text ? *damaged_text : to_json(state); }
  };

  std::optional<Generation> present_;
  std::optional<Generation> previous_;
  std::optional<std::string> failure_;
  bool whole_ = true;
  std::size_t fallbacks_ = 0;
};

}  // namespace quotawatch::sim
