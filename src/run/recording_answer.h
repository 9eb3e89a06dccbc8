// What a monitor that runs says to `record --from-run`, and how it is asked.
#pragma once

#include <array>
#include <string>

#include "base/json_reader.h"
#include "quotawatch/judge.h"
#include "record/flight_recorder.h"
#include "record/redaction.h"

namespace quotawatch {

struct RecordingQuestion {
  WallTime from;
  WallTime to;
  bool redact = true;
  bool calm = false;  // see FlightRecorder::cut()
};

std::string to_json(const RecordingQuestion& question);

// The reply: an object with the transcript, redacted already. Throws InputError for a bad
// question, and where there is nothing to cut.
std::string answer_recording(const JsonValue& question, const FlightRecorder& recorder,
                             JudgeCache& judges);

struct RecordingAnswer {
  std::string transcript;
  bool waiting = false;
  std::array<std::size_t, secret_kind_count> redacted{};
};

// Throws InputError with what the monitor said where it is no recording.
RecordingAnswer read_recording_answer(const std::string& reply, const std::string& origin);

// A redactor that knows what this host and its user are called.
Redactor host_redactor();

}  // namespace quotawatch
