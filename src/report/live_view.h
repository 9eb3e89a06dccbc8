// The live view of `status --watch`: what it shows, and what keys do. Pure: a terminal (live_terminal.h) only draws the
// rows and reads the keys.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/status_rows.h"

namespace quotawatch {

enum class LiveKey { up, down, page_up, page_down, first, last, resume, pause, yes, help, quit, other };

struct LiveAction {
  enum class Kind { none, quit, resume, pause, end_pause };
  Kind kind = Kind::none;
  std::string session = {};  // to resume
};

struct LiveRow {
  Row cells;
  bool chosen = false;
};

struct LiveSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

class LiveView {
 public:
  LiveAction press(LiveKey key, const StatusReport& report);

  // Shown in the last row until the next key: the answer to an action, escaped.
  void say(std::string message, bool well);

  // Exactly `size.rows` rows, none wider than the size. `decisions`: lines of the log, escaped, the last one last.
  std::vector<LiveRow> rows(const StatusReport& report, const std::vector<std::string>& decisions, WallTime now,
                            LiveSize size) const;

 private:
  struct Choice {
    std::string group;
    std::string session;

    bool operator==(const Choice&) const = default;
  };

  static std::vector<Choice> choices(const StatusReport& report);
  std::size_t chosen_index(const std::vector<Choice>& all) const;
  void move(LiveKey key, const std::vector<Choice>& all);
  std::vector<LiveRow> session_rows(const StatusRows& rows, std::size_t room, std::size_t columns) const;
  Row last_row(const StatusReport& report, std::size_t columns) const;

  std::optional<Choice> chosen_;  // stays with its session when the order changes
  bool helping_ = false;
  bool asking_ = false;  // whether to resume the session chosen
  std::string message_;
  bool message_well_ = true;
};

}  // namespace quotawatch
