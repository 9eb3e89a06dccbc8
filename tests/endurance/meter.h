// The heap use of this program, for the endurance tests.
//
// Counted to the byte by the operators new and delete of meter.cc, in programs that link it.
// malloc's own statistics grow by some kilobytes a year, because it returns blocks that are
// slightly too large.
#pragma once

#include <cstddef>

namespace quotawatch::endurance {

struct HeapUse {
  std::size_t bytes = 0;        // in use now
  std::size_t allocations = 0;  // since the start
};

HeapUse measure_heap();

}  // namespace quotawatch::endurance
