// quotawatch record: records real panes as they change.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <optional>
#include <stdexcept>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/record.h"
#include "os/files/recording_file.h"
#include "os/host/system_clock.h"
#include "os/tmux/tmux_client.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/session_patterns.h"
#include "record/live_recording.h"
#include "report/console.h"
#include "run/option_values.h"
#include "run/real_parts.h"
#include "run/recording_answer.h"
#include "run/zone_choice.h"
#include "version.h"

namespace quotawatch {
namespace {

Milliseconds read_duration(const char* option, const std::string& text) {
  const auto duration = duration_of_option(option, text);
  if (duration > Milliseconds{0}) return duration;
  throw InputError(option, 0, "takes no time; write 1s or more");
}

}  // namespace

Config config_to_record(const RecordOptions& options) {
  Config config = options.config.empty() ? Config{} : load_config(options.config);
  if (!options.sessions.empty()) {
    config.pool.max = 0;
    config.session_patterns.clear();
    config.dedicated = options.sessions;
  }
  config.tmux_socket_name = choose_socket(options.socket, config.tmux_socket_name);
  check_sessions(config, "the command line", 0);
  if (config.pool.max > 0 || has_patterns(config) || !config.dedicated.empty()) return config;
  throw InputError(options.config.empty() ? "record" : options.config, 0,
                   "nothing to record: give --session NAME or a --config that names sessions");
}

namespace {

// The output: a file that is valid at any moment, or stdout.
class Output {
 public:
  Output(const RecordOptions& options, const Zone& zone, const LiveRecording& recording)
      : until_place_(recording.until_place()) {
    const auto header = recording.header(zone, fmt::format("quotawatch record {}", version), !options.to_stdout());
    if (options.to_stdout()) {
      print(header);
    } else {
      file_.emplace(options.output, header, options.force);
      size_ = file_->size();
    }
  }

  // Throws if the disk is full; everything written before remains valid.
  void add(const std::string& lines, Milliseconds until) {
    if (!file_) {
      print(lines);
      return;
    }
    if (!lines.empty()) refuse(file_->append(lines));
    refuse(file_->overwrite(until_place_, LiveRecording::until_field(until)));
    size_ = file_->size();
  }

  void end(const LiveRecording& recording) {
    if (!file_) print(recording.last_line());
  }

  std::size_t size() const { return size_; }

 private:
  void print(const std::string& text) {
    print_out(text);
    if (std::fflush(stdout) != 0) throw std::runtime_error("stdout cannot be written");
    size_ += text.size();
  }
  static void refuse(const os::Problem& problem) {
    if (problem) throw std::runtime_error(*problem + "; what was recorded before is whole");
  }

  std::size_t until_place_;
  std::optional<os::RecordingFile> file_;
  std::size_t size_ = 0;
};

// Captures the panes until there is a reason to end.
std::string record_until_ended(const RecordOptions& options, os::EventLoop& loop, Tmux& tmux, LiveRecording& recording,
                               Output& output) {
  os::SystemClock clock(loop);
  const Milliseconds interval = read_duration("--interval", options.interval.empty() ? "1s" : options.interval);
  SteadyTime next = clock.now().steady;
  const auto last = options.length.empty() ? SteadyTime::max() : next + read_duration("--for", options.length);
  while (true) {
    const Moment now = clock.now();
    const TmuxCapture capture = tmux.capture(recording.sessions());
    if (!capture.interrupted) {
      const std::string lines = recording.take(capture, now);
      if (output.size() + lines.size() > options.max_bytes) return "--max-bytes is reached";
      output.add(lines, recording.elapsed());
    }
    if (now.steady >= last) return "--for is over";
    next = std::min(std::max(next + interval, now.steady), last);
    while (true) {
      const Wake wake = clock.wait_until(next);
      if (wake == Wake::stop) return "stopped";
      if (wake == Wake::deadline) break;
    }
  }
}

}  // namespace

int record_live(const RecordOptions& options) {
  Config config = config_to_record(options);
  read_duration("--interval", options.interval.empty() ? "1s" : options.interval);
  if (!options.length.empty()) read_duration("--for", options.length);
  const Zone zone = choose_zone(config).zone;
  os::EventLoop loop;
  loop.watch_signals();
  os::TmuxClient tmux(loop, tmux_server(config), log_note);
  // Those that are there now; what comes later is not recorded.
  if (has_patterns(config)) config = with_found(std::move(config), tmux.list_sessions().names);
  auto redactor = host_redactor();
  LiveRecording recording(config, os::read_system_clock(), options.redact ? &redactor : nullptr);
  Output output(options, zone, recording);
  const auto why = record_until_ended(options, loop, tmux, recording, output);
  output.end(recording);
  spdlog::info("{}: recorded {}, screens: {}, sessions: {}{}", why, format_duration(recording.elapsed()),
               recording.screens(), recording.sessions().size(),
               options.to_stdout() ? "" : ", in " + in_quotes(options.output));
  if (options.redact) {
    spdlog::info("redacted: {}", describe_redactions(redactor.counts()));
  }
  return exit_fine;
}

}  // namespace quotawatch
