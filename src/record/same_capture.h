// Whether two captures of a pane say the same; what recorders keep only once.
#pragma once

#include "quotawatch/tmux.h"

namespace quotawatch {

inline bool shows_same(const PaneCapture& a, const PaneCapture& b) {
  const bool same_text = a.text == b.text || (a.text && b.text && *a.text == *b.text);
  return a.status == b.status && same_text && a.columns == b.columns && a.rows == b.rows && a.why == b.why &&
         a.pane == b.pane && a.program_started == b.program_started;
}

}  // namespace quotawatch
