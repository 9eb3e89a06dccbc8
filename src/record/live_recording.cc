#include "record/live_recording.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

#include "quotawatch/duration.h"
#include "record/recording.h"
#include "transcript/transcript.h"

namespace quotawatch {
namespace {

// Below this, a difference between the clocks is drift and not a step.
constexpr Milliseconds least_drift{50};
constexpr std::size_t until_width = 20;

std::string first_lines(Moment start) {
  return fmt::format("quotawatch-transcript 1\nstart {}\n", format_wall(start.wall));
}

}  // namespace

LiveRecording::LiveRecording(const Config& config, Moment start, Redactor* redactor)
    : config_(config),
      sessions_(session_names(config)),
      start_(start),
      changes_(sessions_.size()),
      actions_(sessions_, redactor) {}

std::string LiveRecording::header(const Zone& zone, const std::string& source, bool with_until) const {
  return fmt::format("{}{}timezone {}\nconfig {}\nsource {}\n\n", first_lines(start_),
                     with_until ? fmt::format("until {}\n", until_field(Milliseconds{0})) : "", zone.name(),
                     recorded_config(config_), source);
}

std::size_t LiveRecording::until_place() const {
  return first_lines(start_).size() + std::string_view("until ").size();
}

std::string LiveRecording::until_field(Milliseconds until) {
  std::string field = fmt::format("{:<{}}", format_offset(until), until_width);
  assert(field.size() == until_width);
  return field;
}

std::string LiveRecording::take(const TmuxCapture& capture, Moment at) {
  if (!std::exchange(begun_, true)) {
    start_.steady = at.steady;
    drift_ = at.wall - start_.wall;
  }
  assert(at.steady - start_.steady >= elapsed_);
  elapsed_ = at.steady - start_.steady;
  std::string lines;
  const auto add = [&](Action action) { lines += format_event({elapsed_, std::move(action), 0}) + "\n"; };
  const Milliseconds drift = at.wall - start_.wall - elapsed_;
  if (std::chrono::abs(drift - drift_) >= least_drift) {
    add(StepClock{drift - drift_});
    drift_ = drift;
  }
  auto changes = changes_.take(capture);
  if (changes.server) add(*changes.server);
  for (const auto& pane : changes.panes) {
    for (auto& action : actions_.take(pane.session, pane.now)) {
      screens_ += std::holds_alternative<ShowScreen>(action) ? 1U : 0U;
      add(std::move(action));
    }
  }
  return lines;
}

std::string LiveRecording::last_line() const {
  return format_event({elapsed_, server_action(changes_.server_up()), 0}) + "\n";
}

}  // namespace quotawatch
