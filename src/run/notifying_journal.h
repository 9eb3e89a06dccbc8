// A journal that also logs decisions, and sends selected events to the user's `events.command`.
//
// Created by Production around the real journal; EventNotifier runs the command.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/hooks/event_notifier.h"
#include "quotawatch/journal.h"
#include "run/run_log.h"

namespace quotawatch {

class NotifyingJournal final : public Journal {
 public:
  // `on`: names of events, and `auth` for verdicts of that kind.
  NotifyingJournal(Journal& journal, os::EventNotifier& notifier, std::vector<std::string> on)
      : journal_(journal), notifier_(notifier), on_(std::move(on)) {}

  void configure(std::vector<std::string> on) { on_ = std::move(on); }

  void write(const Event& event) override {
    journal_.write(event);
    log_decision(event);
    const bool auth = event.kind == EventKind::verdict && event.verdict == "auth";
    if (names(event_name(event.kind)) || (auth && names("auth"))) notifier_.send(event);
  }

 private:
  bool names(std::string_view word) const { return std::find(on_.begin(), on_.end(), word) != on_.end(); }

  Journal& journal_;
  os::EventNotifier& notifier_;
  std::vector<std::string> on_;
};

}  // namespace quotawatch
