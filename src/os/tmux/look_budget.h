// How often panes may be looked at between polls: each look that was not taken for a while is
// kept, up to so many. Keeps a fleet that draws all the time from costing more than its polls.
//
// Used by TmuxClient, which looks at all panes that are quiet at once. Pure.
#pragma once

#include "quotawatch/time.h"

namespace quotawatch::os {

class LookBudget {
 public:
  // Another look each `interval`; at first, and at most, there are `most`.
  LookBudget(Milliseconds interval, int most)
      : interval_(interval), spread_((most - 1) * interval) {}

  // Takes one, if there is one.
  bool take(SteadyTime now);

  // How long until there is one; 0 if there is.
  Milliseconds wait(SteadyTime now) const;

 private:
  Milliseconds interval_;
  Milliseconds spread_;        // within which all can be taken
  SteadyTime all_there_at_{};  // when as many as there can be will be there again
};

}  // namespace quotawatch::os
