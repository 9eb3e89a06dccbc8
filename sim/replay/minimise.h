// Makes a failing transcript small: as long as the same invariant breaks, less happens, to
// fewer sessions, in a shorter time.
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
  // It breaks the invariant when it is replayed; if not, it is the recording as it was.
  bool fails = false;
};

// `invariant`: the name of one that the transcript breaks. At most `most_tries` replays.
Minimised minimise(const Transcript& transcript, const std::string& invariant, JudgeCache& judges,
                   std::size_t most_tries);

// The text of a transcript on which `replay` fails by that invariant and nothing else:
// every decision it makes is expected. `comments` stand above the events.
std::string failing_transcript(const Transcript& transcript, JudgeCache& judges,
                               const std::vector<std::string>& comments);

}  // namespace quotawatch::sim
