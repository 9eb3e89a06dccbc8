// Makes a transcript of a recording of asciinema: the screens that polls would have seen. For `record --asciinema`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/config.h"
#include "quotawatch/zone.h"
#include "record/asciicast.h"
#include "record/live_recording.h"
#include "record/redaction.h"
#include "record/terminal_screen.h"

namespace quotawatch {

struct CastImportOptions {
  Config config;  // watches one session
  Zone zone;
  Milliseconds interval;  // of polls
  WallTime started;       // if the recording does not say when it was
  std::string program;    // that imports, for the line `source`
};

class CastImport {
 public:
  // `redactor`: null to keep everything.
  CastImport(CastImportOptions options, const std::string& file, Redactor* redactor);

  // The file's lines, in order. Throws InputError.
  void take(std::string_view line, std::size_t number);

  // The transcript as far as it is now.
  std::size_t size() const { return text_.size(); }
  const LiveRecording* recording() const { return recording_ ? &*recording_ : nullptr; }
  bool is_dated() const { return reader_.header() && reader_.header()->started; }

  // Everything up to the first poll after the last event.
  std::string finish();

 private:
  void begin(const CastHeader& header);
  void poll_before(Milliseconds at);
  void poll_at(Milliseconds at);
  std::string safe_line(const std::string& text) const;

  CastImportOptions options_;
  Redactor* redactor_;
  CastReader reader_;
  std::string file_;
  std::optional<LiveRecording> recording_;
  std::optional<TerminalScreen> screen_;
  WallTime started_;
  std::string text_;
  Milliseconds next_poll_{0};
  bool changed_ = true;
};

}  // namespace quotawatch
