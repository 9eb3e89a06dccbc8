// The bottom of a program's screen for somebody who wants to type. For Judge::posture() only.
#pragma once

#include <vector>

#include "quotawatch/pack.h"
#include "quotawatch/posture.h"
#include "quotawatch/screen.h"

namespace quotawatch {

Posture read_posture(const Screen& screen, const std::vector<Menu>& menus);

}  // namespace quotawatch
