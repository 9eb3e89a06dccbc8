// Whether a program works or waits, as the bottom of its screen shows it.
#pragma once

#include <vector>

#include "quotawatch/pack.h"
#include "quotawatch/posture.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// True if the program shows that it is at work, with a spinner or a key that would stop it.
bool works(const Screen& screen);

// For somebody who wants to type.
Posture read_posture(const Screen& screen, const std::vector<Menu>& menus);

}  // namespace quotawatch
