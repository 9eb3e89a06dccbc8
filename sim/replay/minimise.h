// Minimises a failing transcript: as long as the same invariant breaks, removes events and sessions
// and shortens the run.
//
// Used by `simulate` on the recording of a seed that failed.
#pragma once

#include <cstddef>
#include <string>

#include "quotawatch/judge.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

struct Minimised {
  Transcript transcript;
  std::size_t tries = 0;
  // True if the minimised transcript breaks the invariant; if false, it is the original recording.
  bool fails = false;
};

// `invariant`: the name of one that the transcript breaks. Makes at most `most_tries` replays.
Minimised minimise(const Transcript& transcript, const std::string& invariant, JudgeCache& judges,
                   std::size_t most_tries);

// The text of a transcript in which everything passes except this invariant: every decision is
// expected. `comments` are written above the events.
std::string failing_transcript(const Transcript& transcript, JudgeCache& judges,
                               const std::vector<std::string>& comments);

}  // namespace quotawatch::sim
