// Memory that only starting took, given back to the system.
//
// Called by `run` once it has read its first screens: it then waits for months, and what
// it holds meanwhile nobody else on the machine has.
#pragma once

namespace quotawatch::os {

// Free pieces of the heap, and the pages of program and libraries that were needed so far.
// Of the latter, those that are used again come back from the page cache, one fault each.
void give_back_memory();

}  // namespace quotawatch::os
