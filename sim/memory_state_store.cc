#include "sim/memory_state_store.h"

#include <algorithm>
#include <array>

#include "quotawatch/input_error.h"

namespace quotawatch::sim {
namespace {

constexpr std::array<std::string_view, 3> damage_names{"lost", "torn", "old"};

}  // namespace

std::string_view state_damage_name(StateDamage damage) {
  return damage_names[static_cast<std::size_t>(damage)];
}

std::optional<StateDamage> find_state_damage(std::string_view name) {
  const auto* const found = std::find(damage_names.begin(), damage_names.end(), name);
  if (found == damage_names.end()) return std::nullopt;
  return static_cast<StateDamage>(found - damage_names.begin());
}

std::vector<std::string> state_damage_names() { return {damage_names.begin(), damage_names.end()}; }

std::optional<State> MemoryStateStore::load() {
  if (!text_) return std::nullopt;
  try {
    auto state = parse_state(*text_, "state in memory");
    written_ = text_;
    return state;
  } catch (const InputError&) {
    if (!previous_) throw;
    ++fallbacks_;
    text_ = previous_;
    written_ = text_;
    return parse_state(*text_, "state in memory, the generation before");
  }
}

std::optional<std::string> MemoryStateStore::save(const State& state) {
  whole_ = !failure_;
  if (failure_) return failure_;
  // One that was damaged since must not replace the last good generation.
  if (text_ == written_) previous_ = text_;
  text_ = to_json(state);
  written_ = text_;
  return std::nullopt;
}

void MemoryStateStore::damage(StateDamage damage) {
  if (damage != StateDamage::lost && !previous_) return;
  whole_ = false;
  switch (damage) {
    case StateDamage::lost:
      text_.reset();
      previous_.reset();
      return;
    case StateDamage::torn:
      text_->resize(text_->size() / 2);
      return;
    case StateDamage::old:
      text_ = previous_;
      return;
  }
}

}  // namespace quotawatch::sim
