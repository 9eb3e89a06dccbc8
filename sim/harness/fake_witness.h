// What the programs of a FakeTmux write about themselves: whatever a transcript or a simulated world says, also what is
// wrong or late.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "quotawatch/witness.h"

namespace quotawatch::sim {

class FakeWitness final : public Witness {
 public:
  void say(const std::string& session, const Testimony& testimony) { said_[session] = testimony; }
  void forget(const std::string& session) { said_.erase(session); }

  std::optional<Testimony> ask(const std::string& session, const PaneCapture& /*pane*/) override {
    const auto found = said_.find(session);
    return found == said_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, Testimony> said_;
};

}  // namespace quotawatch::sim
