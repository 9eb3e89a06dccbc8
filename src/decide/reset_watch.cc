#include "quotawatch/reset_watch.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"

namespace quotawatch {
namespace {

// How many reported ends are remembered per session: more than can occur within any time by which a
// clock is set back.
constexpr std::size_t most_reported = 16;

// Sessions that come and go are named differently each time, maybe.
constexpr std::size_t most_gone = 1000;

// Two accounts limited until the same moment cannot be distinguished by it.
std::optional<std::string> limited_account(const State& state, WallTime until) {
  std::optional<std::string> found;
  for (const auto& [account, limited_until] : state.limited_until) {
    if (limited_until != until || account.empty()) continue;
    if (found) return std::nullopt;
    found = account;
  }
  return found;
}

}  // namespace

void ResetWatch::watch(const std::vector<std::string>& sessions) {
  auto before = std::exchange(sessions_, {});
  sessions_.reserve(sessions.size());
  for (const auto& name : sessions) {
    const auto known =
        std::find_if(before.begin(), before.end(), [&](const Session& session) { return session.name == name; });
    sessions_.push_back(known == before.end() ? Session{name} : std::exchange(*known, {}));
    const auto gone = gone_.find(name);
    if (known == before.end() && gone != gone_.end()) sessions_.back().reported = std::move(gone->second);
    gone_.erase(name);
  }
  for (auto& session : before) {
    if (!session.reported.empty()) gone_.insert_or_assign(session.name, std::move(session.reported));
  }
  while (gone_.size() > most_gone) gone_.erase(gone_.begin());
  find_next();
  assert(is_consistent());
}

// The first known end is the next one, and no known end was already reported.
bool ResetWatch::is_consistent() const {
  return std::ranges::all_of(sessions_, [this](const Session& session) {
    const bool was_reported = session.ends_at && std::ranges::count(session.reported, *session.ends_at) > 0;
    return !was_reported && session.ends_at.value_or(WallTime::max()) >= next_;
  });
}

void ResetWatch::show(std::size_t session, const DatedVerdict& verdict) {
  assert(session < sessions_.size());
  assert(verdict.session == sessions_[session].name);
  if (verdict.verdict == Verdict::unknown) return;
  const auto end = verdict.retry_at ? verdict.retry_at : verdict.reset_at;
  const bool will_end = names_limit(verdict.verdict) && end && !verdict.expired;
  Session& shown = sessions_[session];
  if (!will_end && mutant("the limit of a session that went on ends")) return;
  if (!will_end) return remove(session);
  const bool is_reported = std::find(shown.reported.begin(), shown.reported.end(), *end) != shown.reported.end();
  if (is_reported && !mutant("the end of a limit is reported again")) return remove(session);
  shown.ends_at = end;
  shown.reset_text = verdict.reset_text;
  find_next();
  assert(is_consistent());
}

void ResetWatch::remove(std::size_t session) {
  assert(session < sessions_.size());
  if (!sessions_[session].ends_at) return;
  sessions_[session].ends_at.reset();
  find_next();
}

std::vector<Event> ResetWatch::take_ended(WallTime now, const State& state) {
  std::vector<Event> ended;
  while (next_ <= now && next_ != WallTime::max()) {
    ended.push_back(take_next(now));
    ended.back().account = limited_account(state, *ended.back().reset_at);
  }
  assert(is_consistent());
  if (mutant("the end of a limit is not reported")) ended.clear();
  return ended;
}

// The reset's text is included if all the sessions word it identically.
Event ResetWatch::take_next(WallTime now) {
  Event event = make_event(EventKind::reset, now);
  event.reset_at = next_;
  bool alike = true;
  for (auto& session : sessions_) {
    if (session.ends_at != next_) continue;
    if (event.sessions.empty()) event.reset_text = session.reset_text;
    alike = alike && event.reset_text == session.reset_text;
    event.sessions.push_back(session.name);
    note_reported(session);
  }
  assert(!event.sessions.empty());
  if (!alike) event.reset_text.reset();
  find_next();
  return event;
}

void ResetWatch::note_reported(Session& session) {
  assert(session.ends_at);
  if (session.reported.size() == most_reported) session.reported.erase(session.reported.begin());
  session.reported.push_back(*std::exchange(session.ends_at, std::nullopt));
}

void ResetWatch::find_next() {
  next_ = WallTime::max();
  for (const auto& session : sessions_) {
    if (session.ends_at) next_ = std::min(next_, *session.ends_at);
  }
}

}  // namespace quotawatch
