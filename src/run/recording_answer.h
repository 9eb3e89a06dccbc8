// The request of `record --from-run` to a running monitor, and its reply.
#pragma once

#include <array>
#include <string>

#include "base/json_reader.h"
#include "quotawatch/judge.h"
#include "record/flight_recorder.h"
#include "record/recording.h"
#include "record/redaction.h"

namespace quotawatch {

struct RecordingQuestion {
  WallTime from;
  WallTime to;
  bool redact = true;
  bool calm = false;  // see FlightRecorder::cut()
  RecordedTimes times = RecordedTimes::on_grid;
};

std::string to_json(const RecordingQuestion& question);

// Makes the reply: an object with the redacted transcript. Throws InputError for an invalid
// request, or if there is nothing to record.
std::string answer_recording(const JsonValue& question, const FlightRecorder& recorder, JudgeCache& judges);

struct RecordingAnswer {
  std::string transcript;
  bool waiting = false;
  std::array<std::size_t, secret_kind_count> redacted{};
};

// Throws InputError with the monitor's message if the reply is not a recording.
RecordingAnswer read_recording_answer(const std::string& reply, const std::string& origin);

// A redactor for the names of this host and its users.
Redactor host_redactor();
OwnNames host_names();

}  // namespace quotawatch
