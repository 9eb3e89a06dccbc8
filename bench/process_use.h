// What a process has used so far, as the kernel counts it; for cost.cc.
#pragma once

#include <vector>

namespace quotawatch::bench {

std::vector<int> children_of(int process);

// Of the process, of the children that it has waited for, and of those that still run.
double cpu_ms(int process);

// Resident memory: code, data and heap.
double resident_mib(int process);

}  // namespace quotawatch::bench
