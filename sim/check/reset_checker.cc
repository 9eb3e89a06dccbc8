#include "sim/check/reset_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace quotawatch::sim {

ResetChecker::ResetChecker(const Config& config) : names_(session_names(config)) {}

void ResetChecker::violate(Milliseconds at, const std::string& what) {
  violations_.push_back({"limit ended", at, what});
}

void ResetChecker::begin_run() {
  due_.clear();
  reported_.clear();
  last_.reset();
  find_next();
}

// False if the capture found no program in the pane: "main" is a session's, "main:1.0" one of several.
bool ResetChecker::is_there(const std::string& session, const TmuxCapture& capture) const {
  const auto runs = [](const PaneCapture& pane) {
    return pane.status == PaneCapture::Status::screen || pane.status == PaneCapture::Status::failed;
  };
  const std::size_t colon = session.rfind(':');
  const bool exact = std::find(names_.begin(), names_.end(), session) != names_.end();
  const auto found = std::find(names_.begin(), names_.end(), exact ? session : session.substr(0, colon));
  assert(found != names_.end());
  const auto index = static_cast<std::size_t>(found - names_.begin());
  const PaneCapture& active = capture.panes[index];
  const std::string place = exact ? active.window_pane : session.substr(colon + 1);
  if (active.status == PaneCapture::Status::failed || active.window_pane == place) return runs(active);
  return std::any_of(capture.further.begin(), capture.further.end(), [&](const FurtherPane& further) {
    return further.session == index && further.pane.window_pane == place && runs(further.pane);
  });
}

void ResetChecker::captured(const TmuxCapture& capture, Moment began) {
  assert(capture.panes.size() == names_.size());
  if (due_.empty()) return;
  const Milliseconds at = began.steady.time_since_epoch();
  if (next_ <= began.wall) {
    violate(at, fmt::format("a limit ended at {} and was not reported", format_wall(next_)));
  }
  const auto is_over = [&](const auto& session) {
    return session.second <= began.wall || !is_there(session.first, capture);
  };
  if (std::erase_if(due_, is_over) > 0) find_next();
}

// A second agent in a session changes the name of the first: "main" becomes "main:0.0", and back.
void ResetChecker::forget_other_names(const std::string& session) {
  const std::string base = session.substr(0, session.rfind(':'));
  if (base != session && std::find(names_.begin(), names_.end(), base) != names_.end()) due_.erase(base);
  std::erase_if(due_, [&](const auto& due) { return due.first.starts_with(session + ":"); });
}

void ResetChecker::take(const JournalEntry& entry) {
  if (entry.event.kind == EventKind::verdict) take_verdict(entry.event);
  if (entry.event.kind == EventKind::reset) take_reset(entry);
}

// A session that could not be captured may still show its limit.
void ResetChecker::take_verdict(const Event& event) {
  if (event.verdict == "unknown") return;
  const bool limit = event.verdict == "exhausted" || event.verdict == "throttled";
  due_.erase(*event.session);
  forget_other_names(*event.session);
  // A session that was refused again may be retried at another time than it names.
  const auto end = event.retry_at ? event.retry_at : event.reset_at;
  if (limit && end && !reported_.contains({*event.session, *end})) {
    due_[*event.session] = *end;
    if (last_ && last_->second == *end) last_.reset();  // that it ends then, too, was not known before
  }
  find_next();
}

void ResetChecker::take_reset(const JournalEntry& entry) {
  const Event& event = entry.event;
  const WallTime ended = event.reset_at.value_or(WallTime::max());
  if (ended > event.at) violate(entry.offset, "the end of a limit is reported too early");
  if (event.sessions.empty()) violate(entry.offset, "the end of a limit names no session");
  const std::pair now{entry.offset, ended};
  if (last_ == now) violate(entry.offset, "limits that ended at the same time are reported in two events");
  last_ = now;
  for (const auto& session : event.sessions) {
    const auto due = due_.find(session);
    if (!reported_.emplace(session, ended).second) {
      violate(entry.offset, fmt::format("the end of {}'s limit was reported twice", session));
    } else if (due == due_.end() || due->second != ended) {
      violate(entry.offset, fmt::format("{} does not show the limit that ended", session));
    }
    if (due != due_.end()) due_.erase(due);
  }
  find_next();
}

void ResetChecker::find_next() {
  next_ = WallTime::max();
  for (const auto& [session, instant] : due_) next_ = std::min(next_, instant);
}

}  // namespace quotawatch::sim
