// A status report as rows of cells for people: each row fits into a given width, whatever names it contains.
//
// `status` prints them one below the other (status_table.h), and the live view picks from them (live_view.h). All texts
// have gone through escape_controls().
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "run/status/status_report.h"

namespace quotawatch {

// What a text is to the reader; a terminal gives it a colour.
enum class Role { plain, faint, strong, good, warning, bad };

struct Cell {
  std::string text;
  Role role = Role::plain;

  bool operator==(const Cell&) const = default;
};
using Row = std::vector<Cell>;

// `cells` cut to the width.
Row fit_row(std::vector<Cell> cells, std::size_t columns);

struct SessionRows {
  std::string group;  // empty without groups
  const GroupStatus::Session* session;
  std::vector<Row> rows;
};

struct GroupRows {
  std::vector<Row> head;  // its accounts and switches
  std::vector<SessionRows> sessions;
  std::vector<Row> foot;  // sessions that do not exist
};

struct StatusRows {
  std::vector<Row> monitor;
  Row heading;  // of the sessions
  std::vector<GroupRows> groups;
};

// Ages are relative to `now`; times are in the report's zone. Refers to the report.
StatusRows status_rows(const StatusReport& report, WallTime now, std::size_t columns);

}  // namespace quotawatch
