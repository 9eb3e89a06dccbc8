// The readers of each program's screens: where its regions are, and who says what.
//
// Called by read_agent_screen(). Each gets the rows and fills regions, messages
// and the earlier conversation of `screen`.
#pragma once

#include "judge/rows.h"
#include "quotawatch/screen.h"

namespace quotawatch {

void read_claude_code(const Rows& rows, Screen& screen);
void read_codex(const Rows& rows, Screen& screen);
void read_gemini(const Rows& rows, Screen& screen);

// Marks rows[begin, end) that are not blank.
void mark(Screen& screen, const Rows& rows, std::size_t begin, std::size_t end, RegionKind region);

}  // namespace quotawatch
