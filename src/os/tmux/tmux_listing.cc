#include "os/tmux/tmux_listing.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "os/tmux/tmux_names.h"

namespace quotawatch::os {
namespace {

// "$3 120 40 %12 0 4 main ": the name comes last, after its length in bytes, because it may contain
// anything but control characters.
bool take_session(std::string_view& rest, ListedSession& session) {
  session.id = take_until(rest, ' ');
  if (session.id.size() < 2 || session.id.front() != '$') return false;
  if (!take_number(rest, session.columns) || !take_number(rest, session.rows)) return false;
  session.pane = take_until(rest, ' ');
  session.ended = take_until(rest, ' ') == "1";
  std::size_t length = 0;
  if (!take_number(rest, length) || length >= rest.size() || rest[length] != ' ') return false;
  session.name = rest.substr(0, length);
  rest.remove_prefix(length + 1);
  return session.columns > 0 && session.rows > 0;
}

}  // namespace

std::string_view listing_format() {
  return "#{session_id} #{pane_width} #{pane_height} #{pane_id} #{pane_dead} "
         "#{n:session_name} #{session_name} ";
}

std::optional<std::vector<ListedSession>> read_listing(std::string_view line) {
  std::vector<ListedSession> sessions;
  while (!line.empty()) {
    ListedSession session;
    if (!take_session(line, session)) return std::nullopt;
    sessions.push_back(std::move(session));
  }
  std::ranges::sort(sessions, {}, &ListedSession::name);
  return sessions;
}

const ListedSession* find_session(const std::vector<ListedSession>& sessions, std::string_view asked) {
  const auto find = [&](std::string_view name) -> const ListedSession* {
    const auto found = std::ranges::lower_bound(sessions, name, {}, &ListedSession::name);
    return found != sessions.end() && found->name == name ? &*found : nullptr;
  };
  // Usually the exact name exists; then the variants need not be computed.
  if (const auto* session = find(asked)) return session;
  for (const auto& name : possible_names(asked)) {
    if (const auto* session = find(name)) return session;
  }
  return nullptr;
}

}  // namespace quotawatch::os
