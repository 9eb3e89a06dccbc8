#include "os/tmux_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
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

TmuxCapture interrupted(std::size_t count) {
  TmuxCapture capture = all_failed(count, "interrupted");
  capture.interrupted = true;
  return capture;
}

}  // namespace

TmuxClient::TmuxClient(EventLoop& loop, Server server, Note note)
    : loop_(loop),
      server_(std::move(server)),
      note_(std::move(note)),
      process_(loop, server_.socket_name, server_.timeout),
      control_(loop, server_.socket_name, [this] {
        sessions_changed_ = true;
        if (panes_ && !absent_.empty()) loop_.notify();
      }) {}

// Taking leave turns the loop, which tells us news: while all of us is there.
TmuxClient::~TmuxClient() { control_.disconnect(); }

void TmuxClient::configure(Server server) {
  process_.configure(server.socket_name, server.timeout);
  const bool other_server = server.socket_name != server_.socket_name;
  if (other_server || server.keep_connection != server_.keep_connection) {
    control_.disconnect();
    retry_at_.reset();
  }
  control_.configure(server.socket_name);
  server_ = std::move(server);
  watched_.clear();
  absent_.clear();
  terminal_of_.clear();
  terminals_are_news_ = true;
  sessions_changed_ = false;
  if (panes_) panes_->watch({});
  if (panes_) panes_->take_quiet();
}

TmuxCapture TmuxClient::capture(const std::vector<std::string>& sessions) {
  if (loop_.stop_requested()) return interrupted(sessions.size());
  if (sessions.empty()) return {};
  auto connected = control_.ready() ? capture_connected(sessions) : std::nullopt;
  TmuxCapture capture = connected ? std::move(*connected) : process_.capture(sessions);
  answering_ = capture.server_up;
  if (!answering_) {
    if (!control_.connected()) retry_at_.reset();  // which is why it ended
    return capture;
  }
  if (!connected) {
    if (terminals_ != process_.facts().terminals) terminals_are_news_ = true;
    terminals_ = process_.facts().terminals;
    if (may_connect()) connect();
  }
  note_watched(sessions, capture.panes);
  return capture;
}

void TmuxClient::note_watched(const std::vector<std::string>& sessions, const PaneCaptures& panes) {
  if (sessions.size() >= watched_.size()) {
    watched_ = sessions;
    absent_.clear();
  }
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    std::erase(absent_, sessions[i]);
    if (panes[i].status == PaneCapture::Status::absent) absent_.push_back(sessions[i]);
  }
  watch_panes();
}

// Asked after the server has answered a process: it does not hang, and has nothing else to
// do at this moment. Without sessions it would end now, and must not live on for ours.
bool TmuxClient::may_connect() const {
  const TmuxFacts& facts = process_.facts();
  if (control_.connected() || !facts.any_session) return false;
  if (!server_.keep_connection.value_or(survives_connections(facts.version))) return false;
  return !retry_at_ || read_system_clock().steady >= *retry_at_;
}

void TmuxClient::connect() {
  const TmuxControl::Answer answer = control_.connect(server_.timeout);
  listed_.clear();  // the numbers of another server, maybe
  if (answer.kind == TmuxControl::Answer::Kind::none) connection_failed(answer.why);
}

// Nothing where a process may do better.
std::optional<TmuxCapture> TmuxClient::capture_connected(const std::vector<std::string>& sessions) {
  const TmuxControl::Answer answer = ask_for_all(sessions);
  switch (answer.kind) {
    case TmuxControl::Answer::Kind::reply:
      break;
    case TmuxControl::Answer::Kind::none:
      connection_failed(answer.why);
      return std::nullopt;
    case TmuxControl::Answer::Kind::timed_out:
      return all_failed(sessions.size(), "timed out");
    case TmuxControl::Answer::Kind::interrupted:
      return interrupted(sessions.size());
  }
  retry_at_.reset();
  // Without us the server would end now that its last session has; so we go, too.
  const bool alone = std::ranges::all_of(listed_, TmuxControl::is_of_a_connection);
  if (alone) control_.disconnect();
  TmuxCapture capture;
  read(answer.reply, sessions, capture);
  return capture;
}

// Asks until there is a screen of each session that is there. A name is looked up in the
// list that comes with the screens, all of one moment.
TmuxControl::Answer TmuxClient::ask_for_all(const std::vector<std::string>& sessions) {
  TmuxControl::Answer answer;
  for (int round = 0; round < most_rounds; ++round) {
    std::set<std::string> ids;
    for (const auto& name : sessions) {
      if (const auto* session = find_session(listed_, name)) ids.insert(session->id);
    }
    answer = control_.ask({ids.begin(), ids.end()}, server_.timeout);
    if (answer.kind != TmuxControl::Answer::Kind::reply) return answer;
    listed_ = answer.reply.sessions;
    const bool whole = std::ranges::all_of(sessions, [&](const std::string& name) {
      const auto* session = find_session(listed_, name);
      return session == nullptr || answer.reply.screens.contains(session->id);
    });
    if (whole) break;
  }
  return answer;
}

void TmuxClient::read(const TmuxReply& reply, const std::vector<std::string>& sessions,
                      TmuxCapture& capture) {
  std::vector<PaneCapture> panes;
  panes.reserve(sessions.size());
  Terminals terminals;
  for (const auto& name : sessions) {
    const auto* session = find_session(reply.sessions, name);
    if (session == nullptr) {
      panes.emplace_back();
      continue;
    }
    terminals.emplace_back(name, session->terminal);
    const auto screen = reply.screens.find(session->id);
    panes.push_back(
        screen != reply.screens.end()
            ? read_screen(screen->second, session->columns, session->rows)
            : PaneCapture{PaneCapture::Status::failed, nullptr, 0, 0, "tmux gives no screen"});
  }
  if (terminals_ != terminals) terminals_are_news_ = true;
  terminals_ = std::move(terminals);
  capture.panes = std::move(panes);
}

void TmuxClient::connection_failed(const std::string& why) {
  // Once may be chance: only one that refuses us again is left alone.
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
  if (!answering_) return {};  // a server that hangs or is gone is for the polls
  std::ranges::sort(changed);
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  return changed;
}

void TmuxClient::watch_changes() {
  panes_ = std::make_unique<PaneWatch>(loop_, [this] { loop_.notify(); });
}

// What was looked at between polls is only a part of what is watched.
void TmuxClient::watch_panes() {
  if (!panes_ || !std::exchange(terminals_are_news_, false)) return;
  for (auto& [name, terminal] : terminals_) terminal_of_[name] = terminal;
  std::erase_if(terminal_of_, [this](const auto& known) {
    return std::ranges::find(watched_, known.first) == watched_.end() ||
           std::ranges::find(absent_, known.first) != absent_.end();
  });
  panes_->watch({terminal_of_.begin(), terminal_of_.end()});
}

}  // namespace quotawatch::os
