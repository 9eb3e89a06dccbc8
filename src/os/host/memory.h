// The memory of this process, and how what is not needed any more is returned to the system: it waits for months, and
// other programs can use the memory meanwhile. By means of glibc and Linux.
//
// Called by `run` after the first poll and after a recording, and by its metrics.
#pragma once

#include <cstddef>

namespace quotawatch::os {

// Releases free heap memory, and the pages of program and libraries touched so far. Pages that are
// used again are reloaded from the page cache, one fault each.
void give_back_memory();

// For work that needs much for a moment: from now on large blocks are returned as soon as they are freed.
void keep_large_blocks_apart();
// Only free heap memory.
void give_back_free_memory();

// In bytes; 0 if it is unknown.
std::size_t resident_memory();

}  // namespace quotawatch::os
