// The sessions of a status report as rows of a table.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/status_rows.h"
#include "report/status_times.h"

namespace quotawatch {

inline constexpr std::size_t most_name_columns = 24;  // and three tenths of the width

class SessionTable {
 public:
  SessionTable(const StatusReport& report, StatusTimes times, std::size_t columns);

  Row heading() const;

  // One or two; none if nothing is known of the session.
  std::vector<Row> rows(const GroupStatus::Session& session) const;

 private:
  std::vector<Row> saved_rows(const GroupStatus::Session& session, const std::string& name) const;
  // For a limit's message, also from before a restart.
  WallTime shown_since(const GroupStatus::Session& session) const;
  std::string details(const GroupStatus::Session& session) const;
  std::string describe_witness(const GroupStatus::Session& session) const;
  std::string describe_waiting(const GroupStatus::Session& session) const;

  const StatusReport& report_;
  StatusTimes times_;
  std::size_t columns_;
  std::size_t name_columns_;
  std::size_t program_columns_;
};

}  // namespace quotawatch
