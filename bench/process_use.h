// CPU time and memory of a process, as counted by the kernel; for cost.cc.
#pragma once

#include <vector>

namespace quotawatch::bench {

std::vector<int> children_of(int process);

// CPU time of the process, of its reaped children, and of its running children.
double cpu_ms(int process);

// Resident memory: code, data and heap.
double resident_mib(int process);

}  // namespace quotawatch::bench
