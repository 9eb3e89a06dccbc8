#include "sim/harness/memory_state_store.h"

#include <cassert>

#include "quotawatch/input_error.h"

namespace quotawatch::sim {

std::optional<State> MemoryStateStore::load() {
  if (!present_) return std::nullopt;
  try {
    auto state = parse_state(present_->text(), "state in memory");
    present_->is_as_written = true;
    return state;
  } catch (const InputError&) {
    if (!previous_) throw;
    ++fallbacks_;
    present_ = previous_;
    return parse_state(present_->text(), "state in memory, the generation before");
  }
}

std::optional<std::string> MemoryStateStore::save(const State& state) {
  whole_ = !failure_;
  if (failure_) return failure_;
  // One that was damaged since must not replace the last good generation.
  if (present_ && present_->is_as_written) previous_ = std::move(present_);
  present_ = Generation{state};
  return std::nullopt;
}

void MemoryStateStore::damage(StateDamage damage) {
  if (damage != StateDamage::lost && !previous_) return;
  whole_ = false;
  switch (damage) {
    case StateDamage::lost:
      present_.reset();
      previous_.reset();
      return;
    case StateDamage::torn: {
      assert(present_);
      std::string text = present_->text();
      text.resize(text.size() / 2);
      present_->damaged_text = std::move(text);
      present_->is_as_written = false;
      return;
    }
    case StateDamage::old:
      present_ = previous_;
      present_->is_as_written = false;
      return;
  }
}

}  // namespace quotawatch::sim
