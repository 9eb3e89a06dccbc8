// A state store in memory with two generations, like the files of the real one.
//
// Used by Stage and by tests, which can damage it as files are damaged.
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

  void preload(State state) { present_ = Generation{std::move(state)}; }

  // Saves fail for this reason until it is nullopt again.
  void fail_with(std::optional<std::string> failure) { failure_ = std::move(failure); }

  // Does nothing if the damage needs a previous generation and there is none.
  void damage(StateDamage damage);

  // True if load() returns everything that was to be saved: no save failed and no damage was done
  // since the last one.
  bool is_whole() const { return whole_; }

  // How many loads returned the previous generation.
  std::size_t fallbacks() const { return fallbacks_; }

 private:
  // One file. Its text is only made when it is read, since most are replaced first.
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
