// Transcripts: the text is printed back exactly, and a transcript rewritten from the parsed events
// and expectations has the same ones.
#include <fmt/format.h>

#include "base/text.h"
#include "fuzzing.h"
#include "transcript/transcript.h"

namespace quotawatch::fuzzing {
namespace {

std::string rewritten(const Transcript& transcript) {
  std::string text;
  for (const auto& line : transcript.lines) {
    if (trim(line).empty()) break;
    text += line + "\n";
  }
  text += "\n";
  for (const auto& event : transcript.events) text += format_event(event) + "\n";
  for (const auto& expected : transcript.expectations) {
    text += format_expectation(expected) + "\n";
  }
  return text;
}

void check_same_events(const Transcript& before, const Transcript& after) {
  check(before.events.size() == after.events.size(), "as many events");
  for (std::size_t i = 0; i < before.events.size(); ++i) {
    const auto& event = before.events[i];
    const bool same = event.offset == after.events[i].offset && event.action == after.events[i].action;
    check(same, fmt::format("the event reads back: {}", format_event(event)));
  }
}

void check_same_expectations(const Transcript& before, const Transcript& after) {
  check(before.expectations.size() == after.expectations.size(), "as many expectations");
  for (std::size_t i = 0; i < before.expectations.size(); ++i) {
    const auto& expected = before.expectations[i];
    const auto& again = after.expectations[i];
    const bool same = expected.offset == again.offset && expected.kind == again.kind && expected.fields == again.fields;
    check(same, fmt::format("the expectation reads back: {}", format_expectation(expected)));
  }
}

}  // namespace

void try_input(std::string_view input) {
  const auto transcript = accepted(input, "a.transcript", [&] { return parse_transcript(input, "a.transcript"); });
  if (!transcript) return;
  check(print_transcript(*transcript) == input, "the text prints back");
  const auto again = parse_transcript(rewritten(*transcript), "rewritten");
  check_same_events(*transcript, again);
  check_same_expectations(*transcript, again);
}

}  // namespace quotawatch::fuzzing
