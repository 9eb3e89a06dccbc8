// One simulated run: a world drawn from a seed, the production monitor in it, and checkers around
// both.
//
// Used by `simulate`, by tests, and by the minimiser through the recorded transcript. The same seed
// and knobs give the same run on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/coverage.h"
#include "sim/check/run_checker.h"
#include "sim/world/knobs.h"
#include "sim/world/screen_cache.h"
#include "sim/world/world.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

struct SimulationOptions {
  std::uint64_t seed = 0;
  Milliseconds duration{std::chrono::hours{24 * 30}};
  std::vector<KnobSetting> settings;
  bool record = false;
  // Kills the monitor at this crash moment, in addition to the world's own faults. Crash moments
  // are the points before and after each lasting action of the monitor, counted from 0.
  std::optional<std::size_t> crash_moment;
};

// What happened on one host of several that share a store.
struct HostRun {
  std::string host;
  Transcript recording;
  std::vector<JournalEntry> journal;
};

struct SimulationResult {
  std::uint64_t seed = 0;
  Knobs knobs;
  std::string digest;     // of every journal line
  std::size_t hosts = 0;  // that share a store; 0: a single one without
  Quality quality;        // of hosts: only the switches that they agreed on
  Coverage coverage;
  World::Standstill standstill;
  Account::EarlySwitches early;
  bool asks_to_go_on = false;  // of the config: stopped sessions are asked in a way that can help
  std::vector<Violation> violations;
  std::size_t crash_moments = 0;            // how many there were
  std::optional<std::size_t> crash_moment;  // where it was killed
  // If requested: a transcript of everything that happened, for replay.
  std::optional<Transcript> recording;
  std::vector<JournalEntry> journal;  // if requested
  std::vector<HostRun> host_runs;     // if requested, of hosts
};

// Shared by many runs, on one thread at a time.
struct SimulationTools {
  JudgeCache judges;
  ScreenCache screens;
};

SimulationResult simulate(const SimulationOptions& options, SimulationTools& tools);

// Of everything that happened in the run. That of one host of several shows nothing of their store: for the page only.
Transcript make_recording(const SimulationOptions& options, const StageSetup& setup, const std::string& config,
                          std::vector<TranscriptEvent> events);

// The command that repeats a run: "quotawatch simulate --seed 7 --days 30".
std::string reproduction(const SimulationOptions& options);

}  // namespace quotawatch::sim
