// A journal that also counts events for the metrics, logs decisions, and sends selected events to the user's
// `events.command`.
//
// Created by Production around the real journal; EventNotifier runs the command.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>

#include "os/hooks/event_notifier.h"
#include "quotawatch/config.h"
#include "quotawatch/journal.h"
#include "record/redaction.h"
#include "run/metrics.h"
#include "run/run_log.h"

namespace quotawatch {

class NotifyingJournal final : public Journal {
 public:
  // `own`: of this host, for events that are redacted.
  NotifyingJournal(Journal& journal, os::EventNotifier& notifier, EventRules rules, OwnNames own)
      : journal_(journal), notifier_(notifier), rules_(std::move(rules)), own_(std::move(own)) {}

  void configure(EventRules rules) { rules_ = std::move(rules); }

  Metrics& metrics() { return metrics_; }

  void write(const Event& event) override {
    journal_.write(event);
    metrics_.count(event);
    log_event(event);
    const bool auth = event.kind == EventKind::verdict && event.verdict == "auth";
    if (!names(event_name(event.kind)) && !(auth && names("auth"))) return;
    if (!rules_.redact) return notifier_.send(event);
    Redactor redactor(own_);  // a new one each time: it remembers what it has replaced
    notifier_.send(without_secrets(event, redactor));
  }

 private:
  bool names(std::string_view word) const {
    return std::find(rules_.on.begin(), rules_.on.end(), word) != rules_.on.end();
  }

  Journal& journal_;
  os::EventNotifier& notifier_;
  EventRules rules_;
  OwnNames own_;
  Metrics metrics_;
};

}  // namespace quotawatch
