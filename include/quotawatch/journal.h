// The seam to the journal: one JSON object per line.
//
// Used by Monitor. Real: LineJournal (src/os), a file or stdout. Fake: MemoryJournal (sim/).
#pragma once

#include "quotawatch/event.h"

namespace quotawatch {

class Journal {
 public:
  virtual ~Journal() = default;

  // Never throws: a journal that cannot be written must not stop the monitor.
  virtual void write(const Event& event) = 0;
};

}  // namespace quotawatch
