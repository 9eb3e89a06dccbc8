// Which screen each session shows, as the events of a transcript go by.
//
// For whoever draws or reports a replay: the HTML page and the diff of expectations.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "transcript/action.h"

namespace quotawatch {

class ShownScreens {
 public:
  // The actions must outlive this.
  void take(const Action& action) {
    if (const auto* shown = std::get_if<ShowScreen>(&action)) {
      auto& pane = panes_[shown->session];
      if (!pane) pane = std::make_shared<const ShowScreen*>();
      *pane = shown;
    } else if (const auto* link = std::get_if<LinkSession>(&action)) {
      panes_[link->session] = panes_[link->other];
    } else if (const auto* gone = std::get_if<RemoveSession>(&action)) {
      panes_.erase(gone->session);
    } else if (const auto* failed = std::get_if<FailCaptures>(&action)) {
      if (auto& pane = panes_[failed->session]) *pane = nullptr;
    }
  }

  // Null where it shows none that is known.
  const ShowScreen* find(const std::string& session) const {
    const auto found = panes_.find(session);
    return found == panes_.end() || !found->second ? nullptr : *found->second;
  }

 private:
  std::map<std::string, std::shared_ptr<const ShowScreen*>> panes_;  // by session
};

}  // namespace quotawatch
