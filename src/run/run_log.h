// The log of a run on stderr: one line a decision, with time and level.
//
// Used by Production and NotifyingJournal.
#pragma once

#include <string>

#include "quotawatch/event.h"

namespace quotawatch {

// From now on lines are as for a command that ends soon, or as for a run: with time and level. Where journald reads our
// stderr, and adds both, they have their level in the form that it takes, in any case.
void begin_command_log();
void begin_run_log();

// Logs an event if it is a decision, or says that tmux has gone or is back; with -v, any.
void log_event(const Event& event);
void log_all_events();

// For log_event(): `switch session=main from=a to=b`; values with blanks are quoted.
std::string decision_line(const Event& event);

}  // namespace quotawatch
