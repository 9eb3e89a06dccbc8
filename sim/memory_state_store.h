// A state store in memory that keeps what a file would: the text.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/state_store.h"

namespace quotawatch::sim {

class MemoryStateStore final : public StateStore {
 public:
  std::optional<State> load() override {
    if (!text_) return std::nullopt;
    return parse_state(*text_, "state in memory");
  }

  std::optional<std::string> save(const State& state) override {
    if (failure_) return failure_;
    text_ = to_json(state);
    return std::nullopt;
  }

  // Saves fail with this reason until it is set to nothing.
  void fail_with(std::optional<std::string> failure) { failure_ = std::move(failure); }

 private:
  std::optional<std::string> text_;
  std::optional<std::string> failure_;
};

}  // namespace quotawatch::sim
