#include "sim/check/resume_checker.h"

#include <algorithm>
#include <utility>

namespace quotawatch::sim {
namespace {

constexpr int most_attempts = 3;
constexpr Milliseconds own_waiting = std::chrono::minutes{5};

Milliseconds elapsed_at(Moment moment) { return moment.steady.time_since_epoch(); }

bool shows_limit(const Truth& truth) {
  return truth.says == Verdict::exhausted && truth.counts && !truth.hidden && !truth.message.empty();
}

// What stands behind the sign of the lowest prompt, read without any of the reader's code.
std::string draft_on(std::string_view screen) {
  std::string draft;
  while (!screen.empty()) {
    const auto end = std::min(screen.find('\n'), screen.size());
    std::string_view row = screen.substr(0, end);
    screen.remove_prefix(std::min(end + 1, screen.size()));
    for (const std::string_view sign : {"❯", "›", "│ >", " >"}) {
      if (!row.starts_with(sign)) continue;
      draft = row.substr(sign.size());
      std::erase_if(draft, [](char c) { return c == ' ' || c == '\xa0' || c == '\xc2'; });
      break;
    }
  }
  return draft;
}

}  // namespace

void ResumeChecker::violate(std::string_view invariant, Milliseconds at, const std::string& session,
                            std::string_view what) {
  violations_.push_back({"resume: " + std::string(invariant), at, session + ": " + std::string(what)});
}

// What kept the monitor from looking or typing excuses it.
void ResumeChecker::hinder() {
  look_by_.reset();
  expect_no_asking();
}

void ResumeChecker::expect_no_asking() {
  for (auto& [name, session] : sessions_) session.ask_by.reset();
}

// A8: a session that runs on the account in use already can show that it is limited too.
void ResumeChecker::take_verdict(const Event& event) {
  Session& session = sessions_[*event.session];
  session.charged_to = event.account.value_or("");
  session.limited_until = event.retry_at ? event.retry_at : event.reset_at;
  session.seen_at = event.at;
  if (shows_limit_of_active(session, event.at)) expect_no_asking();
}

// A limit without a reset time is believed once it was seen twice.
bool ResumeChecker::shows_limit_of_active(const Session& session, WallTime wall) const {
  if (session.charged_to.empty() || session.charged_to != active_) return false;
  const auto& rules = config_.quota;
  return wall < session.limited_until.value_or(session.seen_at + rules.unknown_reset + 2 * rules.poll_interval);
}

// Each stop has its own attempts: a switch, a reset and the operator make new ones of what stands there.
void ResumeChecker::begin_stops() {
  for (auto& [name, session] : sessions_) session.attempts = 0;
}

void ResumeChecker::captured(const TmuxCapture& capture, Moment began) {
  const Milliseconds at = elapsed_at(began);
  // By a clock that was set back, the account switched to may be limited again.
  if (began.wall < latest_wall_ && !config_.accounts.empty()) expect_no_asking();
  latest_wall_ = std::max(latest_wall_, began.wall);
  if (!capture.server_up || server_faulty_) hinder();
  if (look_by_ && at > *look_by_) violate("look", at, "all", "a switch was done, and nobody looked at the sessions");
  look_by_.reset();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Session& session = sessions_[names_[i]];
    if (session.judged_conversation != session.truth.conversation) session.seen_at = began.wall;
    if (capture.panes[i].status == PaneCapture::Status::absent) session.charged_to.clear();
    session.judged = capture.panes[i].text;
    session.judged_conversation = session.truth.conversation;
  }
  for (auto& [name, session] : sessions_) {
    if (!session.ask_by || at <= *session.ask_by) continue;
    violate("liveness", at, name, "is stopped, an account is free, and nobody has asked it to go on");
    session.ask_by.reset();
  }
}

void ResumeChecker::truth_set(const SetTruth& set, Moment /*now*/) {
  Session& session = sessions_[set.session];
  // What comes back is another stop, even with the same conversation.
  if (session.truth.conversation != set.truth.conversation || set.truth.hidden) session.attempts = 0;
  session.truth = set.truth;
  session.ask_by.reset();
}

// A kill may have come between the end of a switch and its line in the journal.
void ResumeChecker::loaded(const std::optional<State>& state, bool /*whole*/, Moment /*now*/) {
  in_flight_ = state && state->in_flight;
  begin_stops();
}

void ResumeChecker::killed(Moment /*now*/) {
  out_until_.reset();  // an account that was freed may be saved and not journalled
  hinder();
}

void ResumeChecker::performed(const Action& action, Moment /*now*/) {
  if (std::holds_alternative<StepClock>(action)) clock_stepped_ = true;
  if (const auto* server = std::get_if<SetServer>(&action)) server_faulty_ = server->mode != TmuxFault::Mode::up;
  const auto* witness = std::get_if<SetWitness>(&action);
  if (witness != nullptr) sessions_[witness->session].in_record = witness->says;
  const bool about_sessions =
      witness != nullptr || std::holds_alternative<ShowScreen>(action) || std::holds_alternative<SetTruth>(action);
  if (!about_sessions) hinder();
}

void ResumeChecker::expect_asking(Milliseconds done, WallTime wall) {
  const auto& rules = config_.resume;
  const Milliseconds turns = (rules.spacing + rules.settle + std::chrono::seconds{1}) * std::ssize(sessions_);
  look_by_ = done + rules.settle;
  const auto is_limited = [&](const auto& each) { return shows_limit_of_active(each.second, wall); };
  if (std::ranges::any_of(sessions_, is_limited)) return;
  for (auto& [name, session] : sessions_) {
    if (!shows_limit(session.truth) || session.truth.blocked) continue;
    if (session.in_record && session.in_record != Testimony::Says::refused) continue;  // not for certain (W2)
    // A program that a switch does not reach would only be refused again.
    if (config_.switch_reaches == SwitchReach::restarted && rules.way_of(name).how == ResumeHow::type) continue;
    session.ask_by = done + 2 * config_.quota.poll_interval + rules.patience + turns;
  }
}

void ResumeChecker::check_attempt(const JournalEntry& entry, Session& session) {
  const Event& event = entry.event;
  const int attempt = event.attempt.value_or(0);
  ++session.attempts;
  if (attempt < 1 || std::max(attempt, session.attempts) > most_attempts)
    violate("attempts", entry.offset, *event.session, "asked too often");
  const bool early = attempt > 1 && session.asked_at && entry.offset - *session.asked_at < config_.resume.patience;
  if (early) violate("patience", entry.offset, *event.session, "asked again before it could go on");
  session.asked_at = entry.offset;
  session.reason = event.reason.value_or("");
  session.unused = {"text", "Enter", "menu", "program"};
  session.answered.clear();
}

void ResumeChecker::journalled(const JournalEntry& entry) {
  const Event& event = entry.event;
  if (event.session && is_about_resuming(event.kind) && event.kind != EventKind::typed) {
    sessions_[*event.session].ask_by.reset();
    if (event.kind == EventKind::resume) check_attempt(entry, sessions_[*event.session]);
    return;
  }
  switch (event.kind) {
    case EventKind::switch_:
    case EventKind::switch_resumed:
      in_flight_ = true;
      hinder();
      break;
    case EventKind::switch_failed:
      in_flight_ = false;
      break;
    case EventKind::verdict:
      take_verdict(event);
      break;
    case EventKind::switch_done:
      in_flight_ = false;
      out_until_.reset();
      active_ = event.to.value_or("");
      begin_stops();
      if (config_.resume.any()) expect_asking(entry.offset, event.at);
      break;
    case EventKind::exhausted_everywhere:
      // It names when another account is free; the one in use may be so earlier.
      out_until_ = std::min(event.retry_at.value_or(WallTime::max()),
                            event.reset_at.value_or(event.at + config_.quota.unknown_reset));
      hinder();
      break;
    case EventKind::reset:
      out_until_.reset();
      begin_stops();
      break;
    case EventKind::account:
      out_until_.reset();
      begin_stops();
      hinder();
      break;
    default:
      break;
  }
}

void ResumeChecker::check_place(const Stroke& stroke, const PaneCapture& before, Moment now) {
  const Milliseconds at = elapsed_at(now);
  const auto wrong = [&](std::string_view invariant, std::string_view what) {
    violate(invariant, at, stroke.session, what);
  };
  const Session& session = sessions_[stroke.session];
  if (in_flight_) wrong("before the switch", "typed into while a switch was under way");
  if (session.reason != "operator" && out_until_ && now.wall < *out_until_ && !clock_stepped_) {
    wrong("no account", "typed into while no account was free");
  }
  if (before.in_mode) wrong("mode", "typed into while the pane was in a mode");
  if (before.at_shell || before.status != PaneCapture::Status::screen) wrong("program", "no agent ran there");
  if (before.client_used && now.wall >= *before.client_used && now.wall - *before.client_used < config_.resume.quiet) {
    wrong("person", "typed into while somebody used it");
  }
  const std::string draft = draft_on(without_suggestions(*before.text));
  std::string own = config_.resume.way_of(stroke.session).text;
  std::erase(own, ' ');
  if (stroke.text == "Enter" && !draft.empty() && draft != own) wrong("draft", "sent what somebody else had typed");
  if (stroke.kind != Stroke::Kind::text) return;
  if (!draft.empty()) wrong("draft", "typed into a draft");
  // Answering a menu changes what is shown.
  const bool moved =
      session.judged_conversation != session.truth.conversation && session.judged && *session.judged != *before.text;
  if (moved && session.answered.empty()) wrong("moved", "has gone on since it was judged");
  const auto& resets = session.truth.resets_at;
  const bool waits = before.text->find("ontinuing automatically at") != std::string::npos;
  if (waits && session.reason == "reset" && resets && !clock_stepped_ && now.wall < *resets + own_waiting) {
    wrong("own waiting", "would have gone on by itself");
  }
  if (last_text_ && last_text_->first != stroke.session && at - last_text_->second < config_.resume.spacing) {
    wrong("spacing", "typed into right after another session");
  }
  last_text_ = {stroke.session, at};
}

void ResumeChecker::typed(const Stroke& stroke, const PaneCapture& before, Moment now) {
  Session& session = sessions_[stroke.session];
  check_place(stroke, before, now);
  if (stroke.kind == Stroke::Kind::key && (stroke.text == "Up" || stroke.text == "Down")) return;
  const bool in_menu = stroke.kind == Stroke::Kind::key && before.text->find("Enter to confirm") != std::string::npos;
  if (in_menu && session.asked_at && session.answered.insert(*before.text).second) return;
  const bool enter = stroke.kind == Stroke::Kind::key && stroke.text == "Enter";
  const std::string kind = stroke.kind == Stroke::Kind::text  ? "text"
                           : enter                            ? "Enter"
                           : stroke.kind == Stroke::Kind::key ? "menu"
                                                              : "program";
  if (session.unused.erase(kind) == 0) {
    violate("one attempt", elapsed_at(now), stroke.session, "typed into twice for one attempt, or for none");
  }
}

}  // namespace quotawatch::sim
