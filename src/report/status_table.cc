#include "report/status_table.h"

#include <fmt/color.h>

#include "report/console.h"
#include "report/status_rows.h"

namespace quotawatch {
namespace {

fmt::text_style style_of(Role role) {
  switch (role) {
    case Role::plain:
      return {};
    case Role::faint:
      return fmt::text_style(fmt::emphasis::faint);
    case Role::strong:
      return fmt::text_style(fmt::emphasis::bold);
    case Role::good:
      return fmt::fg(fmt::terminal_color::green);
    case Role::warning:
      return fmt::fg(fmt::terminal_color::yellow);
    case Role::bad:
      return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
  }
  return {};
}

class Printed {
 public:
  explicit Printed(bool colour) : colour_(colour) {}

  void add(const Row& row) {
    for (const auto& cell : row) text_ += styled(colour_, style_of(cell.role), cell.text);
    while (text_.ends_with(' ')) text_.pop_back();
    text_ += "\n";
  }
  void add(const std::vector<Row>& rows) {
    for (const auto& row : rows) add(row);
  }
  void add_space() { text_ += "\n"; }

  std::string take() { return std::move(text_); }

 private:
  bool colour_;
  std::string text_;
};

}  // namespace

std::string status_table(const StatusReport& report, WallTime now, TableStyle style) {
  const StatusRows rows = status_rows(report, now, style.columns);
  Printed out(style.colour);
  out.add(rows.monitor);
  for (const auto& group : rows.groups) {
    if (!report.groups.empty()) out.add_space();
    out.add(group.head);
    out.add_space();
    if (report.monitor.answers) out.add(rows.heading);
    if (!report.monitor.answers) out.add(group.foot);
    for (const auto& session : group.sessions) out.add(session.rows);
    if (report.monitor.answers) out.add(group.foot);
  }
  return out.take();
}

}  // namespace quotawatch
