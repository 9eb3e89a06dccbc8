#include "os/tmux/tmux_control_transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <set>
#include <utility>

#include "os/host/system_clock.h"
#include "os/tmux/tmux_batch.h"

namespace quotawatch::os {
namespace {

// How long to wait before trying again to connect to a server that refuses.
constexpr Milliseconds refusal_interval{std::chrono::minutes{10}};

// A session that ends during a request needs another round.
constexpr int most_rounds = 3;

// Before 3.7, a notification to a control-mode client that is not fully attached crashes the
// server.
bool survives_connections(std::string_view version) {
  int major = 0;
  int minor = 0;
  const auto [dot, error] = std::from_chars(version.begin(), version.end(), major);
  if (error != std::errc{} || dot == version.end() || *dot != '.') return false;
  std::from_chars(dot + 1, version.end(), minor);
  return std::pair(major, minor) >= std::pair(3, 7);
}

std::vector<PaneCapture> read_panes(const TmuxReply& reply, const std::vector<std::string>& sessions) {
  std::vector<PaneCapture> panes;
  panes.reserve(sessions.size());
  for (const auto& name : sessions) {
    const auto* session = find_session(reply.sessions, name);
    if (session == nullptr) {
      panes.emplace_back();
      continue;
    }
    const auto screen = reply.screens.find(session->id);
    if (session->ended) {
      panes.push_back(ended_pane(session->pane));
    } else if (screen != reply.screens.end()) {
      panes.push_back(read_screen(screen->second, session->columns, session->rows, session->pane));
    } else {
      panes.push_back({PaneCapture::Status::failed, nullptr, 0, 0, "tmux gives no screen"});
    }
  }
  return panes;
}

// A member of each requested session; empty for one that does not exist.
std::vector<std::string> of_each(const std::vector<std::string>& sessions, const std::vector<ListedSession>& listed,
                                 std::string ListedSession::*member) {
  std::vector<std::string> values;
  values.reserve(sessions.size());
  for (const auto& name : sessions) {
    const auto* session = find_session(listed, name);
    values.push_back(session == nullptr ? "" : session->*member);
  }
  return values;
}

TmuxCapture read_capture(const TmuxReply& reply, const std::vector<std::string>& sessions) {
  TmuxCapture capture{true, false, "", read_panes(reply, sessions)};
  std::map<std::string, PaneCapture> further;
  for (const auto& [id, text] : reply.screens) {
    if (id.starts_with('%')) further.emplace(id, read_screen(text, 0, 0, id));
  }
  complete_capture(capture, reply.panes, of_each(sessions, reply.sessions, &ListedSession::id), further);
  return capture;
}

}  // namespace

TmuxControlTransport::TmuxControlTransport(EventLoop& loop, const std::string& socket_name, Servers servers, Log log)
    : servers_(servers), log_(std::move(log)), process_(loop, socket_name), control_(loop, socket_name) {}

TmuxCapture TmuxControlTransport::capture(const std::vector<std::string>& sessions, Milliseconds timeout) {
  assert(!sessions.empty());
  if (control_.ready()) {
    if (auto capture = capture_connected(sessions, timeout)) return *std::move(capture);
  }
  TmuxCapture capture = process_.capture(sessions, timeout);
  if (may_connect(capture)) connect(timeout);
  // The connection ended because the server is gone.
  if (!capture.server_up && !control_.connected()) retry_at_.reset();
  return capture;
}

SessionList TmuxControlTransport::list_sessions(Milliseconds timeout) {
  if (!control_.ready()) return process_.list_sessions(timeout);
  const TmuxControl::Answer answer = control_.ask({}, timeout);
  switch (answer.kind) {
    case TmuxControl::Answer::Kind::reply:
      return TmuxControl::names_of(answer.reply.sessions);
    case TmuxControl::Answer::Kind::none:
      return process_.list_sessions(timeout);
    case TmuxControl::Answer::Kind::timed_out:
      return {false, false, "timed out"};
    case TmuxControl::Answer::Kind::interrupted:
      break;
  }
  return {false, true};
}

// Called after the server has answered a process, so it does not hang and is idle. A server without
// sessions is about to exit and must not be kept alive by ours, so at least one of the requested
// sessions must exist.
bool TmuxControlTransport::may_connect(const TmuxCapture& capture) const {
  const bool any_there = std::ranges::any_of(capture.panes, [](const PaneCapture& pane) {
    return pane.status == PaneCapture::Status::screen || pane.status == PaneCapture::Status::ended;
  });
  if (control_.connected() || !any_there) return false;
  if (servers_ != Servers::all && !survives_connections(process_.version())) return false;
  return !retry_at_ || read_system_clock().steady >= *retry_at_;
}

void TmuxControlTransport::connect(Milliseconds timeout) {
  const TmuxControl::Answer answer = control_.connect(timeout);
  listed_.clear();  // may be the ids of another server
  further_.clear();
  if (answer.kind == TmuxControl::Answer::Kind::none) connection_failed(answer.why);
}

// Returns nullopt if the caller should fall back to a tmux process.
std::optional<TmuxCapture> TmuxControlTransport::capture_connected(const std::vector<std::string>& sessions,
                                                                   Milliseconds timeout) {
  const TmuxControl::Answer answer = ask(sessions, timeout);
  switch (answer.kind) {
    case TmuxControl::Answer::Kind::reply:
      break;
    case TmuxControl::Answer::Kind::none:
      connection_failed(answer.why);
      return std::nullopt;
    case TmuxControl::Answer::Kind::timed_out:
      return all_failed(sessions.size(), "timed out");
    case TmuxControl::Answer::Kind::interrupted:
      return interrupted_capture(sessions.size());
  }
  retry_at_.reset();
  return read_capture(answer.reply, sessions);
}

std::vector<std::string> TmuxControlTransport::ids_of(const std::vector<std::string>& sessions) const {
  std::set<std::string> ids;
  for (const auto& name : sessions) {
    if (const auto* session = find_session(listed_, name)) ids.insert(session->id);
  }
  ids.insert(further_.begin(), further_.end());
  return {ids.begin(), ids.end()};
}

// Repeats until there is a screen of every session that exists, and of its further panes. Names are resolved in the
// list that comes with the screens, so both are of the same moment.
TmuxControl::Answer TmuxControlTransport::ask(const std::vector<std::string>& sessions, Milliseconds timeout) {
  TmuxControl::Answer answer;
  for (int round = 0; round < most_rounds; ++round) {
    answer = control_.ask(ids_of(sessions), timeout);
    if (answer.kind != TmuxControl::Answer::Kind::reply) return answer;
    listed_ = answer.reply.sessions;
    const auto ids = of_each(sessions, listed_, &ListedSession::id);
    further_ = further_panes(answer.reply.panes, ids, of_each(sessions, listed_, &ListedSession::pane));
    const auto shown = [&](const std::string& id) { return id.empty() || answer.reply.screens.contains(id); };
    if (std::ranges::all_of(ids, shown) && std::ranges::all_of(further_, shown)) break;
  }
  // Ours is the last session, and the server would exit without it: disconnect.
  const bool alone = std::ranges::all_of(listed_, TmuxControl::is_of_a_connection);
  if (alone) control_.disconnect();
  return answer;
}

void TmuxControlTransport::connection_failed(const std::string& why) {
  // Retry once at once: only a server that refuses twice is left alone.
  const SteadyTime now = read_system_clock().steady;
  if (!retry_at_) {
    retry_at_ = now;
    return;
  }
  log_(fmt::format("no lasting connection to tmux ({}); asking with one process a poll", why));
  retry_at_ = now + refusal_interval;
}

}  // namespace quotawatch::os
