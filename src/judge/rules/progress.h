// How far the conversation of a screen has come: the parts of it by which a later screen of the same conversation is
// recognised, and whether it went on. Called by Judge, and for each limit that a screen names.
#pragma once

#include "judge/rules/ruleset.h"
#include "quotawatch/judge.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// The latest parts first, at most ConversationTrace::most_parts.
ConversationTrace trace_of(const Screen& screen, const Ruleset& rules);

Progress progress_of(const Screen& screen, const Ruleset& rules);

// The visible part of the conversation.
Context context_of(const Screen& screen);

}  // namespace quotawatch
