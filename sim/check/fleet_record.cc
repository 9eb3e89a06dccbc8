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

void FleetRecord::captured(const std::vector<PaneCapture>& panes, const std::string& under_way,
                           const JournalChecker& journal, Moment now) {
  assert(panes.size() == sessions_.size());
  active_ = journal.active_account();
  active_unsure_ = journal.is_active_unsure();
  captured_at_ = now.steady;
  if (!changed_ && std::ranges::equal(panes, last_, shows_same)) {
    capture_differs_ = false;
    for (auto& session : sessions_) {
      session.touched = false;
      session.went_on = Answer::no;
      if (session.status == PaneCapture::Status::screen) session.last_look = now.steady;
      note_charge(session, journal, now.wall);
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
    note_program(session, panes[i], journal);
    const Truth before = session.seen;
    const bool was_seen = session.was_seen;
    if (session.status == PaneCapture::Status::screen) look(session, under_way, now);
    note_progress(session, panes[i], before, was_seen, now);
    note_standing(session, now);
    note_charge(session, journal, now.wall);
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
    session.charged_to.clear();
    session.charge_doubtful = false;
    session.again = session.stood;
    if (!under_way.empty()) session.stood = std::max(session.stood, Answer::maybe);
    session.stands_early.reset();
    session.stands_late.reset();
  }
}

// A program is known by its start; which account was in use then, the switches say (A8).
void FleetRecord::note_program(Session& session, const PaneCapture& pane, const JournalChecker& journal) const {
  if (config_.switch_reaches == SwitchReach::running) {
    session.account = active_;
    return;
  }
  if (pane.status == PaneCapture::Status::failed) return;
  session.program_started = pane.program_started;
  if (session.program_started) session.account = journal.active_at(*session.program_started);
}

void FleetRecord::note_charge(Session& session, const JournalChecker& journal, WallTime wall) const {
  if (config_.switch_reaches == SwitchReach::running || session.status != PaneCapture::Status::screen) return;
  if (session.program_started) session.account = journal.active_at(*session.program_started);
  if (!session.charged_to.empty() || session.message.empty() || session.account == active_) return;
  const Answer hit = is_hit(session, wall, Leniency::none);
  if (hit == Answer::yes) session.charged_to = session.account;
  if (hit == Answer::maybe || session.doubtful_message) session.charge_doubtful = true;
}

// The limit of another account says nothing of the one in use.
Answer FleetRecord::is_charged(const Session& session) const {
  const bool restarted = config_.switch_reaches == SwitchReach::restarted;
  if (restarted && (accounts_doubtful_ || active_unsure_ || session.charge_doubtful)) return Answer::maybe;
  if (session.charged_to.empty()) return session.charge_doubtful ? Answer::maybe : Answer::no;
  if (counts_again_ == session.charged_to) return surely_again_ ? Answer::no : Answer::maybe;
  return session.doubtful_message ? Answer::maybe : Answer::yes;
}

Answer FleetRecord::shares_account(const Session& a, const Session& b) const {
  if (config_.switch_reaches == SwitchReach::running) return Answer::yes;
  if (accounts_doubtful_ || active_unsure_) return Answer::maybe;
  return a.account == b.account ? Answer::yes : Answer::no;
}

// Between two captures: certainly if a limit gave way to an answer, certainly not if the
// conversation is the same or has only been asked something.
void FleetRecord::note_progress(Session& session, const PaneCapture& pane, const Truth& before, bool was_seen,
                                Moment now) {
  session.went_on = Answer::no;
  if (pane.status == PaneCapture::Status::failed) return;
  if (pane.status != PaneCapture::Status::screen) {
    session.text.clear();
    session.active_surely.reset();
    session.active_possibly.reset();
    return;
  }
  const bool first = !session.active_possibly;
  const std::string text = std::exchange(session.text, *pane.text);
  const Truth& truth = session.truth;
  if (first) {
    session.active_surely = session.active_possibly = now.steady;
  } else if (text != session.text && !truth.asked) {
    const bool whole = was_seen && !before.hidden && before.says != Verdict::unknown && before.conversation != unclear;
    const bool clear = !truth.hidden && truth.says != Verdict::unknown;
    const bool same = whole && clear && before.conversation == truth.conversation;
    const bool answered = whole && clear && !before.message.empty() && truth.message.empty() && truth.answered;
    if (!same) session.went_on = answered ? Answer::yes : Answer::maybe;
  }
  if (session.went_on == Answer::yes) session.active_surely = now.steady;
  if (session.went_on != Answer::no) session.active_possibly = now.steady;
}

void FleetRecord::note_standing(Session& session, Moment now) {
  if (session.status == PaneCapture::Status::failed) return;
  const bool seen = session.status == PaneCapture::Status::screen;
  if (seen && session.seen.says == Verdict::unknown) {
    session.stands_late.reset();
    return;
  }
  if (!seen || session.seen.hidden || session.message.empty()) {
    session.stands_early.reset();
    session.stands_late.reset();
    return;
  }
  if (!session.stands_early) session.stands_early = now.steady;
  if (!session.stands_late) session.stands_late = now.steady;
}

Answer FleetRecord::went_on() const {
  Answer found = Answer::no;
  for (const auto& session : sessions_) {
    if (session.status != PaneCapture::Status::screen || !session.seen.message.empty()) continue;
    Answer on = session.went_on;
    if (config_.switch_reaches == SwitchReach::restarted) {
      const bool sure = !accounts_doubtful_ && !active_unsure_;
      if (sure && session.account != active_) continue;
      if (!sure) on = worse(on, Answer::maybe);
    }
    found = std::max(found, on);
  }
  return found;
}

void FleetRecord::charge(const std::vector<std::string>& sessions, const std::string& account) {
  for (const auto& name : sessions) {
    const auto found = index_.find(name);
    if (found != index_.end()) sessions_[found->second].charged_to = account;
  }
}

bool FleetRecord::shows_untaken(const JournalChecker::Done& last, WallTime wall) const {
  constexpr Milliseconds close = std::chrono::minutes{2};
  if (!last.reset_at || last.reset_unknown || wall >= *last.reset_at) return false;
  bool found = false;
  for (const auto& session : sessions_) {
    const Answer hit = is_hit(session, wall, Leniency::none);
    const Answer fresh = is_fresh(session, last);
    const Answer charged = is_charged(session);
    if (hit == Answer::no || fresh == Answer::no || charged == Answer::yes) continue;
    const bool sure = hit == Answer::yes && fresh == Answer::yes && charged == Answer::no && !session.doubtful_message;
    if (!sure) return false;
    if (!session.seen.resets_at) continue;
    const bool names = std::chrono::abs(*session.seen.resets_at - *last.reset_at) <= close;
    if (!names || session.again != Answer::yes || is_refused_again(session)) return false;
    found = true;
  }
  return found;
}

// A10: stands long enough, and no other session of the pool on its account has gone on meanwhile.
Answer FleetRecord::is_lone(const Session& session, SteadyTime now) const {
  const Milliseconds least = config_.quota.lone_after;
  if (least == Milliseconds{0} || !session.pool || !session.seen.resets_at || !session.stands_early) return Answer::no;
  SteadyTime early = *session.stands_early;
  SteadyTime late = session.stands_late.value_or(now);
  for (const auto& other : sessions_) {
    if (&other == &session || !other.pool || other.same_pane) continue;
    const Answer shares = shares_account(session, other);
    if (shares == Answer::no) continue;
    if (other.status == PaneCapture::Status::failed) {
      if (shares == Answer::yes) return Answer::no;
      late = now;
    }
    if (other.status != PaneCapture::Status::screen) continue;
    if (shares == Answer::yes && other.active_surely) early = std::max(early, *other.active_surely);
    if (other.active_possibly) late = std::max(late, *other.active_possibly);
  }
  if (now - late >= least) return Answer::yes;
  return now - early >= least ? Answer::maybe : Answer::no;
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
    session.stood = session.message.empty() ? Answer::no : Answer::maybe;
    session.again = Answer::no;
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
    // What was shown at the request, and has not been seen to change since.
    const bool stands = session.at_request && !session.message.empty();
    const bool seen = session.status == PaneCapture::Status::screen && session.was_seen && !session.seen.hidden;
    const bool sure = seen && !session.doubtful_message && session.at_request != unclear;
    session.stood = !stands ? Answer::no : sure ? Answer::yes : Answer::maybe;
    session.again = Answer::no;
    session.at_switch = std::exchange(session.at_request, std::nullopt);
  }
}

void FleetRecord::killed(bool while_polling) {
  for (auto& session : sessions_) {
    session.at_kill = conversation_of(session);
    session.was_seen = false;
    session.last_look.reset();
    // What it showed meanwhile, and when, the saved state may not tell.
    if (session.stood == Answer::yes) session.stood = Answer::maybe;
    if (session.again == Answer::yes) session.again = Answer::maybe;
    session.text.clear();
    session.active_surely.reset();
    session.active_possibly.reset();
    session.stands_early.reset();
    session.stands_late.reset();
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
    session.stood = Answer::maybe;
    session.again = Answer::maybe;
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
    Answer hit = is_hit(session, wall, leniency);
    const Answer charged = is_charged(session);
    if (charged == Answer::yes) hit = Answer::no;
    if (charged == Answer::maybe) hit = worse(hit, Answer::maybe);
    if (hit == Answer::no) continue;
    HitCount& group = session.pool ? count.pool : count.interactive;
    group.surely += hit == Answer::yes ? 1 : 0;
    ++group.possibly;
    const Answer fresh = leniency == Leniency::stale_is_fresh ? Answer::yes : is_fresh(session, last);
    group.fresh = std::max(group.fresh, worse(hit, fresh));
    count.lone = std::max(count.lone, worse(worse(hit, fresh), is_lone(session, captured_at_)));
    count.blocked = count.blocked || session.truth.blocked;
  }
  assert(count.pool.surely <= count.pool.possibly);
  assert(count.interactive.surely <= count.interactive.possibly);
  return count;
}

FleetRecord::Reset FleetRecord::latest_reset(const std::optional<JournalChecker::Done>& last, WallTime wall) const {
  Reset latest;
  for (const auto& session : sessions_) {
    Answer hit = worse(is_hit(session, wall, Leniency::none), is_fresh(session, last));
    const Answer charged = is_charged(session);
    if (charged == Answer::yes) hit = Answer::no;
    if (charged == Answer::maybe) hit = worse(hit, Answer::maybe);
    if (hit == Answer::maybe || (hit == Answer::yes && session.doubtful_message)) {
      latest.sure = false;
    }
    if (hit != Answer::yes || !session.seen.resets_at) continue;
    if (!latest.at || *session.seen.resets_at > *latest.at) latest.at = session.seen.resets_at;
  }
  return latest;
}

}  // namespace quotawatch::sim
