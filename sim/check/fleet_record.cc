#include "sim/check/fleet_record.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

namespace quotawatch::sim {
namespace {

// How long a server may keep refusing requests after the reset that it named.
constexpr Milliseconds refusal_window = std::chrono::minutes{5};

// The conversation of a session that was seen, but whose content is uncertain.
constexpr const char* unclear = "?";

Answer worse(Answer a, Answer b) { return std::min(a, b); }

}  // namespace

FleetRecord::FleetRecord(const Config& config) : config_(config) {
  for (auto& [name, pool] : watched_sessions(config)) {
    index_.emplace(name, sessions_.size());
    names_.push_back(std::move(name));
    sessions_.emplace_back().pool = pool;
  }
}

void FleetRecord::set_truth(const std::string& name, const Truth& truth) {
  const auto found = index_.find(name);
  if (found == index_.end()) return;
  Session& session = sessions_[found->second];
  int& blocked = session.pool ? blocked_pool_ : blocked_interactive_;
  blocked += static_cast<int>(truth.blocked) - static_cast<int>(session.truth.blocked);
  assert(blocked >= 0);
  session.has_truth = true;
  session.truth = truth;
  changed_ = true;
}

bool FleetRecord::truly_blocked() const {
  return blocked_pool_ >= config_.quota.pool_threshold || blocked_interactive_ >= config_.quota.interactive_threshold;
}

void FleetRecord::captured(const std::vector<PaneCapture>& panes, const std::string& under_way, Moment now) {
  assert(panes.size() == sessions_.size());
  if (!changed_ && std::ranges::equal(panes, last_, shows_same)) {
    capture_differs_ = false;
    for (auto& session : sessions_) {
      session.touched = false;
      if (session.status == PaneCapture::Status::screen) session.last_look = now.steady;
    }
    return;
  }
  capture_differs_ = true;
  last_ = panes;
  changed_ = false;
  messages_ = 0;
  failed_ = 0;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    Session& session = sessions_[i];
    session.status = panes[i].status;
    session.same_pane = !panes[i].pane.empty() && !ids.insert(panes[i].pane).second;
    failed_ += session.status == PaneCapture::Status::failed ? 1U : 0U;
    session.touched = false;
    if (session.status == PaneCapture::Status::screen) look(session, under_way, now);
    if (!session.message.empty() || session.doubtful_message) ++messages_;
  }
}

// Updates one session's record as A3 describes: which message it has shown without a break, and
// since when.
void FleetRecord::look(Session& session, const std::string& under_way, Moment now) {
  const Truth& truth = session.truth;
  const auto before_that = std::exchange(session.last_look, now.steady);
  assert(!before_that || *before_that <= now.steady);
  if (!session.has_truth) knows_truth_ = false;
  const std::string before = session.was_seen ? session.seen.conversation : unclear;
  session.was_seen = true;
  session.seen = truth;
  if (truth.says == Verdict::unknown) {
    session.seen.conversation = unclear;
    session.doubtful_message = true;
    if (session.at_request) session.at_request = unclear;
    if (session.at_switch) session.at_switch = unclear;
    return;
  }
  if (truth.hidden) return;
  for (auto* shown : {&session.at_request, &session.at_switch}) {
    const std::string& known = *shown == unclear ? before : shown->value_or(truth.conversation);
    if (known != unclear && known != truth.conversation) shown->reset();
  }
  if (truth.message.empty()) {
    session.message.clear();
    session.doubtful_message = false;
  } else if (truth.message != session.message || truth.conversation != session.conversation) {
    if (before != unclear) session.doubtful_message = false;
    session.message = truth.message;
    session.conversation = truth.conversation;
    session.first_seen = now.wall;
    session.during = under_way;
    session.seen_coming = before_that && now.steady - *before_that <= refusal_window;
    session.touched = true;
  }
}

// The conversation that would reappear if the session's program were restarted now.
std::optional<std::string> FleetRecord::conversation_of(const Session& session) {
  const bool visible = session.status != PaneCapture::Status::absent && session.was_seen && !session.seen.hidden;
  if (visible) return session.seen.conversation;
  if (session.message.empty()) return std::nullopt;
  return session.doubtful_message ? unclear : session.conversation;
}

void FleetRecord::switched_by_hand(bool before_kill) {
  for (auto& session : sessions_) {
    session.at_switch = before_kill ? session.at_kill : conversation_of(session);
  }
}

void FleetRecord::switch_asked() {
  for (auto& session : sessions_) session.at_request = conversation_of(session);
}

void FleetRecord::switch_ended(bool done) {
  for (auto& session : sessions_) {
    if (!done) {
      session.at_request.reset();
      continue;
    }
    session.at_switch = std::exchange(session.at_request, std::nullopt);
  }
}

void FleetRecord::killed(bool while_polling) {
  for (auto& session : sessions_) {
    session.at_kill = conversation_of(session);
    session.was_seen = false;
    session.last_look.reset();
    // What the interrupted poll saw may not have been saved.
    if (while_polling && session.touched) session.doubtful_message = true;
  }
  last_ = {};
  changed_ = true;
}

void FleetRecord::switch_was_asked_before_kill() {
  for (auto& session : sessions_) session.at_request = session.at_kill;
}

void FleetRecord::doubt_all() {
  for (auto& session : sessions_) {
    session.doubtful_message = true;
    session.at_request = unclear;
    session.at_switch = unclear;
  }
}

// True if the server is late: the message appeared right after the reset that it names.
bool FleetRecord::is_refused_again(const Session& session) {
  if (!session.seen.resets_at || !session.seen_coming || session.doubtful_message) return false;
  const auto late = session.first_seen - *session.seen.resets_at;
  return late >= Milliseconds{0} && late <= refusal_window;
}

std::optional<std::string> FleetRecord::misjudged(const std::map<std::string, std::string>& verdicts,
                                                  WallTime wall) const {
  if (!capture_differs_ || !knows_truth_) return std::nullopt;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    const Session& session = sessions_[i];
    if (session.status != PaneCapture::Status::screen) continue;
    const auto verdict = verdicts.find(names_[i]);
    const bool said = verdict != verdicts.end() && verdict->second == "exhausted";
    const Verdict says = session.seen.says;
    if (says == Verdict::clear && said) return names_[i];
    if (says != Verdict::exhausted) continue;
    const Answer hit = is_hit(session, wall, Leniency::none);
    if ((hit == Answer::yes && !said) || (hit == Answer::no && said)) return names_[i];
  }
  return std::nullopt;
}

bool FleetRecord::was_refused_again() const {
  return std::ranges::any_of(sessions_, [](const Session& session) {
    return session.touched && session.status == PaneCapture::Status::screen &&
           session.seen.says == Verdict::exhausted && is_refused_again(session);
  });
}

// A time of day that has passed when first seen, or that is more than a day ahead, refers to
// another day.
Answer FleetRecord::is_expired(const Session& session, WallTime wall) {
  if (!session.seen.resets_at || is_refused_again(session)) return Answer::no;
  const auto ahead = *session.seen.resets_at - session.first_seen;
  constexpr Milliseconds longest = std::chrono::hours{5};
  constexpr Milliseconds day = std::chrono::hours{22};
  const bool clear_day = ahead > Milliseconds{0} && (ahead <= longest || ahead >= day);
  if (session.doubtful_message || !clear_day) return Answer::maybe;
  return wall >= *session.seen.resets_at ? Answer::yes : Answer::no;
}

Answer FleetRecord::is_hit(const Session& session, WallTime wall, Leniency leniency) const {
  const bool failed =
      session.status == PaneCapture::Status::failed && leniency == Leniency::failed_shows_last && session.was_seen;
  if (session.status != PaneCapture::Status::screen && !failed) return Answer::no;
  if (session.same_pane) return Answer::no;
  const Truth& seen = session.seen;
  if (seen.says == Verdict::unknown) return Answer::maybe;
  const bool error =
      leniency == Leniency::error_is_no_veto && seen.says == Verdict::server_error && !seen.message.empty();
  const bool counts = error || (seen.counts && (seen.says == Verdict::exhausted ||
                                                (seen.says == Verdict::throttled && config_.quota.count_throttled)));
  if (!counts) return Answer::no;
  switch (is_expired(session, wall)) {
    case Answer::yes:
      return Answer::no;
    case Answer::maybe:
      return Answer::maybe;
    default:
      return Answer::yes;
  }
}

Answer FleetRecord::is_fresh(const Session& session, const std::optional<JournalChecker::Done>& last) {
  if (session.at_switch == unclear) return Answer::maybe;
  if (!last) return Answer::yes;
  if (session.at_switch) return Answer::no;
  const auto& resets_at = session.seen.resets_at;
  const bool during = session.during == last->id || session.doubtful_message;
  if (resets_at && last->reset_unknown && during) return Answer::maybe;
  const bool late = resets_at && resets_at == last->reset_at;
  // A message first seen after its own reset is taken to mean the next day.
  const bool clear_day = late && (session.first_seen < *resets_at || is_refused_again(session));
  if (late && (session.doubtful_message || !clear_day)) return Answer::maybe;
  if (late && session.during == last->id) return Answer::no;
  return Answer::yes;
}

bool FleetRecord::is_late(const std::string& name, const std::optional<JournalChecker::Done>& last) const {
  const auto found = index_.find(name);
  if (found == index_.end()) return false;
  const Session& session = sessions_[found->second];
  return !session.at_switch && is_fresh(session, last) == Answer::no;
}

FleetCount FleetRecord::count(const std::optional<JournalChecker::Done>& last, WallTime wall, Leniency leniency) const {
  FleetCount count;
  for (const auto& session : sessions_) {
    const Answer hit = is_hit(session, wall, leniency);
    if (hit == Answer::no) continue;
    HitCount& group = session.pool ? count.pool : count.interactive;
    group.surely += hit == Answer::yes ? 1 : 0;
    ++group.possibly;
    const Answer fresh = leniency == Leniency::stale_is_fresh ? Answer::yes : is_fresh(session, last);
    group.fresh = std::max(group.fresh, worse(hit, fresh));
    count.blocked = count.blocked || session.truth.blocked;
  }
  assert(count.pool.surely <= count.pool.possibly);
  assert(count.interactive.surely <= count.interactive.possibly);
  return count;
}

FleetRecord::Reset FleetRecord::latest_reset(const std::optional<JournalChecker::Done>& last, WallTime wall) const {
  Reset latest;
  for (const auto& session : sessions_) {
    const Answer hit = worse(is_hit(session, wall, Leniency::none), is_fresh(session, last));
    if (hit == Answer::maybe || (hit == Answer::yes && session.doubtful_message)) {
      latest.sure = false;
    }
    if (hit != Answer::yes || !session.seen.resets_at) continue;
    if (!latest.at || *session.seen.resets_at > *latest.at) latest.at = session.seen.resets_at;
  }
  return latest;
}

}  // namespace quotawatch::sim
