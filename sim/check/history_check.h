// Whether a history of questions to a store can have been carried out one after the other, each at a moment between its
// asking and its answer: linearizability, of one register a group.
//
// Used by the simulator and by tests of the real store.
#pragma once

#include <string>
#include <vector>

#include "sim/harness/fake_database.h"

namespace quotawatch::sim {

// Empty if so; else the question at which no order is left. One group's. A write that was lost may have been carried
// out or not, up to its `answered`.
std::string why_not_linear(std::vector<StoreOperation> operations);

}  // namespace quotawatch::sim
