// Compares a run of the whole monitor with the model of the rules, poll by poll.
//
// Screens are read by the production Judge; the model decides. It does not support kills at fail points
// or damaged states, because its polls are atomic and it forgets nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "play.h"
#include "tests/decide/model/model.h"

namespace quotawatch::tests {

class ModelWatcher final : public Watcher {
 public:
  explicit ModelWatcher(const Config& config);

  void captured(const TmuxCapture& capture, Moment began) override;
  void journalled(const sim::JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request, Moment now) override;
  void loaded(const std::optional<State>& state, bool whole, Moment now) override;
  void killed(Moment /*now*/) override {
    model_.kill();
    texts_.clear();
  }
  void commanded(const AccountCommand& command, Moment now) override;

  // The first difference between monitor and model; empty if there is none. To be called once, after the
  // run.
  std::string difference();

  // How often each event was decided and each boundary was reached.
  const std::map<std::string, int>& seen() const { return seen_; }

 private:
  void expect(Outcome outcome);
  void compare();
  void note_boundaries(SteadyTime began);
  std::string number_of(const std::string& id);
  std::vector<Pane> panes_of(const TmuxCapture& capture);
  bool went_on(const std::string& session, const PaneCapture& captured);

  const Config& config_;
  Model model_;
  Outcome wanted_;
  Outcome got_;
  std::string difference_;
  std::vector<std::string> ids_;
  std::map<std::string, std::string> texts_;  // last captured in this run
  std::optional<SteadyTime> done_at_;
  bool begun_ = false;
  std::map<std::string, int> seen_;
};

}  // namespace quotawatch::tests
