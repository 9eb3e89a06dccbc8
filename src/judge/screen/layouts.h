// The readers of each program's screens: where its regions are, and whose words are where.
//
// Called by read_screen(). Each gets the rows and fills regions, messages
// and the earlier conversation of `screen`.
#pragma once

#include "judge/screen/rows.h"
#include "quotawatch/screen.h"

namespace quotawatch {

void read_claude_code(const Rows& rows, Screen& screen);
void read_codex(const Rows& rows, Screen& screen);
void read_gemini(const Rows& rows, Screen& screen);
void read_opencode(const Rows& rows, Screen& screen);

// Agents without a reader of their own: Copilot, Qwen Code, Cline, Continue, Pi, Antigravity and their like.
void read_agent(const Rows& rows, Screen& screen);

// A screen of no known program. Each of its last `tail` rows may begin a message; output of shell
// commands counts as a tool's.
void read_unknown_screen(const Rows& rows, std::size_t tail, Screen& screen);

// The program that seems to have drawn the rows; plain if none is recognised.
ScreenKind recognise_screen(const Rows& rows);

// Marks rows[begin, end) that are not blank.
void mark(Screen& screen, const Rows& rows, std::size_t begin, std::size_t end, RegionKind region);

}  // namespace quotawatch
