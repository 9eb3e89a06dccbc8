// The states of several groups in the one that is saved.
//
// A config without groups has one group without a name, and `default` is another word for it: its state is
// the top of what is saved, so that a state from before there were groups is read as that group's. Used by
// Monitor, `status` and `account`.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/state.h"

namespace quotawatch {

// True if the state of the group is the top of what is saved.
bool is_top_group(const std::string& group);

// The state of the group, without those of others; empty if none is saved.
std::optional<State> state_of_group(const std::optional<State>& saved, const std::string& group);

// Replaces the state of the group; those of all others stay.
void set_state_of_group(State& saved, const std::string& group, State state);

}  // namespace quotawatch
