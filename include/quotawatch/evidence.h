// This poll's counted hits: what all screens together say.
//
// fold() turns readings, which know no time, into evidence at a moment: it keeps
// book of when each message came to its screen, dates resets, and tells fresh
// hits from stale and expired ones (rule A3). Pure; called by Monitor each poll.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/state.h"
#include "quotawatch/verdict.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// What was seen of one watched session at this poll.
struct Observation {
  std::string session;
  bool pool = true;                  // of the pool; else interactive
  const Reading* reading = nullptr;  // null: the capture failed, or the program has ended
  std::string why;                   // then: why
  bool ended = false;                // the program in the pane has ended: no evidence of anything
  // The session watched before this one that shows the same pane, and for which it counts.
  std::string same_pane_as = {};
};

// A session that shows a hit.
struct Hit {
  std::string session;
  bool pool = true;
  bool stale = false;
  std::string rule;
  std::string snippet;
  std::string reset_text;
  std::optional<WallTime> reset_at;
  std::optional<WallTime> retry_at;  // refused again at that reset: not before this

  bool operator==(const Hit&) const = default;
};

// A session that shows a limit which is no hit.
struct UncountedLimit {
  std::string session;
  std::string why;

  bool operator==(const UncountedLimit&) const = default;
};

// What a session's screen amounts to at this moment, for the journal.
struct DatedVerdict {
  std::string session;
  Verdict verdict = Verdict::unknown;
  std::string rule;
  std::string snippet;
  std::string reset_text;
  std::optional<WallTime> reset_at;
  std::optional<WallTime> retry_at;  // see DatedReset
  bool expired = false;
  std::string why;

  bool operator==(const DatedVerdict&) const = default;
};

struct Evidence {
  std::vector<Hit> hits;                  // in the order of the observations
  std::vector<UncountedLimit> uncounted;  // likewise
  int unknown = 0;                        // sessions whose capture failed
  std::vector<DatedVerdict> verdicts;
  // The limit message of each session that shows one, for the record of a switch asked now; of one
  // whose conversation is out of sight, or whose capture failed, the one it showed last.
  std::vector<std::pair<std::string, Occurrence>> shown;

  bool operator==(const Evidence&) const = default;
};

// What fold() and step() need of the config.
struct DecisionRules {
  QuotaRules quota;
  std::vector<std::string> accounts;
  Zone host_zone;  // for banners that name none
};

// Rule 1 as a question: the cooldown of the last switch that was done still runs.
bool in_cooldown(const QuotaRules& quota, const State& state, SteadyTime now);

// Sessions that do not exist are left out of `observations`.
std::pair<State, Evidence> fold(const DecisionRules& rules, State state,
                                const std::vector<Observation>& observations, Moment now);

// When a message came to the screen, as far as that is known.
struct FirstLook {
  WallTime at;
  // It is as new as it looks: the session was seen without it shortly before, or whoever asks takes
  // it for new.
  bool seen_coming = false;
};

// The reset that a reading names, for a message that came at `first`.
struct DatedReset {
  std::optional<WallTime> at;  // nothing where no limit of this kind can last as long (rule A4)
  bool expired = false;        // at `now`; or a time of the day that must have been an earlier one
  bool too_far = false;        // why there is no `at`
  // The message came within minutes after the reset it names: the server is late, and refused
  // again. It has not expired, whatever time it is, and may be asked again from this moment on.
  std::optional<WallTime> retry_at;
};

// Shared with `explain`, which sees each screen once.
DatedReset date_reset(const Reading& reading, const Zone& host_zone, FirstLook first, WallTime now);

}  // namespace quotawatch
