#include "os/tmux_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "os/system_clock.h"
#include "os/tmux_batch.h"

namespace quotawatch::os {
namespace {

// How long a server that refuses a connection is asked without one before it is tried again.
constexpr Milliseconds refusal_interval{std::chrono::minutes{10}};

// A session that ends while it is asked for costs one more round.
constexpr int most_rounds = 3;

TmuxCapture interrupted(std::size_t count) {
  TmuxCapture capture = all_failed(count, "interrupted");
  capture.interrupted = true;
  return capture;
}

}  // namespace

TmuxClient::TmuxClient(EventLoop& loop, Server server, Note note)
    : loop_(loop), note_(std::move(note)), process_(loop, server.socket_name, server.timeout) {
  configure(std::move(server));
}

TmuxClient::~TmuxClient() = default;

void TmuxClient::configure(Server server) {
  process_.configure(server.socket_name, server.timeout);
  if (control_ && (!server.keep_connection || server.socket_name != server_.socket_name)) {
    control_->disconnect();
    control_.reset();
  }
  if (server.keep_connection && !control_) {
    control_ = std::make_unique<TmuxControl>(loop_, server.socket_name, [this] {
      sessions_changed_ = true;
      if (panes_ && !absent_.empty()) loop_.notify();
    });
    listed_.clear();
    alone_ = false;
    retry_at_.reset();
  }
  watched_.clear();
  server_ = std::move(server);
}

TmuxCapture TmuxClient::capture(const std::vector<std::string>& sessions) {
  if (loop_.stop_requested()) return interrupted(sessions.size());
  if (sessions.empty()) return {};
  auto capture = may_connect() ? capture_connected(sessions) : std::nullopt;
  if (!capture) capture = capture_apart(sessions);
  if (capture->server_up) note_watched(sessions, capture->panes);
  return std::move(*capture);
}

void TmuxClient::note_watched(const std::vector<std::string>& sessions, const PaneCaptures& panes) {
  if (sessions.size() >= watched_.size()) {
    listing_is_news_ = listing_is_news_ || watched_ != sessions;
    watched_ = sessions;
    absent_.clear();
  }
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    std::erase(absent_, sessions[i]);
    if (panes[i].status == PaneCapture::Status::absent) absent_.push_back(sessions[i]);
  }
  watch_panes();
}

bool TmuxClient::may_connect() const {
  return control_ && !alone_ && (!retry_at_ || read_system_clock().steady >= *retry_at_);
}

// Nothing where a process may do better.
std::optional<TmuxCapture> TmuxClient::capture_connected(const std::vector<std::string>& sessions) {
  const TmuxControl::Answer answer = ask_for_all(sessions);
  switch (answer.kind) {
    case TmuxControl::Answer::Kind::reply:
      break;
    case TmuxControl::Answer::Kind::none:
      refused_ = answer.why;
      return std::nullopt;
    case TmuxControl::Answer::Kind::timed_out:
      return all_failed(sessions.size(), "timed out");
    case TmuxControl::Answer::Kind::interrupted:
      return interrupted(sessions.size());
  }
  refused_.clear();
  retry_at_.reset();
  // Without us the server would end now that its last session has; so we go, too.
  alone_ = std::ranges::all_of(
      listed_, [this](const ListedSession& session) { return control_->is_own(session); });
  if (alone_) control_->disconnect();
  return read(answer.reply, sessions);
}

// Asks until there is a screen of each session that is there. A name is looked up in the
// list that comes with the screens, all of one moment.
TmuxControl::Answer TmuxClient::ask_for_all(const std::vector<std::string>& sessions) {
  TmuxControl::Answer answer;
  if (!control_->connected()) listed_.clear();  // numbers of another server, maybe
  for (int round = 0; round < most_rounds; ++round) {
    std::set<std::string> ids;
    for (const auto& name : sessions) {
      if (const auto* session = find_session(listed_, name)) ids.insert(session->id);
    }
    answer = control_->ask({ids.begin(), ids.end()}, server_.timeout);
    if (answer.kind != TmuxControl::Answer::Kind::reply) return answer;
    if (listed_ != answer.reply.sessions) listing_is_news_ = true;
    listed_ = answer.reply.sessions;
    const bool whole = std::ranges::all_of(sessions, [&](const std::string& name) {
      const auto* session = find_session(listed_, name);
      return session == nullptr || answer.reply.screens.contains(session->id);
    });
    if (whole) break;
  }
  return answer;
}

TmuxCapture TmuxClient::read(const TmuxReply& reply, const std::vector<std::string>& sessions) {
  std::vector<PaneCapture> panes;
  panes.reserve(sessions.size());
  for (const auto& name : sessions) {
    const auto* session = find_session(reply.sessions, name);
    if (session == nullptr) {
      panes.emplace_back();
    } else if (const auto screen = reply.screens.find(session->id); screen != reply.screens.end()) {
      panes.push_back(read_screen(screen->second, session->columns, session->rows));
    } else {
      panes.push_back({PaneCapture::Status::failed, nullptr, 0, 0, "tmux gives no screen"});
    }
  }
  return {true, false, "", std::move(panes)};
}

TmuxCapture TmuxClient::capture_apart(const std::vector<std::string>& sessions) {
  TmuxCapture capture = process_.capture(sessions);
  if (capture.interrupted || !control_) return capture;
  if (!capture.server_up) {
    alone_ = false;
    retry_at_.reset();
    return capture;
  }
  if (alone_) {
    alone_ = std::ranges::all_of(capture.panes, [](const PaneCapture& pane) {
      return pane.status == PaneCapture::Status::absent;
    });
  } else if (!refused_.empty()) {
    connection_failed(std::exchange(refused_, {}));
  }
  return capture;
}

void TmuxClient::connection_failed(const std::string& why) {
  // A server that was just restarted fails once, too: only one that refuses us is left alone.
  const SteadyTime now = read_system_clock().steady;
  if (!retry_at_) {
    retry_at_ = now;
    return;
  }
  note_(fmt::format("no lasting connection to tmux ({}); asking with one process a poll", why));
  retry_at_ = now + refusal_interval;
}

std::vector<std::string> TmuxClient::take_changed() {
  if (!panes_) return {};
  auto changed = panes_->take_quiet();
  if (std::exchange(sessions_changed_, false)) {
    changed.insert(changed.end(), absent_.begin(), absent_.end());
  }
  return changed;
}

void TmuxClient::watch_changes() {
  panes_ = std::make_unique<PaneWatch>(loop_, [this] { loop_.notify(); });
  listing_is_news_ = true;
  watch_panes();
}

void TmuxClient::watch_panes() {
  if (!panes_ || !connected() || !std::exchange(listing_is_news_, false)) return;
  std::vector<std::pair<std::string, std::string>> terminals;
  for (const auto& name : watched_) {
    const auto* session = find_session(listed_, name);
    if (session != nullptr) terminals.emplace_back(name, session->terminal);
  }
  panes_->watch(terminals);
}

}  // namespace quotawatch::os
