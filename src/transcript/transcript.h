// A transcript: what happened to a fleet of panes, and which decisions are expected.
//
// Read by `replay`, rewritten by `replay --bless`, written by recorders and the minimiser. The
// format is described in docs/transcripts.md. The text is kept exactly as written, including
// comments and spacing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/event.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"
#include "quotawatch/zone.h"
#include "transcript/action.h"

namespace quotawatch {

struct TranscriptEvent {
  Milliseconds offset{0};
  Action action;
  std::size_t line = 0;  // in the file, from 1
};

struct Expectation {
  Milliseconds offset{0};
  EventKind kind = EventKind::suspect;
  std::vector<std::pair<std::string, std::string>> fields;
  std::size_t line = 0;
};

struct Transcript {
  std::string path;
  std::vector<std::string> lines;  // the text, line by line
  bool ends_with_newline = true;

  WallTime start;
  Zone zone = Zone::utc();
  Config config;
  std::string config_text;     // as written in the header
  std::optional<State> state;  // saved before the start
  std::string source;
  Milliseconds until{0};
  std::vector<TranscriptEvent> events;
  std::vector<Expectation> expectations;  // in order of time; what is typed is among them
  std::vector<AnswerKeys> answers;        // in the order in which they are given
};

// Throws InputError with file and line: for an unknown word, a time that goes back, or an
// expectation that can never hold.
Transcript parse_transcript(std::string_view text, const std::string& path);
Transcript load_transcript(const std::string& path);

// The text again, unchanged.
std::string print_transcript(const Transcript& transcript);

// The text of a transcript created from values: of everything except `path` and `lines`.
std::string write_transcript(const Transcript& transcript);

// One line, without its newline.
std::string format_event(const TranscriptEvent& event);
std::string format_expectation(const Expectation& expectation);  // `expect …`, or `@… typed …`
std::string format_answer(const AnswerKeys& answer);

// True if a poll can happen at this time: at multiples of the interval after the start and after
// each restart; after something that delays the monitor, at any time.
bool is_poll_moment(const Transcript& transcript, Milliseconds offset);

}  // namespace quotawatch
