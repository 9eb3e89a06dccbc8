// Stopped sessions are asked to go on: one at a time, on a capture made just before, and never
// where anything stands in the way. Who is due is decided in src/decide/resume.cc.
#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include "base/mutant.h"
#include "base/text.h"
#include "monitor/group.h"

namespace quotawatch {
namespace {

// A program that reads a text and Enter at once may take both for a paste.
constexpr Milliseconds before_enter{300};

// More than any menu or row of menus takes.
constexpr int most_menu_keys = 12;

// What a program's box shows of a text depends on its width.
std::string without_spaces(std::string_view text) {
  std::string all;
  for (const char c : text) {
    if (c != ' ') all += c;
  }
  return all;
}

bool is_same_text(std::string_view a, std::string_view b) { return without_spaces(a) == without_spaces(b); }

}  // namespace

// Programs draw suggestions in an empty prompt that only their colour tells from a draft.
std::string Group::draft_in(const Watched& watched, const PaneCapture& pane, const Posture& posture) const {
  if (posture.draft.empty() || parts_.keyboard == nullptr) return posture.draft;
  const auto typed = parts_.keyboard->read_typed(pane.pane);
  if (!typed) return posture.draft;
  if (*typed == *pane.text) return posture.draft;
  const Posture as_typed = sessions_[watched.index].judge->posture(*typed);
  return as_typed.prompt ? as_typed.draft : posture.draft;
}

// What stands in the way whatever is to be done; empty if nothing does.
std::string_view Group::why_not_touched(const Asked& asked, const PaneCapture& pane, const Posture& posture,
                                        Moment now) const {
  if (pane.status != PaneCapture::Status::screen) return "its screen cannot be read";
  if (pane.pane != asked.pane) return "another pane is in its place";
  const bool same = pane.program == asked.program && pane.program_started == asked.program_started;
  if (!same) return "another program runs there";
  if (pane.at_shell) return "a shell runs there";
  if (pane.in_mode && !mutant("keys go to a pane in a mode")) return "the pane is in a mode";
  const bool used = pane.client_used && now.wall - *pane.client_used < rules_.resume.quiet;
  if (used && !mutant("keys go where somebody is")) return "somebody uses the session";
  if (!posture.recognised) return "no agent's screen is seen";
  if (posture.works) return "the agent works";
  return "";
}

// Why a menu or dialog is left alone.
std::string_view Group::why_no_answer(const Posture& posture) const {
  if (posture.asks_owner && !rules_.resume.move_conversations) return "a dialog asks whose conversation it is";
  return posture.menu && posture.answer.empty() ? "a menu whose answer is not known" : "";
}

std::string_view Group::why_not_asked(const Watched& watched, const Asked& asked, const LastLook& look,
                                      Moment now) const {
  const auto& [pane, posture] = look;
  if (const auto why = why_nobody(rules_, state_, now); !why.empty() && !asked.by_hand) return why;
  if (const auto why = why_not_touched(asked, pane, posture, now); !why.empty()) return why;
  if (posture.still != asked.still && !mutant("keys go to a screen that moves")) return "the screen moves";
  if (const auto why = why_no_answer(posture); !why.empty()) return why;
  if (posture.menu) return "";
  if (!posture.prompt) return "no prompt is seen";
  const std::string draft = draft_in(watched, pane, posture);
  if (draft.empty() || mutant("a draft is typed over")) return "";
  // Its Enter was lost: what stands there is ours.
  const auto known = state_.resumptions.find(watched.session);
  const bool typed = known != state_.resumptions.end() && (known->second.attempts > 0 || known->second.text_left);
  const bool ours = typed && is_same_text(draft, rules_.resume.way_of(watched.session).text);
  return ours ? "" : "a draft stands in its prompt";
}

// At each poll: who is due, and who went on.
void Group::plan_resumptions(const Evidence& evidence, Moment now) {
  if (!rules_.resume.any() && state_.resumptions.empty()) return;
  const auto looks = look_at_all(evidence);  // before the state is moved: arguments have no order
  auto noted = note_looks(rules_, std::move(state_), looks, now);
  state_ = std::move(noted.state);
  save();
  write_all(noted.events, now);
  const auto waited = std::exchange(asked_, {});
  if (is_paused(state_, now.wall) && !mutant("a paused monitor types")) return;
  for (const auto& session : noted.due) {
    const Watched* const watched = find_watched(session);
    if (typing_ && typing_->asked.session == session) continue;
    asked_.push_back({session, watched->pane, watched->program, watched->program_started, watched->posture.still,
                      state_.resumptions.at(session).reason == "operator"});
  }
  // Looking at all may take longer than a poll interval: those who have waited longest come first.
  std::ranges::stable_sort(asked_, {}, [&waited](const Asked& asked) {
    return std::ranges::find(waited, asked.session, &Asked::session) - waited.begin();
  });
  if (!asked_.empty() && !resume_at_) resume_at_ = now.steady + rules_.resume.settle;
}

std::vector<ResumeLook> Group::look_at_all(const Evidence& evidence) const {
  std::vector<ResumeLook> looks;
  for (const auto& watched : watched_) {
    if (watched.status == PaneCapture::Status::absent) {
      looks.push_back({watched.session, ResumeLook::Shows::gone});
      continue;
    }
    if (watched.status != PaneCapture::Status::screen || !watched.same_pane_as.empty()) continue;
    const auto verdict = std::ranges::find(evidence.verdicts, watched.session, &DatedVerdict::session);
    const auto hit = std::ranges::find(evidence.hits, watched.session, &Hit::session);
    assert(verdict != evidence.verdicts.end());
    const Hit* const shown = hit == evidence.hits.end() ? nullptr : &*hit;
    looks.push_back(look_at(state_, *verdict, shown, watched.posture, watched.moved_on));
  }
  return looks;
}

// The pane of a session as it is now, whatever has happened to it since the poll. Empty if we were
// stopped before tmux answered.
std::optional<Group::LastLook> Group::look_once_more(const Watched& watched, const Asked& asked) {
  assert(!looking_);
  looking_ = true;
  TmuxCapture capture = parts_.tmux.capture({sessions_[watched.index].name});
  looking_ = false;
  interrupted_ = capture.interrupted;
  if (interrupted_) return std::nullopt;
  LastLook look{std::move(capture.panes.front()), {}};
  for (auto& further : capture.further) {
    if (further.pane.pane == asked.pane) look.pane = std::move(further.pane);
  }
  const bool seen = look.pane.status == PaneCapture::Status::screen;
  if (seen) look.posture = posture_of(watched, *look.pane.text);
  return look;
}

// Most looks show what the poll has judged already.
Posture Group::posture_of(const Watched& watched, const std::string& text) const {
  const bool same = watched.text && *watched.text == text;
  return same ? watched.posture : sessions_[watched.index].judge->posture(text);
}

// The next thing that is to be done about sessions that are due.
void Group::go_on_resuming() {
  assert(resume_at_);
  resume_at_.reset();
  interrupted_ = false;
  if (typing_) {
    go_on_typing();
  } else if (!asked_.empty()) {
    const Asked asked = asked_.front();
    asked_.erase(asked_.begin());
    ask(asked);
  }
  const bool more = typing_.has_value() || !asked_.empty();
  if (!more || interrupted_ || resume_at_) return;
  const Milliseconds pause = mutant("sessions are asked without a pause") ? Milliseconds{0} : rules_.resume.spacing;
  resume_at_ = parts_.clock.now().steady + pause;
}

void Group::hold_back(const Asked& asked, std::string_view why) {
  const Moment now = parts_.clock.now();
  auto [next, event] = hold(std::move(state_), asked.session, why, now);
  state_ = std::move(next);
  save();
  if (event) write(*event, now);
}

// What an attempt begins with, for Keyboard::why_not().
Stroke Group::first_stroke(const Asked& asked) const {
  const ResumeWay& way = rules_.resume.way_of(asked.session);
  const Resumption& resumption = state_.resumptions.at(asked.session);
  Stroke stroke{Stroke::Kind::text, asked.session, asked.pane, way.text};
  const bool starts_program = way.how == ResumeHow::restart || way.how == ResumeHow::command;
  if (!starts_program || resumption.to_type) return stroke;
  stroke.kind = way.how == ResumeHow::restart ? Stroke::Kind::restart : Stroke::Kind::command;
  stroke.text.clear();
  stroke.arguments = way.command;
  stroke.account = resumption.account;
  stroke.reason = resumption.reason;
  return stroke;
}

void Group::ask(const Asked& asked) {
  const Watched* const watched = find_watched(asked.session);
  if (watched == nullptr || !state_.resumptions.contains(asked.session)) return;
  const auto look = look_once_more(*watched, asked);
  if (!look) return;
  const Moment now = parts_.clock.now();
  if (const auto why = why_not_asked(*watched, asked, *look, now); !why.empty()) return hold_back(asked, why);
  const Stroke first = first_stroke(asked);
  if (const auto why = why_program_refuses(first); !why.empty()) return hold_back(asked, why);
  State before = state_;
  std::optional<Event> event;
  const Resumption& resumption = state_.resumptions.at(asked.session);
  // Its program has drawn another prompt over the text: what is typed then is another attempt.
  const bool lost = resumption.to_type && resumption.text_sent && draft_in(*watched, look->pane, look->posture).empty();
  if (lost && (resumption.failed || !may_try_again(rules_, state_, asked.session, now))) return;
  if (resumption.to_type && !lost) {
    state_ = set_to_type(std::move(state_), asked.session, false);
  } else {
    std::tie(state_, event) = begin_attempt(rules_, std::move(state_), asked.session, now);
  }
  if (parts_.keyboard == nullptr) state_.resumptions.at(asked.session).failed = true;  // said once is enough
  if (mutant("keys are sent before they are saved")) start_asking(*watched, asked, *look, first);
  if (const auto failure = save()) {
    // What a crash could forget must not be typed: it might be typed twice.
    state_ = std::move(before);
    return hold_back(asked, "the state cannot be saved");
  }
  if (event && parts_.keyboard == nullptr) event->dry_run = true;
  if (event) write(*event, now);
  if (parts_.keyboard != nullptr) start_asking(*watched, asked, *look, first);
}
std::string Group::why_program_refuses(const Stroke& stroke) {
  return parts_.keyboard == nullptr ? "" : parts_.keyboard->why_not(stroke);
}

bool Group::send(const Asked& asked, const Stroke& stroke) {
  parts_.observer.typing(stroke, parts_.clock.now());
  const std::string failure = parts_.keyboard->send(stroke);
  if (failure.empty()) parts_.observer.typed(stroke);
  if (!failure.empty()) hold_back(asked, failure);
  return failure.empty();
}

bool Group::press(const Asked& asked, std::string_view key) {
  return send(asked, {Stroke::Kind::key, asked.session, asked.pane, std::string(key)});
}

void Group::start_asking(const Watched& watched, const Asked& asked, const LastLook& look, const Stroke& first) {
  if (first.kind != Stroke::Kind::text) return start_program(asked, first);
  const auto& [pane, posture] = look;
  const bool first_attempt = state_.resumptions.at(watched.session).attempts == 1;
  if (posture.menu) {
    press_in_menu({asked, Typing::Next::menu}, posture);
  } else if (!draft_in(watched, pane, posture).empty() || (posture.may_continue && first_attempt)) {
    press(asked, "Enter");
  } else {
    type_text(asked);
  }
}

// A program that is started again waits at its prompt, unless its command hands the text over.
void Group::start_program(const Asked& asked, const Stroke& stroke) {
  if (!send(asked, stroke) || stroke.kind != Stroke::Kind::restart) return;
  note_program_started(rules_, state_, asked.session, parts_.clock.now().wall);
  const ResumeWay& way = rules_.resume.way_of(asked.session);
  const bool asks_itself = std::ranges::find(way.command, way.text) != way.command.end();
  if (!asks_itself) state_ = set_to_type(std::move(state_), asked.session, true);
  save();
}

void Group::type_text(const Asked& asked) {
  const std::string& text = rules_.resume.way_of(asked.session).text;
  if (!send(asked, {Stroke::Kind::text, asked.session, asked.pane, text})) return;
  typing_ = Typing{asked, Typing::Next::enter};
  resume_at_ = parts_.clock.now().steady + before_enter;
}

// One key, and another look before the next one. What chooses an entry is pressed once on each menu.
void Group::press_in_menu(Typing typing, const Posture& posture) {
  const bool moves = posture.answer == "Up" || posture.answer == "Down";
  const bool again = !moves && typing.chosen_on == posture.still;
  if (again || typing.keys == most_menu_keys) return hold_back(typing.asked, "its menu does not close");
  if (!press(typing.asked, posture.answer)) return;
  ++typing.keys;
  if (!moves) typing.chosen_on = posture.still;
  typing_ = std::move(typing);
  resume_at_ = parts_.clock.now().steady + rules_.resume.settle;
}

// What follows the first key is held back. A program that was started again still waits to be asked.
void Group::keep_typing(const Typing& typing, std::string_view why) {
  const std::string& session = typing.asked.session;
  if (rules_.resume.way_of(session).how == ResumeHow::restart) {
    state_ = set_to_type(std::move(state_), session, true);
    if (typing.next == Typing::Next::enter) state_.resumptions.at(session).text_sent = true;
  }
  hold_back(typing.asked, why);
}

// Behind the first key of an attempt: what follows a menu, Enter after the text.
void Group::go_on_typing() {
  const Typing typing = *std::exchange(typing_, std::nullopt);
  const Watched* const watched = find_watched(typing.asked.session);
  if (watched == nullptr || !state_.resumptions.contains(typing.asked.session)) return;
  const auto look = look_once_more(*watched, typing.asked);
  if (!look) return;
  const auto& [pane, posture] = *look;
  const Moment now = parts_.clock.now();
  const Stroke text{Stroke::Kind::text, typing.asked.session, typing.asked.pane};
  // A switch may have been asked for since the first key.
  std::string why(typing.asked.by_hand ? "" : why_nobody(rules_, state_, now));
  if (why.empty()) why = why_not_touched(typing.asked, pane, posture, now);
  if (why.empty()) why = why_program_refuses(text);
  if (typing.next == Typing::Next::menu && posture.works) return;  // that was enough
  if (!why.empty()) return keep_typing(typing, why);
  if (typing.next == Typing::Next::menu && posture.menu) {
    why = why_no_answer(posture);
    return why.empty() ? press_in_menu(typing, posture) : keep_typing(typing, why);
  }
  if (!posture.prompt) return keep_typing(typing, "no prompt is seen");
  const std::string draft = draft_in(*watched, pane, posture);
  if (typing.next == Typing::Next::menu) {
    return draft.empty() ? type_text(typing.asked) : keep_typing(typing, "a draft stands in its prompt");
  }
  if (is_same_text(draft, rules_.resume.way_of(typing.asked.session).text)) {
    press(typing.asked, "Enter");
  } else {
    keep_typing(typing, "its prompt shows something else than was typed");
  }
}

CommandAnswer Group::resume_by_hand(const std::string& session) {
  assert(!looking_);
  using Outcome = CommandAnswer::Outcome;
  Watched* const watched = find_watched(session);
  assert(watched != nullptr);
  if (watched->status != PaneCapture::Status::screen) {
    return {Outcome::refused, in_quotes(session) + " shows no screen; nothing has been typed"};
  }
  const Moment now = parts_.clock.now();
  if (is_paused(state_, now.wall)) {
    return {Outcome::refused, "the monitor is paused; nothing has been typed. `quotawatch pause 0` ends the pause"};
  }
  State before = state_;
  state_ = ask_by_hand(std::move(state_), session, now);
  if (const auto failure = save()) {
    state_ = std::move(before);
    return {Outcome::refused, "nothing has been typed: the state cannot be saved: " + *failure};
  }
  watched->text.reset();  // read again, for its posture
  look_at_ = now.steady;
  return {Outcome::done, in_quotes(session) +
                             " is asked to go on as soon as nothing stands in the way; the journal "
                             "says `resume` or `resume_held`"};
}

}  // namespace quotawatch
