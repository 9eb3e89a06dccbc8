// The decision code behind the same interface as the model: fold() and step() with the panes of a
// test, the ends of switches, and restarts through the saved text.
#pragma once

#include <string>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/step.h"
#include "tests/decide/panes.h"

namespace quotawatch::tests {

class Decider {
 public:
  Decider(DecisionRules rules, const std::string& active_account, Moment now)
      : rules_(std::move(rules)), state_(start_state(std::nullopt, active_account, now)) {}

  Outcome poll(const std::vector<Pane>& panes, Moment now);

  // `id` as in outcomes ("#1"); any other is passed on unchanged.
  Outcome end(const std::string& id, bool done, Moment now, const std::string& why = "no reason");

  Outcome obey(const AccountCommand& command, Moment now);

  // A new monitor that loads what the last one saved.
  Outcome restart(Moment now);

  // As Model::standing().
  std::string standing(WallTime now) const;

  const State& state() const { return state_; }
  const CommandAnswer& answer() const { return answer_; }               // to the last command
  const Evidence& evidence() const { return evidence_; }                // of the last poll
  const std::vector<Event>& raw_events() const { return raw_events_; }  // of the last call

 private:
  std::string number_of(const std::string& id);
  Outcome outcome_of(const Decision& decision);

  DecisionRules rules_;
  State state_;
  Evidence evidence_;
  CommandAnswer answer_;
  std::vector<Event> raw_events_;
  std::vector<std::string> ids_;  // in order of appearance
};

Reading reading_of(const Screen& screen);

}  // namespace quotawatch::tests
