// Returns memory that was needed only at startup to the system.
//
// Called by `run` after the first poll: it then waits for months, and other programs can use the
// memory meanwhile.
#pragma once

namespace quotawatch::os {

// Releases free heap memory, and the pages of program and libraries touched so far. Pages that are
// used again are reloaded from the page cache, one fault each.
void give_back_memory();

}  // namespace quotawatch::os
