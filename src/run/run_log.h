// The log of a run on stderr: one line a decision, with time and level.
//
// Used by Production and NotifyingJournal.
#pragma once

#include <string>

#include "quotawatch/event.h"

namespace quotawatch {

// From now on lines have time and level, unless journald, which reads our stderr, adds them.
void begin_run_log();

// Logs an event if it is a decision, or says that tmux has gone or is back; with -v, any.
void log_event(const Event& event);
void log_all_events();

// For log_event(): `switch session=main from=a to=b`; values with blanks are quoted.
std::string decision_line(const Event& event);

}  // namespace quotawatch
