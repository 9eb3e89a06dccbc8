#include "sim/check/fleet_record.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

namespace quotawatch::sim {
namespace {

// What screen and record say together: a turn that was refused, whatever the screen makes of it (W1).
Truth with_record(Truth truth, const std::optional<Testimony>& testimony) {
  if (!testimony || testimony->says != Testimony::Says::refused || truth.says == Verdict::unknown) return truth;
  if (truth.says != Verdict::exhausted || !truth.counts) truth.resets_at.reset();
  truth.says = Verdict::exhausted;
  truth.counts = true;
  if (truth.message.empty()) truth.message = "refused";
  if (testimony->reset_at) truth.resets_at = testimony->reset_at;
  return truth;
}

}  // namespace

FleetRecord::FleetRecord(const Config& config) : config_(config) {
  for (auto& [name, pool, pack] : watched_sessions(config)) {
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
  note_active(journal);
  captured_at_ = now.steady;
  if (!changed_ && std::ranges::equal(panes, last_, shows_same)) {
    capture_differs_ = false;
    for (auto& session : sessions_) {
      session.touched = false;
      session.went_on = Answer::no;
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
    session.testimony = panes[i].testimony;
    note_program(session, panes[i], journal);
    const Truth before = session.seen;
    const bool was_seen = session.was_seen;
    if (session.status == PaneCapture::Status::screen) look(session, under_way, now);
    note_progress(session, panes[i], before, was_seen, now);
    note_standing(session, now);
    if (!session.message.empty() || session.doubtful_message) ++messages_;
  }
}

// Updates one session's record as A3 describes: which message it has shown without a break, and
// since when.
void FleetRecord::look(Session& session, const std::string& under_way, Moment now) {
  Truth truth = with_record(session.truth, session.testimony);
  // The record's last word, and so the message, is the same for as long as its time is.
  const auto refused_at = is_refused_in_record(session) ? std::optional(session.testimony->at) : std::nullopt;
  const bool same_refusal = refused_at && refused_at == session.refused_at;
  if (same_refusal) truth.conversation = session.conversation;
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
  if (truth.hidden && !refused_at) return;
  for (auto* shown : {&session.at_request, &session.at_switch}) {
    if (truth.hidden) break;
    const std::string& known = *shown == unclear ? before : shown->value_or(truth.conversation);
    if (known != unclear && known != truth.conversation) shown->reset();
  }
  const bool same_words = truth.message == session.message && truth.conversation == session.conversation;
  const bool same = same_refusal || (same_words && !(refused_at && session.refused_at));
  if (truth.message.empty()) {
    session.message.clear();
    session.refused_at.reset();
    session.doubtful_message = false;
  } else if (same) {
    if (refused_at) session.refused_at = refused_at;
  } else {
    if (before != unclear) session.doubtful_message = false;
    session.refused_at = refused_at;
    // The record may have come long after the screen.
    for (auto* shown : {&session.at_request, &session.at_switch}) {
      if (refused_at && *shown == truth.conversation) *shown = unclear;
    }
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

void FleetRecord::note_active(const JournalChecker& journal) {
  active_ = journal.active_account();
  active_unsure_ = journal.is_active_unsure();
}

// What was captured may itself have proved that another account is in use.
void FleetRecord::note_charges(const JournalChecker& journal, WallTime wall) {
  note_active(journal);
  for (auto& session : sessions_) note_charge(session, journal, wall);
}

void FleetRecord::note_charge(Session& session, const JournalChecker& journal, WallTime wall) const {
  if (config_.switch_reaches == SwitchReach::running || session.status != PaneCapture::Status::screen) return;
  if (session.program_started) session.account = journal.active_at(*session.program_started);
  if (!session.charged_to.empty() || session.message.empty() || session.account == active_) return;
  const Answer hit = is_hit(session, wall, Leniency::none);
  if (hit == Answer::yes) session.charged_to = session.account;
  if (hit == Answer::maybe || session.doubtful_message) session.charge_doubtful = true;
  // A9: a straggler of the account left that is started again shows whether the switch took.
  const auto& last = journal.last_done();
  const bool left = last && last->from == session.account && hit != Answer::no;
  if (left) session.stood = std::max(session.stood, is_charged(session));
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
    const bool agrees = !session.testimony || session.testimony->says == Testimony::Says::fine ||
                        session.testimony->says == Testimony::Says::under_way;
    const bool answered =
        whole && clear && agrees && !before.message.empty() && truth.message.empty() && truth.answered;
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
  const bool hidden = session.seen.hidden && !is_refused_in_record(session);
  if (!seen || hidden || session.message.empty()) {
    session.stands_early.reset();
    session.stands_late.reset();
    return;
  }
  if (!session.stands_early) session.stands_early = now.steady;
  if (!session.stands_late) session.stands_late = now.steady;
}

void FleetRecord::charge(const std::vector<std::string>& sessions, const std::string& account) {
  for (const auto& name : sessions) {
    const auto found = index_.find(name);
    if (found != index_.end()) sessions_[found->second].charged_to = account;
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

}  // namespace quotawatch::sim
