// Recordings of asciinema: what is accepted becomes a transcript that can be read.
#include "base/text.h"
#include "fuzzing.h"
#include "record/cast_import.h"
#include "transcript/transcript.h"

namespace quotawatch::fuzzing {
namespace {

constexpr std::size_t most_text = std::size_t{1} << 20U;

std::string import(std::string_view input) {
  CastImportOptions options{{}, Zone::utc(), std::chrono::seconds{30}, {}, "fuzzing"};
  options.config.dedicated = {"main"};
  CastImport cast(std::move(options), "input", nullptr);
  std::size_t number = 0;
  for (const auto line : split_lines(input)) {
    cast.take(line, ++number);
    if (cast.size() > most_text) break;
  }
  return cast.finish();
}

}  // namespace

void try_input(std::string_view input) {
  const auto transcript = accepted(input, "input", [&] { return import(input); });
  if (!transcript) return;
  const auto read = accepted(*transcript, "transcript", [&] { return parse_transcript(*transcript, "transcript"); });
  check(read.has_value(), "a transcript can be read");
}

}  // namespace quotawatch::fuzzing
