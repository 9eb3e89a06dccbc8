#include "record/asciicast.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_reader.h"
#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr int most_columns = 1000;
constexpr int most_rows = 500;
constexpr double longest_seconds = 366.0 * 24 * 3600;
constexpr double latest_start = 253'402'300'799;  // the end of the year 9999

Milliseconds from_seconds(double seconds) {
  constexpr double ms_a_second = 1000;
  return Milliseconds{static_cast<std::int64_t>(std::floor(seconds * ms_a_second + 0.5))};
}

}  // namespace

std::optional<TerminalSize> parse_terminal_size(std::string_view text) {
  static const RE2 form("(\\d{1,4})x(\\d{1,4})");
  TerminalSize size;
  if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), form, &size.columns, &size.rows)) return std::nullopt;
  const bool fits = size.columns >= 1 && size.columns <= most_columns && size.rows >= 1 && size.rows <= most_rows;
  return fits ? std::optional(size) : std::nullopt;
}

std::string format_terminal_size(const TerminalSize& size) { return fmt::format("{}x{}", size.columns, size.rows); }

CastHeader CastReader::read_header(std::string_view line, std::size_t number) const {
  const JsonDocument document(line, file_, number);
  const JsonValue root(document);
  const auto version = root.find("version");
  if (!version) root.fail("is no recording of asciinema; the first line should be {\"version\": 2 or 3, …}");
  CastHeader header;
  header.version = static_cast<int>(version->integer(0, 1000));
  if (header.version != 2 && header.version != 3) {
    version->fail(
        fmt::format("is {}; versions 2 and 3 are read, and `asciinema convert` makes them of others", header.version));
  }
  const JsonValue term = header.version == 3 ? root.require("term") : root;
  header.size.columns = static_cast<int>(term.require(header.version == 3 ? "cols" : "width").integer(1, most_columns));
  header.size.rows = static_cast<int>(term.require(header.version == 3 ? "rows" : "height").integer(1, most_rows));
  if (const auto started = root.find("timestamp"); started && !started->is_null()) {
    header.started = WallTime{from_seconds(started->number(0, latest_start))};
  }
  if (const auto title = root.find("title"); title && !title->is_null()) header.title = title->string();
  return header;
}

CastEvent CastReader::read_event(std::string_view line, std::size_t number) {
  const JsonDocument document(line, file_, number);
  const JsonValue root(document);
  const auto parts = root.array();
  if (parts.size() != 3) root.fail("should be [time, \"o\", \"data\"]");
  const double time = parts[0].number(0, longest_seconds);
  const double at = header_->version == 3 ? seconds_ + time : time;
  if (at < seconds_) parts[0].fail(fmt::format("goes back; the line before is at {}", seconds_));
  if (at > longest_seconds) parts[0].fail("is later than a year after the start");
  seconds_ = at;
  const std::string code = parts[1].string();
  if (code.size() != 1) parts[1].fail("should be one letter: o, i, r or m");
  CastEvent event{from_seconds(at), code[0], parts[2].string()};
  if (event.code == 'r' && !parse_terminal_size(event.data)) {
    parts[2].fail(fmt::format("is no size; it should be 80x24, at most {}x{}", most_columns, most_rows));
  }
  return event;
}

std::optional<CastEvent> CastReader::take(std::string_view line, std::size_t number) {
  const auto text = trim(line);
  if (text.empty() || (header_ && text.starts_with('#'))) return std::nullopt;
  if (header_) return read_event(text, number);
  header_ = read_header(text, number);
  return std::nullopt;
}

std::string write_cast_header(const CastHeader& header) {
  nlohmann::ordered_json json{{"version", 2}, {"width", header.size.columns}, {"height", header.size.rows}};
  if (header.started) {
    json["timestamp"] = std::chrono::floor<std::chrono::seconds>(header.started->time_since_epoch()).count();
  }
  if (!header.title.empty()) json["title"] = header.title;
  return dump_line(json) + "\n";
}

std::string write_cast_event(const CastEvent& event) {
  constexpr double ms_a_second = 1000;
  return dump_line(nlohmann::ordered_json::array(
             {static_cast<double>(event.at.count()) / ms_a_second, std::string(1, event.code), event.data})) +
         "\n";
}

}  // namespace quotawatch
