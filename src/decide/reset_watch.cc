#include "quotawatch/reset_watch.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"

namespace quotawatch {
namespace {

// Ends of one session that are remembered as told. More than come within any time by
// which a clock is set back.
constexpr std::size_t most_told = 16;

// Two accounts that are limited until the same moment cannot be told apart by it.
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
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const Session& session) { return session.name == name; });
    sessions_.push_back(known == before.end() ? Session{name} : std::move(*known));
  }
  find_next();
  assert(is_consistent());
}

// The first end that is known is the next one, and none is known that was told.
bool ResetWatch::is_consistent() const {
  return std::ranges::all_of(sessions_, [this](const Session& session) {
    const bool was_told = session.ends_at && std::ranges::count(session.told, *session.ends_at) > 0;
    return !was_told && session.ends_at.value_or(WallTime::max()) >= next_;
  });
}

void ResetWatch::show(std::size_t session, const DatedVerdict& verdict) {
  assert(session < sessions_.size());
  assert(verdict.session == sessions_[session].name);
  if (verdict.verdict == Verdict::unknown) return;
  const auto end = verdict.retry_at ? verdict.retry_at : verdict.reset_at;
  const bool will_end = names_limit(verdict.verdict) && end && !verdict.expired;
  Session& shown = sessions_[session];
  if (!will_end && mutant("sessions that went on are told of an end")) return;
  if (!will_end) return remove(session);
  const bool told = std::find(shown.told.begin(), shown.told.end(), *end) != shown.told.end();
  if (told && !mutant("the end of a limit is told again")) return remove(session);
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
  if (mutant("nobody is told that a limit has ended")) ended.clear();
  return ended;
}

// Its text is told where all the sessions name the moment in the same words.
Event ResetWatch::take_next(WallTime now) {
  Event event = make_event(EventKind::reset, now);
  event.reset_at = next_;
  bool alike = true;
  for (auto& session : sessions_) {
    if (session.ends_at != next_) continue;
    if (event.sessions.empty()) event.reset_text = session.reset_text;
    alike = alike && event.reset_text == session.reset_text;
    event.sessions.push_back(session.name);
    note_told(session);
  }
  assert(!event.sessions.empty());
  if (!alike) event.reset_text.reset();
  find_next();
  return event;
}

void ResetWatch::note_told(Session& session) {
  assert(session.ends_at);
  if (session.told.size() == most_told) session.told.erase(session.told.begin());
  session.told.push_back(*std::exchange(session.ends_at, std::nullopt));
}

void ResetWatch::find_next() {
  next_ = WallTime::max();
  for (const auto& session : sessions_) {
    if (session.ends_at) next_ = std::min(next_, *session.ends_at);
  }
}

}  // namespace quotawatch
