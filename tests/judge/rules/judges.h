// Packs are compiled once for all tests that replay.
#pragma once

#include "quotawatch/judge.h"

namespace quotawatch::sim {

inline JudgeCache& judges() {
  static JudgeCache cache;
  return cache;
}

}  // namespace quotawatch::sim
