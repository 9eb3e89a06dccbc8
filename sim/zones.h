// The time zones that simulated people live in: on both halves of the earth, with clocks
// that change by an hour, by half an hour, and never.
#pragma once

#include <array>
#include <string_view>

namespace quotawatch::sim {

inline constexpr std::array<std::string_view, 7> zone_names{
    "UTC",          "Europe/Paris", "America/Los_Angeles", "Australia/Lord_Howe",
    "Asia/Kolkata", "Africa/Cairo", "America/Santiago"};

}  // namespace quotawatch::sim
