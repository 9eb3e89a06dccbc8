#include "record/cast_import.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "quotawatch/input_error.h"
#include "quotawatch/tmux.h"

namespace quotawatch {

CastImport::CastImport(CastImportOptions options, const std::string& file, Redactor* redactor)
    : options_(std::move(options)), redactor_(redactor), reader_(file), file_(file) {}

std::string CastImport::safe_line(const std::string& text) const {
  const std::string line = make_snippet(text);
  return redactor_ != nullptr ? redactor_->line(line) : line;
}

void CastImport::begin(const CastHeader& header) {
  started_ = header.started.value_or(options_.started);
  recording_.emplace(options_.config, Moment{SteadyTime{}, started_}, redactor_);
  screen_.emplace(header.size);
  std::string source = fmt::format("{}, of asciicast {}", options_.program, header.version);
  if (!header.title.empty()) source += ": " + safe_line(header.title);
  text_ = recording_->header(options_.zone, source, true);
}

void CastImport::take(std::string_view line, std::size_t number) {
  const bool begun = reader_.header().has_value();
  const auto event = reader_.take(line, number);
  if (!begun && reader_.header()) begin(*reader_.header());
  if (!event) return;
  poll_before(event->at);
  if (event->code == 'o') {
    screen_->write(event->data);
    changed_ = true;
  } else if (event->code == 'r') {
    screen_->resize(*parse_terminal_size(event->data));
    changed_ = true;
  } else if (event->code == 'm') {
    text_ += fmt::format("# marker at {:.3f}s: {}\n", std::chrono::duration<double>(event->at).count(),
                         safe_line(event->data));
  }
}

// What happens at the moment of a poll happened before it.
void CastImport::poll_before(Milliseconds at) {
  if (at <= next_poll_) return;
  if (std::exchange(changed_, false)) poll_at(next_poll_);
  next_poll_ = (at + options_.interval - Milliseconds{1}) / options_.interval * options_.interval;
}

void CastImport::poll_at(Milliseconds at) {
  TmuxCapture capture;
  PaneCapture pane;
  pane.status = PaneCapture::Status::screen;
  pane.text = std::make_shared<const std::string>(screen_->text());
  pane.columns = screen_->size().columns;
  pane.rows = screen_->size().rows;
  pane.pane = "%0";
  capture.panes.push_back(std::move(pane));
  text_ += recording_->take(capture, {SteadyTime{at}, started_ + at});
}

std::string CastImport::finish() {
  if (!recording_) throw InputError(file_, 0, "is empty; its first line should be a header");
  poll_at(next_poll_);
  const std::string field = LiveRecording::until_field(std::max(next_poll_, options_.interval));
  text_.replace(recording_->until_place(), field.size(), field);
  return std::move(text_);
}

}  // namespace quotawatch
