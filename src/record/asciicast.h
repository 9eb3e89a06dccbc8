// Recordings of asciinema (asciicast v2 and v3): JSON lines, a header and then what a terminal showed when.
//
// The files are others', and read as such: every size and time has a bound.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch {

struct TerminalSize {
  int columns = 80;
  int rows = 24;

  bool operator==(const TerminalSize&) const = default;
};

struct CastHeader {
  int version = 2;
  TerminalSize size;
  std::optional<WallTime> started;  // if it says so
  std::string title = {};
};

struct CastEvent {
  Milliseconds at{0};  // since the start
  char code = 'o';     // o: output, i: input, r: a new size, m: a marker; others may be added
  std::string data = {};
};

// The lines of one file, in order. Throws InputError naming file and line.
class CastReader {
 public:
  explicit CastReader(std::string file) : file_(std::move(file)) {}

  // Empty for the header, and for empty lines and comments.
  std::optional<CastEvent> take(std::string_view line, std::size_t number);

  // Empty before the first line.
  const std::optional<CastHeader>& header() const { return header_; }

 private:
  CastHeader read_header(std::string_view line, std::size_t number) const;
  CastEvent read_event(std::string_view line, std::size_t number);

  std::string file_;
  std::optional<CastHeader> header_;
  double seconds_ = 0;  // of the last event
};

// The data of an `r` event: "100x50". Empty if it is none, or too large.
std::optional<TerminalSize> parse_terminal_size(std::string_view text);
std::string format_terminal_size(const TerminalSize& size);

// As v2, each a line with its newline.
std::string write_cast_header(const CastHeader& header);
std::string write_cast_event(const CastEvent& event);

}  // namespace quotawatch
