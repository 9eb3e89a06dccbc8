#include "sim/world/simulation.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "quotawatch/config_keys.h"
#include "quotawatch/duration.h"
#include "quotawatch/session_patterns.h"
#include "sim/check/group_view.h"
#include "sim/check/resume_checker.h"
#include "sim/world/faults.h"
#include "sim/world/hosts_simulation.h"
#include "sim/world/world.h"
#include "sim/world/zones.h"

namespace quotawatch::sim {
namespace {

std::string_view resume_section(const Knobs& knobs) {
  if (knobs.resume == 0) return "";
  const bool restarts = knobs.resume == 2 && knobs.restarted_only > 0;
  return restarts ? R"("resume":{"how":"restart","command":["agent","--continue"]},)" : R"("resume":{"how":"type"},)";
}

std::string with_reach(std::string section, bool restarted) {
  if (!restarted) return section;
  section.pop_back();
  return fmt::format(R"({}{}"reaches":"restarted"}})", section, section.size() > 1 ? "," : "");
}

std::string number_list(std::string_view form, int count) {
  std::string list;
  for (int i = 1; i <= count; ++i) list += fmt::format(fmt::runtime(form), i == 1 ? "" : ",", i);
  return list;
}

std::string prefix_of_pool(std::string_view prefix) {
  return prefix.empty() ? PoolRange{}.prefix : fmt::format("{}auto-", prefix);
}

// The names of the sessions that come and go, where they are named by pattern.
void add_names(const Knobs& knobs, std::string_view prefix, std::vector<std::string>& names) {
  if (knobs.by_pattern == 0) return;
  for (auto& name : pool_sessions({prefix_of_pool(prefix), 1, knobs.pool_sessions})) names.push_back(std::move(name));
}

// What one group says; `prefix` begins the names of the second one's sessions.
std::string group_text(const Knobs& knobs, std::string_view prefix) {
  std::string accounts;
  for (int i = 0; i < knobs.accounts; ++i) {
    accounts += fmt::format("{}{{\"name\":\"{}\"{}}}", i == 0 ? "" : ",", static_cast<char>('a' + i),
                            i > 0 && i <= knobs.reserve_accounts ? ",\"reserve\":true" : "");
  }
  const std::string dedicated =
      number_list(fmt::format("{{}}{{{{\"name\":\"desk-{}{{}}\"}}}}", prefix), knobs.dedicated_sessions);
  const std::string pool_prefix = prefix.empty() ? "" : fmt::format(R"("prefix":"{}auto-",)", prefix);
  const std::string pool = knobs.by_pattern > 0 ? fmt::format(R"("sessions":["{}*"])", prefix_of_pool(prefix))
                                                : fmt::format(R"("autonomous":{{{}"start_index":1,"max":{}}})",
                                                              pool_prefix, knobs.pool_sessions);
  return fmt::format(R"("pool":{{{},"dedicated":[{}]}},)"
                     R"("accounts":[{}],{}{}{}"switch":{})",
                     pool, dedicated, accounts, knobs.drain > 0 ? R"("order":"drain",)" : "",
                     knobs.accounts > 0 ? R"("active_account":"a",)" : "", resume_section(knobs),
                     with_reach(changed_numbers("switch", config_numbers(knobs)), knobs.restarted_only > 0));
}

// The config as JSON text, because it is read by the production loader and stored in transcripts.
std::string config_text(const Knobs& knobs, const std::optional<Knobs>& second, std::string_view store = "") {
  const std::string zone(zone_names[static_cast<std::size_t>(knobs.zone)]);
  const std::string groups = second ? fmt::format(R"("groups":[{{"name":"one",{}}},{{"name":"two",{}}}])",
                                                  group_text(knobs, ""), group_text(*second, "alt-"))
                                    : group_text(knobs, "");
  return fmt::format(R"({{"quota":{},{}{}{}}})", changed_numbers("quota", config_numbers(knobs)),
                     knobs.host_zone_off > 0 ? fmt::format(R"("timezone":"{}",)", zone) : "", store, groups);
}

WallTime start_of(const Knobs& knobs) {
  return *parse_wall("2026-01-01T00:00:00Z") + std::chrono::hours{24} * knobs.start_day +
         std::chrono::hours{knobs.start_hour};
}

std::string digest_of(const std::vector<JournalEntry>& journal) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  XXH3_128bits_reset(state.get());
  for (const auto& entry : journal) {
    const std::string line = fmt::format("{} {} {}\n", entry.offset.count(), entry.run, to_json(entry.event));
    XXH3_128bits_update(state.get(), line.data(), line.size());
  }
  const auto hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

Transcript make_recording(const SimulationOptions& options, const StageSetup& setup, const std::string& config,
                          std::vector<TranscriptEvent> events) {
  Transcript recording;
  recording.path = fmt::format("seed-{}.transcript", options.seed);
  recording.start = setup.start;
  recording.zone = setup.zone;
  recording.config = setup.config;
  recording.config_text = config;
  recording.source = reproduction(options);
  recording.until = setup.until;
  recording.events = std::move(events);
  return recording;
}

std::string reproduction(const SimulationOptions& options) {
  const auto day = std::chrono::hours{24};
  std::string text = fmt::format("quotawatch simulate --seed {}", options.seed);
  text += options.duration % day == Milliseconds{0}
              ? fmt::format(" --days {}", options.duration / day)
              : fmt::format(" --days {}", std::chrono::duration<double>(options.duration) / day);
  for (const auto& setting : options.settings) {
    text += fmt::format(" --set {}={}", setting.name, setting.value);
  }
  if (options.crash_moment) text += " --every-crash";
  return text;
}

namespace {

// A group with its world and its checkers.
struct SimulatedGroup {
  SimulatedGroup(const Config& whole, std::size_t index, const Knobs& knobs, std::uint64_t seed,
                 const StageSetup& machine, ScreenCache& screens, std::vector<TranscriptEvent>* events)
      : config(groups_of(whole)[index]),
        setup{config, machine.zone, machine.start, machine.until},
        world(knobs, seed, setup, screens, events),
        checker(config),
        resume_checker(config),
        coverage(checker) {
    for (StageObserver* observer : {static_cast<StageObserver*>(&checker), static_cast<StageObserver*>(&resume_checker),
                                    static_cast<StageObserver*>(&coverage), static_cast<StageObserver*>(&world)}) {
      views.push_back(std::make_unique<GroupView>(whole, index, *observer));
    }
  }

  void take_results(SimulationResult& result) {
    std::ranges::move(checker.finish(), std::back_inserter(result.violations));
    std::ranges::move(resume_checker.finish(), std::back_inserter(result.violations));
    result.quality += checker.quality();
    result.standstill += world.standstill();
    result.early += world.early_switches();
  }

  const Config config;
  const StageSetup setup;
  World world;
  RunChecker checker;
  ResumeChecker resume_checker;
  CoverageCounter coverage;
  std::vector<std::unique_ptr<GroupView>> views;
};

std::optional<Knobs> second_group(const SimulationOptions& options, const Knobs& first) {
  if (first.second_group != 1) return std::nullopt;
  return draw_second_group(options.seed, first);
}

}  // namespace

std::string config_of_hosts(const Knobs& knobs, bool alone) {
  return config_text(knobs, std::nullopt, fmt::format(R"("store":{{"postgresql":"simulated","alone":{}}},)", alone));
}

std::string digest_of_run(const std::vector<JournalEntry>& journal) { return digest_of(journal); }

WallTime start_of_run(const Knobs& knobs) { return start_of(knobs); }

SimulationResult simulate(const SimulationOptions& options, SimulationTools& tools) {
  SimulationResult result;
  result.seed = options.seed;
  result.knobs = draw_knobs(options.seed);
  set_knobs(result.knobs, options.settings);
  if (result.knobs.hosts > 0) return simulate_hosts(options, tools);
  const auto second = second_group(options, result.knobs);
  const std::string config_json = config_text(result.knobs, second);
  std::vector<std::string> names;
  add_names(result.knobs, "", names);
  if (second) add_names(*second, "alt-", names);
  const Config config = with_found(parse_config(config_json, "simulation"), std::move(names));
  const Zone host_zone = simulated_zone(static_cast<std::size_t>(result.knobs.zone) +
                                        static_cast<std::size_t>(result.knobs.host_zone_off));
  const StageSetup setup{config, host_zone, start_of(result.knobs), options.duration};
  std::vector<TranscriptEvent> events;
  auto* const recording = options.record ? &events : nullptr;
  SimulatedGroup first(config, 0, result.knobs, options.seed, setup, tools.screens, recording);
  std::optional<SimulatedGroup> other;
  std::vector<StageObserver*> observers;
  if (second) {
    other.emplace(config, 1, *second, options.seed + 1, setup, tools.screens, recording);
    first.world.share_machine(other->world);
    for (const auto& view : first.views) observers.push_back(view.get());
    for (const auto& view : other->views) observers.push_back(view.get());
  } else {
    observers = {&first.checker, &first.resume_checker, &first.coverage, &first.world};
  }
  Stage stage(setup, tools.judges, observers);
  FaultInjector faults(result.knobs, setup, first.world);
  // Crash moments count from the start of the run: a transcript cannot express anything earlier.
  first.world.begin(stage);
  if (other) other->world.begin(stage);
  first.world.plan(Milliseconds{0}, [&] { stage.fail_points().count_moments(options.crash_moment); });
  faults.begin();
  stage.play();
  result.crash_moment = options.crash_moment;
  result.crash_moments = stage.fail_points().reached();
  first.take_results(result);
  if (other) other->take_results(result);
  std::ranges::stable_sort(result.violations, {}, &Violation::offset);
  result.asks_to_go_on = first.config.resume.any() && !(result.knobs.restarted_only > 0 && result.knobs.resume < 2);
  result.coverage = first.coverage.finish(stage);
  result.journal = stage.take_journal();
  result.digest = digest_of(result.journal);
  if (const auto& point = stage.fail_points().moment_reached()) {
    events.insert(events.begin(), {Milliseconds{0}, Crash{*point}, 0});
  }
  if (options.record) {
    result.recording = make_recording(options, setup, config_json, std::move(events));
  } else {
    result.journal.clear();
  }
  return result;
}

}  // namespace quotawatch::sim
