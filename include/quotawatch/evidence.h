// The counted hits of one poll: what all screens together show.
//
// fold() turns readings, which are independent of time, into evidence at a moment. It records when
// each message first appeared, resolves resets to instants, and distinguishes fresh hits from stale
// and expired ones (rule A3). Pure; called by Monitor at each poll.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/state.h"
#include "quotawatch/testimony.h"
#include "quotawatch/verdict.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// One watched session at this poll.
struct Observation {
  std::string session;
  bool pool = true;                  // of the pool; else interactive
  const Reading* reading = nullptr;  // null: the capture failed, or the program has ended
  std::string why;                   // the reason, if `reading` is null
  bool ended = false;                // the pane's program has ended: no evidence of anything
  // An earlier session in the list that shows the same pane and is counted instead.
  std::string same_pane_as = {};
  // Something was answered or done in it since the last poll: see Progress. Found out only while
  // heeds_progress().
  bool went_on = false;
  std::optional<WallTime> program_started = {};  // see PaneCapture
  std::optional<Testimony> testimony = {};       // what its program writes about itself
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
  std::optional<WallTime> retry_at;  // refused again at that reset: no retry before this
  std::string account = {};          // whose limit it is
  bool charged = false;              // to another account than the active one: counts nowhere (A8)
  bool again = false;                // came after the last switch, in a session that stood then (A9)
  bool lone = false;                 // has stood long enough in an idle pool to block it (A10)
  bool witnessed = false;            // its program's own record says the same: confirmed at once (W1)
  bool unknown_wording = false;      // known by its shape only: never enough at one poll

  bool operator==(const Hit&) const = default;
};

// A session that shows a limit that is not a hit.
struct UncountedLimit {
  std::string session;
  std::string why;

  bool operator==(const UncountedLimit&) const = default;
};

// The verdict on a session's screen at this moment, for the journal.
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
  std::string account = {};  // whose limit it is, if it is charged to that account (A8)
  bool witnessed = false;    // the program's own record says the same (W1)
  bool disputed = false;     // that record denies the limit on the screen (W2)

  bool operator==(const DatedVerdict&) const = default;
};

// A limit that is near, by a session's screen or by its program's record.
struct Nearing {
  std::string session;
  std::string account;                 // whose limit it is; empty: the config names none
  std::optional<int> percent;          // used
  std::optional<Milliseconds> window;  // how long it is
  std::string reset_text;
  std::optional<WallTime> reset_at;
  std::string rule;
  std::string snippet;
  bool counts = false;  // it is surely that account's, and was said twice or by its record: see quota.switch_at

  bool operator==(const Nearing&) const = default;
};

// Two messages about one limit name its reset in different words, each rounded.
inline bool is_same_reset(WallTime one, WallTime other) {
  return std::chrono::abs(one - other) <= std::chrono::minutes{2};
}

// A record that says no more than so many percent says nothing of interest.
constexpr int near_percent = 90;

struct Evidence {
  std::string group = {};                 // of whose sessions; empty where the config has no groups
  std::vector<Hit> hits;                  // in the order of the observations
  std::vector<UncountedLimit> uncounted;  // likewise
  int unknown = 0;                        // sessions whose capture failed
  std::vector<DatedVerdict> verdicts;
  // Each session's limit message, to be stored if a switch is requested now. If the conversation is
  // hidden or the capture failed, the message it showed last.
  std::vector<std::pair<std::string, Occurrence>> shown;
  std::vector<Nearing> near = {};  // limits that are near, in the order of the observations

  bool operator==(const Evidence&) const = default;
};

// The part of `store` that they need.
struct SharingRules {
  std::string host;    // what this one is called
  bool alone = false;  // it switches by itself while the store is away

  bool operator==(const SharingRules&) const = default;
};

// The part of the config that fold() and step() need.
struct DecisionRules {
  QuotaRules quota;
  std::vector<std::string> accounts;
  Zone host_zone;  // for banners without a zone
  SwitchReach reaches = SwitchReach::running;
  ResumeRules resume = {};
  std::vector<std::string> reserve = {};  // of the accounts: see Config
  AccountOrder order = AccountOrder::least_recent;
  std::optional<SharingRules> store = {};
};

// The account that the session's program runs on (rule A8).
std::string account_of(const DecisionRules& rules, const State& state, const std::string& session);

// Records that quotawatch itself has started the session's program afresh, on the active account.
void note_program_started(const DecisionRules& rules, State& state, const std::string& session, WallTime now);

// True while it matters which sessions go on: after a switch that has still to prove itself (A9), and
// while a session of the pool shows a limit (A10).
bool heeds_progress(const DecisionRules& rules, const State& state, WallTime now);

// Rule 1: true during the cooldown of the last finished switch.
bool in_cooldown(const QuotaRules& quota, const State& state, SteadyTime now);

// `observations` must not contain sessions that do not exist.
std::pair<State, Evidence> fold(const DecisionRules& rules, State state, const std::vector<Observation>& observations,
                                Moment now);

// No known limit lasts longer: no line on a screen and no record can lock an account for years (A4).
constexpr Milliseconds longest_limit = std::chrono::days{32};

// When a message appeared, as far as this is known.
struct FirstLook {
  WallTime at;
  // The message appeared at `at`: the session was seen without it shortly before, or the caller
  // assumes so.
  bool seen_coming = false;
};

// The reset that a reading names, resolved for a message that appeared at `first`.
struct DatedReset {
  std::optional<WallTime> at;  // empty if no limit of this kind can last that long (rule A4)
  // has passed at `now`, or is a time of day that must refer to an earlier day
  bool expired = false;
  bool too_far = false;  // why `at` is empty
  // The message appeared within minutes after the reset it names: the server is late and has
  // refused again. It has not expired, whatever the time, and a retry is allowed from this moment
  // on.
  std::optional<WallTime> retry_at;
};

// Shared with `explain`, which sees each screen once.
DatedReset date_reset(const Reading& reading, const Zone& host_zone, FirstLook first, WallTime now);

}  // namespace quotawatch
