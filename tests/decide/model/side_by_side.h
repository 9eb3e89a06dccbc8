// Runs the decision code and the model on one clock with the same input, and compares them.
//
// A value: walks over all sequences copy it at every branch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model.h"
#include "tests/decide/model/decider.h"

namespace quotawatch::tests {

class SideBySide {
 public:
  SideBySide(const DecisionRules& rules, const std::string& active_account, Moment now);
  // In the .cc file, because tests are compiled without optimisation and these are called most.
  SideBySide(const SideBySide& other);
  ~SideBySide();

  void wait(Milliseconds time);  // both clocks
  void poll(std::vector<Pane> panes);
  void restart();
  void finish(bool done);  // the switch in flight, if any
  void use(const std::string& account);
  // Another program runs in the sessions from now on (A8).
  void start_programs() { started_ = now_.wall; }

  bool in_flight() const { return model_.in_flight(); }

  // The first difference; empty if there is none.
  const std::string& difference() const { return difference_; }

 private:
  void compare(const Outcome& model, const Outcome& code);

  Moment now_;
  std::optional<WallTime> started_;
  Decider code_;
  Model model_;
  std::string difference_;
};

}  // namespace quotawatch::tests
