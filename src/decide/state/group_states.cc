#include "quotawatch/group_states.h"

#include <utility>

namespace quotawatch {

bool is_top_group(const std::string& group) { return group.empty() || group == "default"; }

std::optional<State> state_of_group(const std::optional<State>& saved, const std::string& group) {
  if (!saved) return std::nullopt;
  std::optional<State> state;
  if (is_top_group(group)) {
    state = *saved;
    state->groups.clear();
  } else if (const auto found = saved->groups.find(group); found != saved->groups.end()) {
    state = found->second;
  }
  if (state) state->group = group;
  return state;
}

void set_state_of_group(State& saved, const std::string& group, State state) {
  if (!is_top_group(group)) {
    saved.groups.insert_or_assign(group, std::move(state));
    return;
  }
  auto groups = std::move(saved.groups);
  saved = std::move(state);
  saved.groups = std::move(groups);
}

}  // namespace quotawatch
