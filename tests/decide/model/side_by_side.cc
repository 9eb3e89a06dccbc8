#include "side_by_side.h"

#include "compare.h"

namespace quotawatch::tests {

SideBySide::SideBySide(const DecisionRules& rules, const std::string& active_account, Moment now)
    : now_(now), code_(rules, active_account, now), model_(rules, active_account) {}

SideBySide::SideBySide(const SideBySide& other) = default;
SideBySide::~SideBySide() = default;

void SideBySide::wait(Milliseconds time) {
  now_.steady += time;
  now_.wall += time;
}

void SideBySide::poll(std::vector<Pane> panes) {
  for (auto& pane : panes) pane.started = started_;
  compare(model_.poll(panes, now_), code_.poll(panes, now_));
  difference_ += tests::difference(model_.standing(now_.wall), code_.standing(now_.wall));
}

void SideBySide::restart() { compare(model_.restart(now_), code_.restart(now_)); }

void SideBySide::use(const std::string& account) {
  const AccountCommand command{AccountCommand::Kind::use, account};
  compare(model_.obey(command, now_), code_.obey(command, now_));
}

void SideBySide::finish(bool done) {
  if (!in_flight()) return;
  const std::string id = model_.in_flight_id();
  compare(model_.end(id, done, now_), code_.end(id, done, now_));
}

void SideBySide::compare(const Outcome& model, const Outcome& code) { difference_ += tests::difference(model, code); }

}  // namespace quotawatch::tests
