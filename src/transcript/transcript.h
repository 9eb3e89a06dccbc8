// A transcript: what happened to a fleet of panes, and what must be decided.
//
// Read by `replay`, rewritten by `replay --bless`, written by whatever records or
// minimises a run. docs/transcripts.md gives the format; everything the text holds
// stays as it was written, comments and spacing too.
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
  std::vector<std::string> lines;  // the text, row by row
  bool ends_with_newline = true;

  WallTime start;
  Zone zone = Zone::utc();
  Config config;
  std::string config_text;     // as it stands in the header
  std::optional<State> state;  // what was saved before the start
  std::string source;
  Milliseconds until{0};
  std::vector<TranscriptEvent> events;
  std::vector<Expectation> expectations;
};

// Throws InputError with file and line: an unknown word, a time that goes back, an
// expectation that can never hold.
Transcript parse_transcript(std::string_view text, const std::string& path);
Transcript load_transcript(const std::string& path);

// The text again, exactly.
std::string print_transcript(const Transcript& transcript);

// The text of one that was made of values: everything but `path` and `lines`.
std::string write_transcript(const Transcript& transcript);

// Lines as a transcript writes them (without the newline).
std::string format_event(const TranscriptEvent& event);
std::string format_expectation(const Expectation& expectation);

// When polls can happen: one interval after the start and after each restart, and on;
// where something makes the monitor late, at any moment from then on.
bool is_poll_moment(const Transcript& transcript, Milliseconds offset);

}  // namespace quotawatch
