#include "sim/check/group_view.h"

#include <algorithm>
#include <variant>

#include "quotawatch/group_states.h"
#include "quotawatch/monitor.h"

namespace quotawatch::sim {

GroupView::GroupView(const Config& whole, std::size_t group, StageObserver& observer)
    : groups_(groups_of(whole)), index_(group), name_(groups_.at(group).group), observer_(observer) {
  for (const auto& session : session_names(groups_[group])) sessions_.insert(session);
  for (std::size_t i = 0; i < group; ++i) first_ += session_names(groups_[i]).size();
}

void GroupView::polling(const std::vector<std::string>& groups) {
  polled_ = std::ranges::find(groups, name_) != groups.end();
  if (polled_) observer_.polling(groups);
}

void GroupView::captured(const TmuxCapture& capture, Moment began) {
  if (polled_) observer_.captured(part_of(capture, first_, sessions_.size()), began);
}

void GroupView::truth_set(const SetTruth& set, Moment now) {
  if (is_ours(set.session)) observer_.truth_set(set, now);
}

void GroupView::decided(const Evidence& evidence, const Decision& decision, Moment now) {
  if (evidence.group == name_) observer_.decided(evidence, decision, now);
}

// What is said of no group concerns all.
void GroupView::journalled(const JournalEntry& entry) {
  const auto& group = entry.event.group;
  const bool typed = entry.event.kind == EventKind::typed;
  if (typed ? is_ours(*entry.event.session) : !group || *group == name_) observer_.journalled(entry);
}

void GroupView::hook_started(const SwitchRequest& request, Moment now) {
  if (request.group != name_) return;
  hooks_.insert(request.id);
  observer_.hook_started(request, now);
}

void GroupView::hook_ended(const SwitchReport& report, Moment now) {
  if (hooks_.contains(report.id)) observer_.hook_ended(report, now);
}

void GroupView::typed(const Stroke& stroke, const PaneCapture& before, Moment now) {
  if (is_ours(stroke.session)) observer_.typed(stroke, before, now);
}

void GroupView::loaded(const std::optional<State>& state, bool whole, Moment now) {
  observer_.loaded(state_of_group(state, name_), whole, now);
}

void GroupView::loaded_by_operator(const std::optional<State>& state, bool whole, Moment now) {
  observer_.loaded_by_operator(state_of_group(state, name_), whole, now);
}

void GroupView::killed(Moment now) { observer_.killed(now); }

bool GroupView::is_ours(const AccountCommand& command) const { return find_group(groups_, command).index == index_; }

bool GroupView::concerns_us(const Action& action) const {
  if (const auto* command = std::get_if<AccountCommand>(&action)) return is_ours(*command);
  if (const auto* set = std::get_if<SetSwitcher>(&action)) return set->group.empty() || set->group == name_;
  const auto session = session_of(action);
  return !session || is_ours(*session);
}

void GroupView::performed(const Action& action, Moment now) {
  if (concerns_us(action)) observer_.performed(action, now);
}

void GroupView::commanded(const AccountCommand& command, Moment now) {
  if (is_ours(command)) observer_.commanded(command, now);
}

}  // namespace quotawatch::sim
