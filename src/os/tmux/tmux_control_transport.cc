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

// How long a server that refuses a connection is asked without one before it is tried again.
constexpr Milliseconds refusal_interval{std::chrono::minutes{10}};

// A session that ends while it is asked for costs one more round.
constexpr int most_rounds = 3;

// Before 3.7 a client in control mode that is not quite there yet is told of news, and the
// server falls over it.
bool survives_connections(std::string_view version) {
  int major = 0;
  int minor = 0;
  const auto [dot, error] = std::from_chars(version.begin(), version.end(), major);
  if (error != std::errc{} || dot == version.end() || *dot != '.') return false;
  std::from_chars(dot + 1, version.end(), minor);
  return std::pair(major, minor) >= std::pair(3, 7);
}

std::vector<PaneCapture> read_panes(const TmuxReply& reply,
                                    const std::vector<std::string>& sessions) {
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

}  // namespace

TmuxControlTransport::TmuxControlTransport(EventLoop& loop, const std::string& socket_name,
                                           Servers servers, Log log)
    : servers_(servers),
      log_(std::move(log)),
      process_(loop, socket_name),
      control_(loop, socket_name) {}

TmuxCapture TmuxControlTransport::capture(const std::vector<std::string>& sessions,
                                          Milliseconds timeout) {
  assert(!sessions.empty());
  if (control_.ready()) {
    if (auto capture = capture_connected(sessions, timeout)) return *std::move(capture);
  }
  TmuxCapture capture = process_.capture(sessions, timeout);
  if (may_connect(capture)) connect(timeout);
  // A server that is gone is why the connection ended.
  if (!capture.server_up && !control_.connected()) retry_at_.reset();
  return capture;
}

// Asked after the server has answered a process: it does not hang, and has nothing else to
// do at this moment. One without sessions would end now, and must not live on for ours; so
// there has to be one of those that were asked for.
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
  listed_.clear();  // the numbers of another server, maybe
  if (answer.kind == TmuxControl::Answer::Kind::none) connection_failed(answer.why);
}

// Nothing where a process may do better.
std::optional<TmuxCapture> TmuxControlTransport::capture_connected(
    const std::vector<std::string>& sessions, Milliseconds timeout) {
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
  return TmuxCapture{true, false, "", read_panes(answer.reply, sessions)};
}

std::vector<std::string> TmuxControlTransport::ids_of(
    const std::vector<std::string>& sessions) const {
  std::set<std::string> ids;
  for (const auto& name : sessions) {
    if (const auto* session = find_session(listed_, name)) ids.insert(session->id);
  }
  return {ids.begin(), ids.end()};
}

// Asks until there is a screen of each session that is there. A name is looked up in the
// list that comes with the screens, all of one moment.
TmuxControl::Answer TmuxControlTransport::ask(const std::vector<std::string>& sessions,
                                              Milliseconds timeout) {
  TmuxControl::Answer answer;
  for (int round = 0; round < most_rounds; ++round) {
    answer = control_.ask(ids_of(sessions), timeout);
    if (answer.kind != TmuxControl::Answer::Kind::reply) return answer;
    listed_ = answer.reply.sessions;
    const bool whole = std::ranges::all_of(sessions, [&](const std::string& name) {
      const auto* session = find_session(listed_, name);
      return session == nullptr || answer.reply.screens.contains(session->id);
    });
    if (whole) break;
  }
  // Without us the server would end now that its last session has; so we go, too.
  const bool alone = std::ranges::all_of(listed_, TmuxControl::is_of_a_connection);
  if (alone) control_.disconnect();
  return answer;
}

void TmuxControlTransport::connection_failed(const std::string& why) {
  // Once may be chance: only one that refuses us again is left alone.
  const SteadyTime now = read_system_clock().steady;
  if (!retry_at_) {
    retry_at_ = now;
    return;
  }
  log_(fmt::format("no lasting connection to tmux ({}); asking with one process a poll", why));
  retry_at_ = now + refusal_interval;
}

}  // namespace quotawatch::os
