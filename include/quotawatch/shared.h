// What hosts that share accounts make of the store's answers (docs/design.md, rules H1 to H4).
//
// Pure, as step(): called by Monitor with what a PoolStore says.
#pragma once

#include <optional>
#include <utility>

#include "quotawatch/evidence.h"
#include "quotawatch/pool_store.h"
#include "quotawatch/state.h"
#include "quotawatch/step.h"

namespace quotawatch {

// A run begins with a store, or without one: then nothing is left that a store would have to answer.
void share(State& state, bool with_store);

// Takes what the store says: what others know of limits, how a switch that was proposed came out.
std::pair<State, Decision> heed(const DecisionRules& rules, State state, const StoreAnswer& answer, Moment now);

// H2: what this host sees of a limit does not shorten what others have seen of it.
void keep_limits_of_others(State& state);

// Nothing is known any more of what is stored.
void note_store_away(State& state);

struct PoolWrite {
  PoolRow expected;
  PoolRow row;
};

// What is to be written next: a switch that is proposed, one that was made without the store, news of limits.
std::optional<PoolWrite> next_write(const DecisionRules& rules, const State& state, WallTime now);

// The switch of another host, or one of its own whose hook has failed, is still to be made here.
bool is_behind(const State& state);

// The host has done the switch, or has come to the account in another way.
void catch_up(State& state);

// Another host's word is needed before anything is decided (H3).
bool waits_for_store(const DecisionRules& rules, const State& state);

// The generation of a switch from the active account to `to`, and whether the others are to be asked first; 0: it is
// made without them.
struct Fence {
  std::uint64_t generation = 0;
  bool proposed = false;
};
Fence fence_of(const State& state, const std::string& to);

}  // namespace quotawatch
