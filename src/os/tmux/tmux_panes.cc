#include "os/tmux/tmux_panes.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "os/tmux/tmux_batch.h"

namespace quotawatch::os {
namespace {

bool take_id(std::string_view& rest, char sign, std::string& into) {
  into = take_until(rest, ' ');
  return into.size() > 1 && into.front() == sign && std::all_of(into.begin() + 1, into.end(), is_digit);
}

// "%12 $3 1.0 4321 120 40 0 0 1 1766912345 "
bool take_pane(std::string_view& rest, ListedPane& pane) {
  if (!take_id(rest, '%', pane.pane) || !take_id(rest, '$', pane.session)) return false;
  pane.window_pane = take_until(rest, ' ');
  int ended = 0;
  int in_mode = 0;
  int attached = 0;
  std::int64_t used_s = 0;
  for (int* number : {&pane.process, &pane.columns, &pane.rows, &ended, &in_mode, &attached}) {
    if (!take_number(rest, *number) || *number < 0) return false;
  }
  constexpr std::int64_t year_2500_s = 16'725'225'600;
  if (!take_number(rest, used_s) || used_s < 0 || used_s > year_2500_s) return false;
  if (pane.columns == 0 || pane.rows == 0) return false;
  pane.ended = ended != 0;
  pane.in_mode = in_mode != 0;
  pane.attached = attached != 0;
  pane.session_used = WallTime(std::chrono::seconds{used_s});
  return true;
}

// Calls `visit(index of the session, pane)` for each listed pane of these sessions, in their order.
template <typename Visit>
void for_panes_of(const std::vector<ListedPane>& listed, const std::vector<std::string>& session_ids, Visit visit) {
  for (std::size_t i = 0; i < session_ids.size(); ++i) {
    if (session_ids[i].empty()) continue;
    for (const auto& pane : listed) {
      if (pane.session == session_ids[i]) visit(i, pane);
    }
  }
}

void add_details(PaneCapture& capture, const ListedPane& listed, const std::vector<ListedPane>& all) {
  capture.window_pane = listed.window_pane;
  capture.in_mode = listed.in_mode;
  capture.first_process = listed.process;
  // Somebody may use the same pane through another session that shows it.
  for (const auto& other : all) {
    if (other.pane != listed.pane || !other.attached) continue;
    capture.client_used = std::max(capture.client_used.value_or(other.session_used), other.session_used);
  }
}

}  // namespace

std::string pane_listing_format() {
  return "#{S:#{W:#{P:#{pane_id} #{session_id} #{window_index}.#{pane_index} #{pane_pid} #{pane_width} "
         "#{pane_height} #{pane_dead} #{pane_in_mode} #{session_attached} #{session_activity} }}}";
}

std::optional<std::vector<ListedPane>> read_pane_listing(std::string_view line) {
  std::vector<ListedPane> panes;
  while (!line.empty()) {
    ListedPane pane;
    if (!take_pane(line, pane)) return std::nullopt;
    panes.push_back(std::move(pane));
  }
  return panes;
}

std::vector<std::string> further_panes(const std::vector<ListedPane>& listed,
                                       const std::vector<std::string>& session_ids,
                                       const std::vector<std::string>& active) {
  assert(session_ids.size() == active.size());
  std::vector<std::string> ids;
  for_panes_of(listed, session_ids, [&](std::size_t session, const ListedPane& pane) {
    if (!pane.ended && pane.pane != active[session]) ids.push_back(pane.pane);
  });
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void complete_capture(TmuxCapture& capture, const std::vector<ListedPane>& listed,
                      const std::vector<std::string>& session_ids, const std::map<std::string, PaneCapture>& screens) {
  assert(session_ids.size() == capture.panes.size());
  for_panes_of(listed, session_ids, [&](std::size_t session, const ListedPane& pane) {
    PaneCapture& active = capture.panes[session];
    if (active.pane == pane.pane) return add_details(active, pane, listed);
    const auto screen = screens.find(pane.pane);
    if (!pane.ended && screen == screens.end()) return;
    FurtherPane further{session, pane.ended ? ended_pane(pane.pane) : screen->second};
    further.pane.columns = pane.columns;
    further.pane.rows = pane.rows;
    add_details(further.pane, pane, listed);
    capture.further.push_back(std::move(further));
  });
}

}  // namespace quotawatch::os
