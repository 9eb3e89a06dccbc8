// Holds a run of the whole monitor against the model of the rules, poll by poll.
//
// What the panes show is read by the production Judge; what to make of it is the model's.
// Cannot follow slow captures, kills at crash points and damage to the state: the moment
// of a poll, or what the state says, cannot be seen from outside then.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model.h"
#include "play.h"

namespace quotawatch::tests {

class ModelWatcher final : public Watcher {
 public:
  explicit ModelWatcher(const Config& config);

  void captured(const TmuxCapture& capture) override;
  void journalled(const sim::JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request) override;
  void started() override;

  // Where the monitor first did anything else than the model; empty if it never did.
  // Once, after the run.
  std::string difference();

  // How often each event was decided, and each boundary was met.
  const std::map<std::string, int>& seen() const { return seen_; }

 private:
  void expect(Outcome outcome);
  void compare();
  void note_boundaries();
  std::string number_of(const std::string& id);
  std::vector<Pane> panes_of(const TmuxCapture& capture) const;

  const Config& config_;
  Model model_;
  Outcome wanted_;
  Outcome got_;
  std::string difference_;
  std::vector<std::string> ids_;
  std::optional<SteadyTime> done_at_;
  bool begun_ = false;
  std::map<std::string, int> seen_;
};

}  // namespace quotawatch::tests
