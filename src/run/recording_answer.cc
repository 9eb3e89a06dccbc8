#include "run/recording_answer.h"

#include <cassert>
#include <nlohmann/json.hpp>

#include "os/host/host_names.h"
#include "os/host/memory.h"
#include "quotawatch/input_error.h"
namespace quotawatch {

std::string to_json(const RecordingQuestion& question) {
  assert(question.from <= question.to);
  return nlohmann::ordered_json{{"ask", "recording"},
                                {"from", format_wall(question.from)},
                                {"to", format_wall(question.to)},
                                {"redact", question.redact},
                                {"calm", question.calm},
                                {"exact", question.times == RecordedTimes::exact}}
      .dump();
}

OwnNames host_names() {
  auto names = os::read_host_names();
  return {std::move(names.users), std::move(names.hosts)};
}

Redactor host_redactor() { return Redactor(host_names()); }

namespace {

std::string make_answer(const JsonValue& question, const FlightRecorder& recorder, JudgeCache& judges) {
  const auto object = question.object({"ask", "from", "to", "redact", "calm", "exact"});
  const auto from = object.require("from").wall_time();
  const auto to = object.require("to").wall_time();
  const bool redact = object.require("redact").boolean();
  const auto times = object.require("exact").boolean() ? RecordedTimes::exact : RecordedTimes::on_grid;
  const auto run = recorder.cut(from, to, object.require("calm").boolean());
  if (!run || run->steps.size() < 2) {
    throw InputError("recording", 0,
                     "nothing is recorded yet: a recording begins at a poll at which no switch is "
                     "under way, suspected or waited out");
  }
  auto redactor = host_redactor();
  const auto transcript = write_recording(*run, judges, redact ? &redactor : nullptr, times);
  nlohmann::ordered_json reply{
      {"transcript", write_transcript(transcript)}, {"waiting", run->waiting}, {"redacted", redactor.counts()}};
  return reply.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string answer_recording(const JsonValue& question, const FlightRecorder& recorder, JudgeCache& judges) {
  // Unpacked, a recording is much larger than everything the monitor keeps in memory: return that
  // memory to the system at once, and the reply's once it is sent.
  os::keep_large_blocks_apart();
  auto reply = make_answer(question, recorder, judges);
  os::give_back_free_memory();
  return reply;
}

RecordingAnswer read_recording_answer(const std::string& reply, const std::string& origin) {
  const JsonDocument document(reply, origin);
  const auto object = JsonValue(document).object({"transcript", "waiting", "redacted", "error"});
  if (const auto error = object.find("error")) throw InputError(origin, 0, error->string());
  RecordingAnswer answer;
  answer.transcript = object.require("transcript").string();
  answer.waiting = object.require("waiting").boolean();
  const auto counts = object.require("redacted").array();
  if (counts.size() != answer.redacted.size()) {
    object.require("redacted").fail("is another version's; restart the monitor");
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    answer.redacted[i] = static_cast<std::size_t>(counts[i].integer(0, INT32_MAX));
  }
  return answer;
}

}  // namespace quotawatch
