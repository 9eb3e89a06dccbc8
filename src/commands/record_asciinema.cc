// quotawatch record --asciinema: a transcript of a recording of asciinema.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/file_reader.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/record.h"
#include "os/files/recording_file.h"
#include "os/host/system_clock.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "record/cast_import.h"
#include "report/console.h"
#include "run/option_values.h"
#include "run/recording_answer.h"
#include "run/zone_choice.h"
#include "version.h"

namespace quotawatch {
namespace {

constexpr std::size_t longest_cast_line = std::size_t{4} << 20U;

CastImportOptions import_options(RecordOptions options) {
  if (options.sessions.empty()) options.sessions = {"main"};
  if (options.sessions.size() > 1) throw InputError("--session", 0, "an asciicast shows one session; name one");
  Config config = config_to_record(options);
  config.groups.clear();  // their sessions are not in the recording
  const Milliseconds interval =
      options.interval.empty() ? config.quota.poll_interval : duration_of_option("--interval", options.interval);
  if (interval <= Milliseconds{0}) throw InputError("--interval", 0, "takes no time; write 1s or more");
  const Zone zone = choose_zone(config).zone;
  return {std::move(config), zone, interval, os::read_system_clock().wall,
          fmt::format("quotawatch record {}", version)};
}

}  // namespace

int record_asciinema(const RecordOptions& options) {
  auto redactor = host_redactor();
  FileReader file(options.asciinema);
  CastImport import(import_options(options), file.name(), options.redact ? &redactor : nullptr);
  std::string line;
  while (file.next_line(line, longest_cast_line)) {
    import.take(line, file.line_number());
    if (import.size() > options.max_bytes) {
      throw InputError(file.name(), file.line_number(),
                       fmt::format("its transcript is longer than --max-bytes, {}", options.max_bytes));
    }
  }
  if (!import.is_dated()) spdlog::warn("{}: does not say when it was recorded; it is dated now", file.name());
  const std::string text = import.finish();
  if (options.to_stdout()) {
    print_out(text);
  } else {
    os::RecordingFile(options.output, text, options.force);
  }
  spdlog::info("recorded {}, screens: {}{}", format_duration(import.recording()->elapsed()),
               import.recording()->screens(), options.to_stdout() ? "" : ", in " + in_quotes(options.output));
  if (options.redact) spdlog::info("redacted: {}", describe_redactions(redactor.counts()));
  return exit_fine;
}

}  // namespace quotawatch
