#include "os/tmux/tmux_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
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

// One process takes half the CPU of a poll that is asked that way, and a question over the
// connection a tenth: these are as many as take no more than polls each 30 s.
constexpr Milliseconds process_interval{std::chrono::seconds{30}};
constexpr Milliseconds question_interval{std::chrono::seconds{3}};
constexpr int most_looks = 20;

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

}  // namespace

TmuxClient::TmuxClient(EventLoop& loop, Server server, Note note)
    : loop_(loop),
      server_(std::move(server)),
      note_(std::move(note)),
      process_(loop, server_.socket_name, server_.timeout),
      control_(loop, server_.socket_name,
               [this] {
                 sessions_changed_ = true;
                 if (panes_ && terminal_of_.size() < watched_.size()) loop_.notify();
               }),
      looks_by_process_(process_interval, most_looks),
      looks_connected_(question_interval, most_looks),
      next_look_(loop) {}

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
  terminal_of_.clear();
  changed_.clear();
  sessions_changed_ = false;
  if (panes_) panes_->watch({});
  if (panes_) panes_->take_quiet();
}

TmuxCapture TmuxClient::capture(const std::vector<std::string>& sessions) {
  if (loop_.stop_requested()) return interrupted_capture(sessions.size());
  if (sessions.empty()) return {};
  auto seen = control_.ready() ? capture_connected(sessions) : std::nullopt;
  const bool connected = seen.has_value();
  if (!connected) seen = Seen{process_.capture(sessions), process_.terminals()};
  answering_ = seen->capture.server_up;
  if (answering_) {
    if (!connected && may_connect()) connect();
    remember(sessions, *seen);
  } else if (!control_.connected()) {
    retry_at_.reset();  // which is why it ended
  }
  return std::move(seen->capture);
}

// What was looked at between polls is only a part of what is watched.
void TmuxClient::remember(const std::vector<std::string>& sessions, const Seen& seen) {
  if (sessions.size() >= watched_.size()) {
    watched_ = sessions;
    take_quiet();
    changed_.clear();
  }
  bool news = std::exchange(forgotten_, false);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (seen.capture.panes[i].status != PaneCapture::Status::absent) continue;
    news = terminal_of_.erase(sessions[i]) > 0 || news;
  }
  for (const auto& [name, terminal] : seen.terminals) {
    news = std::exchange(terminal_of_[name], terminal) != terminal || news;
  }
  if (news) watch_panes();
}

// Asked after the server has answered a process: it does not hang, and has nothing else to
// do at this moment. One without sessions would end now, and must not live on for ours; so
// there has to be one of those that were asked for.
bool TmuxClient::may_connect() const {
  if (control_.connected() || process_.terminals().empty()) return false;
  if (!server_.keep_connection.value_or(survives_connections(process_.version()))) return false;
  return !retry_at_ || read_system_clock().steady >= *retry_at_;
}

void TmuxClient::connect() {
  const TmuxControl::Answer answer = control_.connect(server_.timeout);
  listed_.clear();  // the numbers of another server, maybe
  if (answer.kind == TmuxControl::Answer::Kind::none) connection_failed(answer.why);
}

// Nothing where a process may do better.
std::optional<TmuxClient::Seen> TmuxClient::capture_connected(
    const std::vector<std::string>& sessions) {
  const auto some = sessions.size() < watched_.size() ? ask_for_some(sessions) : std::nullopt;
  const TmuxControl::Answer answer = some ? *some : ask_for_all(sessions);
  switch (answer.kind) {
    case TmuxControl::Answer::Kind::reply:
      break;
    case TmuxControl::Answer::Kind::none:
      connection_failed(answer.why);
      return std::nullopt;
    case TmuxControl::Answer::Kind::timed_out:
      return Seen{all_failed(sessions.size(), "timed out"), {}};
    case TmuxControl::Answer::Kind::interrupted:
      return Seen{interrupted_capture(sessions.size()), {}};
  }
  retry_at_.reset();
  return read(answer.reply, sessions);
}

std::vector<std::string> TmuxClient::ids_of(const std::vector<std::string>& sessions) const {
  std::set<std::string> ids;
  for (const auto& name : sessions) {
    if (const auto* session = find_session(listed_, name)) ids.insert(session->id);
  }
  return {ids.begin(), ids.end()};
}

// Asks until there is a screen of each session that is there. A name is looked up in the
// list that comes with the screens, all of one moment.
TmuxControl::Answer TmuxClient::ask_for_all(const std::vector<std::string>& sessions) {
  TmuxControl::Answer answer;
  for (int round = 0; round < most_rounds; ++round) {
    answer = control_.ask(ids_of(sessions), TmuxControlReader::Listed::all, server_.timeout);
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

// Of a few of many tmux lists only these. Nothing where one of them is not what it was.
std::optional<TmuxControl::Answer> TmuxClient::ask_for_some(
    const std::vector<std::string>& sessions) {
  const auto known = [](const std::vector<ListedSession>& listed) {
    return [&listed](const std::string& name) { return find_session(listed, name) != nullptr; };
  };
  if (!std::ranges::all_of(sessions, known(listed_))) return std::nullopt;
  auto answer =
      control_.ask(ids_of(sessions), TmuxControlReader::Listed::asked_for, server_.timeout);
  if (answer.kind != TmuxControl::Answer::Kind::reply) return answer;
  if (!std::ranges::all_of(sessions, known(answer.reply.sessions))) return std::nullopt;
  return answer;
}

TmuxClient::Seen TmuxClient::read(const TmuxReply& reply,
                                  const std::vector<std::string>& sessions) {
  Seen seen;
  std::vector<PaneCapture> panes;
  panes.reserve(sessions.size());
  for (const auto& name : sessions) {
    const auto* session = find_session(reply.sessions, name);
    if (session == nullptr) {
      panes.emplace_back();
      continue;
    }
    seen.terminals.emplace_back(name, session->terminal);
    const auto screen = reply.screens.find(session->id);
    if (session->ended) {
      panes.push_back(ended_pane(session->pane));
    } else if (screen != reply.screens.end()) {
      panes.push_back(read_screen(screen->second, session->columns, session->rows, session->pane));
    } else {
      panes.push_back({PaneCapture::Status::failed, nullptr, 0, 0, "tmux gives no screen"});
    }
  }
  seen.capture.panes = std::move(panes);
  return seen;
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
  take_quiet();
  if (std::exchange(sessions_changed_, false)) {
    std::ranges::copy_if(watched_, std::inserter(changed_, changed_.end()),
                         [this](const auto& name) { return !terminal_of_.contains(name); });
  }
  if (!answering_) changed_.clear();  // a server that hangs or is gone is for the polls
  if (changed_.empty() || !may_look()) return {};
  const auto changed = std::exchange(changed_, {});
  return {changed.begin(), changed.end()};
}

// The terminal of one that is quiet may be gone, and another have come under the same name:
// so it is watched anew once it has been seen again, and forgotten where it is no more.
void TmuxClient::take_quiet() {
  if (!panes_) return;
  for (auto& name : panes_->take_quiet()) {
    terminal_of_.erase(name);
    forgotten_ = true;
    changed_.insert(std::move(name));
  }
}

bool TmuxClient::may_look() {
  LookBudget& looks = control_.ready() ? looks_connected_ : looks_by_process_;
  const SteadyTime now = read_system_clock().steady;
  if (looks.take(now)) return true;
  next_look_.start_once(looks.wait(now), [this] { loop_.notify(); });
  return false;
}

void TmuxClient::watch_changes() {
  panes_ = std::make_unique<PaneWatch>(loop_, [this] { loop_.notify(); });
  watch_panes();
}

void TmuxClient::watch_panes() {
  if (panes_) panes_->watch({terminal_of_.begin(), terminal_of_.end()});
}

}  // namespace quotawatch::os
