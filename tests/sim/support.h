// Worlds and transcripts for the tests of the simulator.
#pragma once

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <string>
#include <vector>

#include "sim/replay/replay.h"
#include "sim/world/simulation.h"

namespace quotawatch::tests {

inline sim::SimulationTools& tools() {
  spdlog::set_level(spdlog::level::off);  // full disks are part of the worlds
  static sim::SimulationTools made;
  return made;
}

inline sim::SimulationOptions options_of(std::uint64_t seed, int days = 3) {
  sim::SimulationOptions options;
  options.seed = seed;
  options.duration = std::chrono::hours{24 * days};
  options.record = true;
  return options;
}

// Every line of a journal, with its time and run.
inline std::vector<std::string> lines_of(const std::vector<sim::JournalEntry>& journal) {
  std::vector<std::string> lines;
  for (const auto& entry : journal) {
    lines.push_back(fmt::format("{} {} {}", entry.offset.count(), entry.run, to_json(entry.event)));
  }
  return lines;
}

// One dedicated session, polls every 30 s.
inline std::string story(const std::string& until, const std::string& events) {
  return "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\nconfig "
         "{\"pool\":{\"dedicated\":[{\"name\":\"main\"}]},\"accounts\":[{\"name\":\"a\"},{\"name\":"
         "\"b\"},{\"name\":\"c\"}],\"active_account\":\"a\",\"pack\":\"seed\"}\nuntil " +
         until + "\n\n" + events;
}

// The violations of a transcript's run: "liveness @60s", ….
inline std::vector<std::string> broken_by(const std::string& text) {
  const auto transcript = parse_transcript(text, "story.transcript");
  std::vector<std::string> broken;
  for (const auto& violation : sim::replay(transcript, tools().judges).violations) {
    broken.push_back(fmt::format("{} @{}s", violation.invariant, violation.offset.count() / 1000));
  }
  return broken;
}

}  // namespace quotawatch::tests
