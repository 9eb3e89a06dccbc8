// What concerns one group in a run of several, for an observer that knows of one: a checker of its journal,
// a world of its sessions.
//
// Used by replay and by the simulator. That each group is checked as if it were alone is the invariant that
// no group's screens, hooks or accounts influence another.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

class GroupView final : public StageObserver {
 public:
  // `group`: its place in groups_of(whole). `observer` must outlive the view.
  GroupView(const Config& whole, std::size_t group, StageObserver& observer);

  void polling(const std::vector<std::string>& groups) override;
  void captured(const TmuxCapture& capture, Moment began) override;
  void truth_set(const SetTruth& set, Moment now) override;
  void decided(const Evidence& evidence, const Decision& decision, Moment now) override;
  void journalled(const JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request, Moment now) override;
  void typed(const Stroke& stroke, const PaneCapture& before, Moment now) override;
  void hook_ended(const SwitchReport& report, Moment now) override;
  void loaded(const std::optional<State>& state, bool whole, Moment now) override;
  void killed(Moment now) override;
  void performed(const Action& action, Moment now) override;
  void loaded_by_operator(const std::optional<State>& state, bool whole, Moment now) override;
  void commanded(const AccountCommand& command, Moment now) override;

 private:
  bool is_ours(const std::string& session) const { return sessions_.contains(session); }
  bool is_ours(const AccountCommand& command) const;
  bool concerns_us(const Action& action) const;

  const std::vector<Config> groups_;
  const std::size_t index_;
  const std::string name_;
  StageObserver& observer_;
  std::set<std::string> sessions_;
  std::size_t first_ = 0;  // where its sessions begin in a capture
  std::set<std::string> hooks_;
  bool polled_ = true;
};

}  // namespace quotawatch::sim
