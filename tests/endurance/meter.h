// What this process has taken from the heap, for tests of what lasts long.
//
// Allocations are counted by operators new and delete that meter.cc puts in place of the
// library's, in programs that link it; memory in use is what malloc says, so that what C
// libraries hold is in it, too.
#pragma once

#include <cstddef>

namespace quotawatch::endurance {

struct HeapUse {
  std::size_t bytes = 0;        // in use now
  std::size_t allocations = 0;  // ever made
};

HeapUse measure_heap();

}  // namespace quotawatch::endurance
