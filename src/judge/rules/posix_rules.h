// A time zone in POSIX's format for TZ: `CET-1CEST,M3.5.0,M10.5.0/3`, also the last line of a compiled
// zone (TZif). Used by Zone for zones that are not in the database.
//
// Note the sign: `CET-1` is an hour ahead of UTC. The date library has no such zones for
// C++20 (its ptz.h does not compile there, and knows no rule times before midnight).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace quotawatch {

class PosixRules {
 public:
  using Instant = std::chrono::sys_seconds;

  // The offset in a part of the year.
  struct Clock {
    std::string abbreviation;
    std::chrono::seconds ahead{0};  // of UTC
  };

  // nullopt if the text is no such zone. Summer time without rules changes on the same days as in
  // libc: the second Sunday of March and the first of November.
  static std::optional<PosixRules> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const Clock& clock_at(Instant time) const;

  // The instant at which clocks show `local` (counted as if it were UTC): the later of two, or the end
  // of the gap if a change of clocks skips that time.
  Instant instant_of(Instant local) const;

 private:
  struct NthWeekday {
    unsigned month;
    unsigned week;  // 5: the last
    unsigned weekday;
  };
  struct DayOfYear {
    int day;  // of 365: 29 February has no number
  };
  struct DaysAfterNewYear {
    int days;
  };
  // When clocks change: time since midnight, by the clock before the change.
  struct Change {
    std::variant<NthWeekday, DayOfYear, DaysAfterNewYear> day;
    std::chrono::seconds after{std::chrono::hours{2}};
  };
  struct Summer {
    Clock clock;
    Change begin;
    Change end;
  };
  struct Transition {
    Instant at;
    bool to_summer = false;
  };

  static std::optional<Change> parse_change(const std::string& text);
  static Instant local_instant(const Change& change, std::chrono::year year);
  Transition last_change(Instant time) const;

  std::string text_;
  Clock standard_;
  std::optional<Summer> summer_;
};

}  // namespace quotawatch
