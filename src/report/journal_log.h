// A journal for people: one line a decision in local time, and what it comes to. For `quotawatch log`.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

struct LogFilter {
  std::optional<WallTime> since;
  std::optional<WallTime> until;
  std::string session = {};  // empty: all; else only what is about it, with its verdicts
  bool json = false;
};

class JournalLog {
 public:
  JournalLog(LogFilter filter, Zone zone) : filter_(std::move(filter)), zone_(std::move(zone)) {}

  // What to print of one line of a journal, with a newline; empty if it is not asked for.
  std::string take(std::string_view line);

  // Switches, failures, and how long each session stood still, in a few lines.
  std::string summary() const;

  // Lines that were no events.
  std::size_t unreadable() const { return unreadable_; }

  // "2026-11-30 01:02:03"
  static std::string local_time(const Zone& zone, WallTime time);

 private:
  struct Stay {
    Milliseconds stood{0};
    std::optional<WallTime> since;  // it stands still
  };

  bool is_asked_for(const nlohmann::json& event, WallTime at) const;
  void count(const nlohmann::json& event, WallTime at);

  LogFilter filter_;
  Zone zone_;
  std::size_t unreadable_ = 0;
  std::map<std::string, int> counts_;  // by event
  std::map<std::string, Stay> sessions_;
  std::optional<WallTime> first_;
  std::optional<WallTime> last_;
};

// A moment on the command line: "22:00" (the last one), "8h" (ago), "2026-11-30", "2026-11-30 22:00", or as in
// the journal. Throws InputError naming `option`.
WallTime moment_of_option(const char* option, const std::string& text, const Zone& zone, WallTime now);

}  // namespace quotawatch
