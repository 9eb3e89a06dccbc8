#include "sim/world/hosts_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/check/hosts_checker.h"
#include "sim/world/conductor.h"
#include "sim/world/faults.h"
#include "sim/world/world.h"
#include "sim/world/zones.h"

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// How well the database is reached: each kind of trouble is absent in every other world.
struct Weather {
  int cuts = 0;          // of one host or of all, in ten days
  int lost_answers = 0;  // of a thousand questions that were carried out
  int lost_questions = 0;
  int stale_reads = 0;  // of a hundred
  int slowest_ms = 1;
  bool tells = true;  // of changes
  bool alone = false;
  Milliseconds clock_off{0};
};

Weather draw_weather(Random& random) {
  const auto maybe = [&](int most) {
    const int drawn = static_cast<int>(random.between(1, static_cast<std::size_t>(most)));
    return random.chance(1, 2) ? drawn : 0;
  };
  Weather weather;
  weather.cuts = maybe(60);
  weather.lost_answers = maybe(200);
  weather.lost_questions = maybe(200);
  weather.stale_reads = maybe(50);
  weather.slowest_ms = 1 + maybe(4000);
  weather.tells = random.chance(3, 4);
  weather.alone = random.chance(1, 4);
  weather.clock_off = minutes{maybe(4)};
  return weather;
}

// Whether a switch was for nothing can only be said where no screen lies, and whether all hosts are on one account
// where each hook does what it says. All of this is what the worlds of single hosts are for.
void keep_to_the_truth(Knobs& knobs) {
  for (int Knobs::*lie :
       {&Knobs::forged_percent, &Knobs::hook_lie_percent, &Knobs::hook_half_percent, &Knobs::late_banner_percent,
        &Knobs::throttle_percent, &Knobs::unnamed_percent, &Knobs::restarted_only, &Knobs::clock_back_percent,
        &Knobs::clock_steps, &Knobs::clock_slews, &Knobs::suspends, &Knobs::host_zone_off, &Knobs::second_group,
        &Knobs::switch_at_percent, &Knobs::same_time_percent, &Knobs::straggler_percent, &Knobs::by_pattern,
        &Knobs::server_lag_percent, &Knobs::last_moment_percent}) {
    knobs.*lie = 0;
  }
  knobs.claude_percent = 100;
  knobs.accounts = std::max(knobs.accounts, 2);
}

Milliseconds between(Random& random, Milliseconds least, Milliseconds most) {
  return Milliseconds{static_cast<std::int64_t>(
      random.between(static_cast<std::size_t>(least.count()), static_cast<std::size_t>(most.count())))};
}

// One host: its fleet, its monitor, its way to the database.
struct SimulatedHost {
  SimulatedHost(const Config& config, const Knobs& knobs, std::uint64_t seed, const StageSetup& truth,
                Milliseconds clock_off, SimulationTools& tools, World* accounts, HostsChecker& checker,
                std::size_t number, bool record)
      : setup(truth),
        world(knobs, seed, setup, tools.screens, record ? &events : nullptr, accounts),
        clocked{config, truth.zone, truth.start + clock_off, truth.until, std::nullopt, truth.host},
        stage(clocked, tools.judges, {&checker.view(number), &world}),
        faults(knobs, setup, world) {}

  const StageSetup setup;
  std::vector<TranscriptEvent> events;  // if recorded
  World world;
  const StageSetup clocked;
  Stage stage;
  FaultInjector faults;
  std::optional<FakePoolStore> store;
};

class HostsRun {
 public:
  HostsRun(const SimulationOptions& options, SimulationTools& tools, SimulationResult& result)
      : options_(options),
        tools_(tools),
        result_(result),
        random_(seed_of_part(options.seed, 16)),
        weather_(draw_weather(random_)),
        count_(result.knobs.hosts > 1 ? static_cast<std::size_t>(result.knobs.hosts) : random_.between(2, 5)),
        config_(parse_config(config_of_hosts(result.knobs, weather_.alone), "simulation")),
        conductor_(count_),
        database_(start_of_run(result.knobs)),
        checker_({names(), config_, start_of_run(result.knobs), weather_.alone, weather_.clock_off,
                  result.knobs.account_commands == 0 && result.knobs.hook_slow_percent == 0,
                  [this](const std::string& account) { return hosts_.front()->world.is_at_limit(account); }}) {
    database_.listen([this](const FakeDatabase::Change& change) { checker_.changed(change); });
  }

  void run() {
    result_.hosts = count_;
    for (std::size_t i = 0; i < count_; ++i) add_host(i);
    plan_next_cut();
    std::vector<std::function<void()>> plays;
    for (const auto& host : hosts_) plays.emplace_back([&host = *host] { host.stage.play(); });
    conductor_.play(plays);
    for (const auto& host : hosts_) take_run(*host);
    result_.violations = checker_.finish(database_, options_.duration);
    result_.quality.switches = static_cast<std::size_t>(checker_.switches());
  }

 private:
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count_; ++i) names.push_back(fmt::format("host-{}", i + 1));
    return names;
  }

  void add_host(std::size_t number) {
    const Knobs& knobs = result_.knobs;
    const StageSetup truth{config_,
                           simulated_zone(static_cast<std::size_t>(knobs.zone)),
                           start_of_run(knobs),
                           options_.duration,
                           std::nullopt,
                           names()[number]};
    const auto off = between(random_, Milliseconds{0}, 2 * weather_.clock_off) - weather_.clock_off;
    World* const accounts = hosts_.empty() ? nullptr : &hosts_.front()->world;
    hosts_.push_back(std::make_unique<SimulatedHost>(config_, knobs, seed_of_part(options_.seed, 20 + number), truth,
                                                     off, tools_, accounts, checker_, number, options_.record));
    SimulatedHost& host = *hosts_.back();
    host.stage.clock().set_pacer(conductor_.pacer(number));
    host.store.emplace(
        host.stage.clock(), database_,
        FakePoolStore::Way{truth.host, seconds{5}, weather_.tells, [this, number] { return travel(number); }});
    host.stage.share(*host.store);
    host.world.begin(host.stage);
    host.faults.begin();
  }

  void take_run(SimulatedHost& host) {
    auto journal = host.stage.take_journal();
    if (options_.record) {
      const auto config = config_of_hosts(result_.knobs, weather_.alone);
      auto recording = make_recording(options_, host.setup, config, std::move(host.events));
      result_.host_runs.push_back({host.setup.host, std::move(recording), journal});
    }
    std::ranges::move(journal, std::back_inserter(result_.journal));
  }

  // The last part of a run is calm.
  bool is_calm(Milliseconds at) const {
    return at >= options_.duration - std::min<Milliseconds>(hours{6}, options_.duration / 10);
  }

  FakePoolStore::Trip travel(std::size_t number) {
    FakePoolStore::Trip trip;
    const Milliseconds now = hosts_[number]->world.now();
    trip.there = between(random_, Milliseconds{1}, Milliseconds{weather_.slowest_ms});
    trip.back = between(random_, Milliseconds{1}, Milliseconds{weather_.slowest_ms});
    const bool lost_question = random_.chance(static_cast<std::size_t>(weather_.lost_questions), 1000);
    const bool lost_answer = random_.chance(static_cast<std::size_t>(weather_.lost_answers), 1000);
    const bool stale = random_.chance(static_cast<std::size_t>(weather_.stale_reads), 100);
    if (is_calm(now)) return {};
    trip.arrives = !lost_question;
    trip.returns = !lost_answer;
    trip.stale = stale;
    // It comes back at once, but a host that has read something old learns more when it next says how it stands.
    const bool late = trip.there + trip.back >= seconds{5};
    if (lost_question || lost_answer || late) checker_.disturbed(number, now + seconds{15});
    if (stale) checker_.disturbed(number, now + between_host_words + minutes{5});
    return trip;
  }

  // The first host's clock tells when; the others are reached from there.
  void plan_next_cut() {
    if (weather_.cuts == 0) return;
    World& world = hosts_.front()->world;
    const auto when = world.now() + between(random_, minutes{1}, 2 * hours{240} / weather_.cuts);
    if (is_calm(when)) return;
    world.plan(when, [this] {
      plan_next_cut();
      cut();
    });
  }

  void cut() {
    const bool all = random_.chance(1, 3);
    const std::size_t one = random_.below(count_);
    const Milliseconds longest = random_.chance(1, 4) ? Milliseconds{hours{6}} : Milliseconds{minutes{10}};
    const auto length = between(random_, seconds{1}, longest);
    World& world = hosts_.front()->world;
    for (std::size_t i = 0; i < count_; ++i) {
      if (all || i == one) set_cut(i, true);
    }
    world.plan(std::min(world.now() + length, options_.duration), [this, all, one] {
      for (std::size_t i = 0; i < count_; ++i) {
        if (all || i == one) set_cut(i, false);
      }
    });
  }

  void set_cut(std::size_t number, bool cut) {
    auto& store = *hosts_[number]->store;
    cut ? store.cut() : store.join();
    checker_.cut(number, cut, hosts_.front()->world.now());
  }

  const SimulationOptions& options_;
  SimulationTools& tools_;
  SimulationResult& result_;
  Random random_;
  const Weather weather_;
  const std::size_t count_;
  const Config config_;
  Conductor conductor_;
  FakeDatabase database_;
  HostsChecker checker_;
  std::vector<std::unique_ptr<SimulatedHost>> hosts_;
};

}  // namespace

SimulationResult simulate_hosts(const SimulationOptions& options, SimulationTools& tools) {
  SimulationResult result;
  result.seed = options.seed;
  result.knobs = draw_knobs(options.seed);
  set_knobs(result.knobs, options.settings);
  keep_to_the_truth(result.knobs);
  HostsRun(options, tools, result).run();
  std::ranges::stable_sort(result.violations, {}, &Violation::offset);
  result.digest = digest_of_run(result.journal);
  if (!options.record) result.journal.clear();
  return result;
}

}  // namespace quotawatch::sim
