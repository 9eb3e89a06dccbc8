// What a fleet's record means under the rules: which sessions are hits, fresh, late or charged, and how
// many of them count.
#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "sim/check/fleet_record.h"

namespace quotawatch::sim {
namespace {

// Two resets no further apart are one, read at different moments.
constexpr Milliseconds same_reset = std::chrono::minutes{2};

Answer worse(Answer a, Answer b) { return std::min(a, b); }

}  // namespace

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

Answer FleetRecord::went_on(const std::optional<WallTime>& since) const {
  Answer found = Answer::no;
  for (const auto& session : sessions_) {
    if (session.status != PaneCapture::Status::screen || !session.seen.message.empty()) continue;
    // Without ground truth, as in a recording, it is not known.
    Answer on = session.has_truth ? session.went_on : Answer::maybe;
    if (config_.switch_reaches == SwitchReach::restarted) {
      const bool sure = !accounts_doubtful_ && !active_unsure_;
      const bool reached = !since || (session.program_started && *session.program_started >= *since);
      if (sure && (session.account != active_ || !reached)) continue;
      if (!sure) on = worse(on, Answer::maybe);
    }
    found = std::max(found, on);
  }
  return found;
}

bool FleetRecord::shows_untaken(const JournalChecker::Done& last, WallTime wall) const {
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
    const bool names = std::chrono::abs(*session.seen.resets_at - *last.reset_at) <= same_reset;
    if (!names || session.again == Answer::maybe || is_refused_again(session)) return false;
    found = found || session.again == Answer::yes;
  }
  return found;
}

bool FleetRecord::may_show_untaken(const std::string& name, const JournalChecker::Done& last, WallTime wall) const {
  const auto found = index_.find(name);
  if (found == index_.end()) return false;
  const Session& session = sessions_[found->second];
  if (session.doubtful_message || session.seen.says == Verdict::unknown) return true;
  if (is_hit(session, wall, Leniency::none) == Answer::no || is_charged(session) == Answer::yes) return false;
  if (session.again == Answer::no) return false;
  const bool sure = session.seen.resets_at && last.reset_at && !last.reset_unknown && !is_refused_again(session);
  return !sure || std::chrono::abs(*session.seen.resets_at - *last.reset_at) <= same_reset;
}

// A10: stands long enough, and no other session of the pool on its account has gone on meanwhile.
Answer FleetRecord::is_lone(const Session& session, SteadyTime now) const {
  const Milliseconds least = config_.quota.lone_after;
  if (least == Milliseconds{0} || !session.pool) return Answer::no;
  // What such a screen says, and since when, is not known.
  if (session.seen.says == Verdict::unknown) return Answer::maybe;
  if (!session.seen.resets_at || !session.stands_early) return Answer::no;
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

bool FleetRecord::is_refused_in_record(const Session& session) {
  return session.testimony && session.testimony->says == Testimony::Says::refused;
}

// W2: the record knows that this turn was not refused. A turn of which nothing is written any more is none (W3).
bool FleetRecord::is_denied(const Session& session, WallTime wall) {
  if (!session.testimony) return false;
  const auto says = session.testimony->says;
  const WallTime at = session.testimony->at;
  if (says == Testimony::Says::fine) return true;
  // What is throttled may be asked for again by the program itself.
  if (session.seen.says == Verdict::throttled) return false;
  return says == Testimony::Says::under_way && wall >= at && wall < at + std::chrono::minutes{5};
}

// The same by the record: the turn was refused right after the reset that the record names.
bool FleetRecord::is_refused_late(const Session& session) {
  if (!is_refused_in_record(session) || !session.testimony->reset_at) return false;
  const auto late = session.testimony->at - *session.testimony->reset_at;
  return late >= Milliseconds{0} && late <= refusal_window;
}

// True if the server is late: the message appeared right after the reset that it names.
bool FleetRecord::is_refused_again(const Session& session) {
  if (!session.seen.resets_at || !session.seen_coming || session.doubtful_message) return false;
  const auto late = session.first_seen - *session.seen.resets_at;
  return late >= Milliseconds{0} && late <= refusal_window;
}

bool FleetRecord::was_refused_again(WallTime wall) const {
  return std::ranges::any_of(sessions_, [&](const Session& session) {
    const bool seen = session.touched && session.status == PaneCapture::Status::screen;
    if (!seen || session.seen.says != Verdict::exhausted || is_denied(session, wall)) return false;
    return is_refused_in_record(session) ? is_refused_late(session) : is_refused_again(session);
  });
}

// A time of day that has passed when first seen, or that is more than a day ahead, refers to
// another day.
Answer FleetRecord::is_expired(const Session& session, WallTime wall) {
  if (is_refused_in_record(session) && session.testimony->reset_at) {
    if (is_refused_late(session)) return Answer::no;
    if (session.doubtful_message || is_refused_again(session)) return Answer::maybe;
    return wall >= *session.testimony->reset_at ? Answer::yes : Answer::no;
  }
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
  if (is_denied(session, wall) && leniency != Leniency::record_denies_nothing) return Answer::no;
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
