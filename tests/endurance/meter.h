// What this program has on the heap, for tests of what lasts long.
//
// Counted by operators new and delete that meter.cc puts in place of the library's, in
// programs that link it: what was asked for, to the byte. What malloc says it has given out
// creeps up by a few kilobytes a year, for it hands out pieces that are a little too large.
#pragma once

#include <cstddef>

namespace quotawatch::endurance {

struct HeapUse {
  std::size_t bytes = 0;        // in use now
  std::size_t allocations = 0;  // ever made
};

HeapUse measure_heap();

}  // namespace quotawatch::endurance
