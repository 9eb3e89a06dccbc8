// quotawatch simulate: random fleets, faults and clocks from seeds.
#include <fmt/format.h>
#include <re2/re2.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>

#include "base/text.h"
#include "commands/commands.h"
#include "os/files/output_file.h"
#include "os/host/system_clock.h"
#include "quotawatch/input_error.h"
#include "report/console.h"
#include "report/page/html_page.h"
#include "report/simulate_report.h"
#include "sim/replay/minimise.h"
#include "sim/world/seed_run.h"

namespace quotawatch {
namespace {

struct SimulateOptions {
  std::string seed;
  std::string seeds;
  double days = 30;
  std::size_t jobs = 1;
  std::string shard;
  std::string save = "simulate-failures";
  std::vector<std::string> settings;
  std::string html;
  bool json = false;
  bool every_crash = false;
  bool require_coverage = false;
};

constexpr std::uint64_t most_seeds = 10'000'000;
constexpr std::size_t minimising_tries = 3'000;

// Reports a parser's error as an error of an option.
template <typename Parse>
auto parse_option(const char* option, Parse parse) {
  try {
    return parse();
  } catch (const std::invalid_argument& error) {
    throw InputError(option, 0, error.what());
  }
}

std::uint64_t parse_seed_option(const char* option, const std::string& text) {
  return parse_option(option, [&] { return sim::parse_seed(text); });
}

// "1..2000", inclusive.
std::vector<std::uint64_t> parse_seeds(const std::string& text) {
  static const RE2 form("(\\d{1,20})\\.\\.(\\d{1,20})");
  std::string first_text;
  std::string last_text;
  if (!RE2::FullMatch(text, form, &first_text, &last_text)) {
    throw InputError("--seeds", 0, fmt::format("{} is no range of seeds; write 1..2000", in_quotes(text)));
  }
  const auto first = parse_seed_option("--seeds", first_text);
  const auto last = parse_seed_option("--seeds", last_text);
  if (last < first || last - first >= most_seeds) {
    throw InputError("--seeds", 0, fmt::format("{} should go up, by at most {} seeds", text, most_seeds));
  }
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i <= last - first; ++i) seeds.push_back(first + i);
  return seeds;
}

// Every Nth seed from the Ith on: all shards together cover each seed once.
std::vector<std::uint64_t> take_shard(const std::vector<std::uint64_t>& seeds, const std::string& shard) {
  if (shard.empty()) return seeds;
  static const RE2 form("(\\d{1,6})/(\\d{1,6})");
  std::size_t index = 0;
  std::size_t count = 0;
  if (!RE2::FullMatch(shard, form, &index, &count) || index == 0 || index > count) {
    throw InputError("--shard", 0, fmt::format("{} is no part of a whole; write 1/4 to 4/4", in_quotes(shard)));
  }
  std::vector<std::uint64_t> part;
  for (std::size_t i = index - 1; i < seeds.size(); i += count) part.push_back(seeds[i]);
  if (part.empty()) {
    throw InputError("--shard", 0, fmt::format("{} of {} seeds is none", shard, seeds.size()));
  }
  return part;
}

sim::SeedRun make_run(const SimulateOptions& options) {
  sim::SeedRun run;
  if (!options.seeds.empty()) {
    run.seeds = take_shard(parse_seeds(options.seeds), options.shard);
  } else {
    run.seeds = take_shard({parse_seed_option("--seed", options.seed.empty() ? "1" : options.seed)}, options.shard);
  }
  constexpr double ms_a_day = 86'400'000;
  run.options.duration = Milliseconds{std::llround(options.days * ms_a_day)};
  for (const auto& setting : options.settings) {
    run.options.settings.push_back(parse_option("--set", [&] { return sim::parse_knob(setting); }));
  }
  parse_option("--set", [&] {
    sim::check_settings(run.options.settings);
    return true;
  });
  run.jobs = options.jobs;
  run.every_crash = options.every_crash;
  if (!options.html.empty() && run.seeds.size() != 1) {
    throw InputError("--html", 0, "draws one run; name it with --seed");
  }
  return run;
}

class Simulating {
 public:
  Simulating(const SimulateOptions& options, sim::SeedRun run)
      : options_(options), run_(std::move(run)), terminal_(isatty(STDERR_FILENO) == 1) {}

  int all() {
    began_ = os::read_system_clock().steady;
    if (run_.seeds.size() == 1 && !options_.json) print_knobs();
    run_seeds(
        run_, [this](const auto& result) { take(result); }, [this](std::size_t done) { show_progress(done); });
    clear_progress();
    const std::string totals = totals_text(totals_, elapsed());
    if (options_.json) {
      fmt::print(stderr, "{}", totals);  // stdout is for JSON Lines only
    } else {
      print_out(totals);
    }
    return exit_code();
  }

 private:
  Milliseconds elapsed() const { return os::read_system_clock().steady - began_; }

  void print_knobs() const {
    auto knobs = sim::draw_knobs(run_.seeds.front());
    sim::set_knobs(knobs, run_.options.settings);
    print_out(fmt::format("knobs {}\n", sim::format_knobs(knobs)));
  }

  void take(const sim::SimulationResult& result) {
    totals_.add(result, run_.options.duration);
    std::optional<SeedFailure> failure;
    if (const auto worst = worst_of(result)) failure = save_failure(result, *worst);
    if (failure || options_.json) clear_progress();
    if (options_.json) {
      print_out(seed_json(result, failure));
    } else if (failure) {
      print_out(failure_text(result, *failure));
    }
    if (!options_.html.empty()) write_page(result);
  }

  sim::SimulationOptions options_of(const sim::SimulationResult& result) const {
    sim::SimulationOptions again = run_.options;
    again.seed = result.seed;
    again.crash_moment = result.crash_moment;
    again.record = true;
    return again;
  }

  SeedFailure save_failure(const sim::SimulationResult& result, const sim::Violation& violation) {
    const auto again = options_of(result);
    SeedFailure failure{violation, sim::reproduction(again), "", ""};
    const auto recorded = sim::simulate(again, tools_);
    const auto small = sim::minimise(*recorded.recording, violation.invariant, tools_.judges, minimising_tries);
    std::string text;
    if (small.fails) {
      failure.minimised = fmt::format("{} of {} events are left after {} replays", small.transcript.events.size(),
                                      recorded.recording->events.size(), small.tries);
      text = sim::failing_transcript(small.transcript, tools_.judges,
                                     {fmt::format("breaks {}: {}", violation.invariant, violation.what),
                                      "knobs " + sim::format_knobs(recorded.knobs)});
    } else {
      failure.minimised = "all of it, for replay does not fail on it: a fault of the simulator";
      text = write_transcript(*recorded.recording);
    }
    save(failure, fmt::format("seed-{}-{}.transcript", result.seed, violation.invariant), text);
    return failure;
  }

  // A failure is reported even if its transcript cannot be saved.
  void save(SeedFailure& failure, std::string name, const std::string& text) const {
    std::replace(name.begin(), name.end(), ' ', '-');
    const std::string path = (std::filesystem::path(options_.save) / name).string();
    try {
      std::filesystem::create_directories(options_.save);
      os::write_output(path, text);
      failure.transcript = path;
    } catch (const std::exception& error) {
      fmt::print(stderr, "quotawatch: --save: {}\n", escape_controls(error.what()));
    }
  }

  void write_page(const sim::SimulationResult& result) {
    const auto recorded = sim::simulate(options_of(result), tools_);
    os::write_output(options_.html, html_page(*recorded.recording, recorded.journal, result.violations,
                                              fmt::format("seed {}", result.seed)));
  }

  void show_progress(std::size_t done) {
    if (!terminal_) return;
    constexpr Milliseconds pace{200};
    const auto now = os::read_system_clock().steady;
    if (now - shown_at_ < pace) return;
    shown_at_ = now;
    fmt::print(stderr, "\r{}\x1b[K", progress_line(totals_, done, run_.seeds.size(), run_.options.duration, elapsed()));
    std::fflush(stderr);
  }

  void clear_progress() const {
    if (terminal_) fmt::print(stderr, "\r\x1b[K");
  }

  int exit_code() const {
    if (totals_.safety_failures > 0) return exit_invariant;
    if (totals_.liveness_failures > 0) return exit_liveness;
    const auto& times = totals_.coverage.times;
    const bool all_reached = std::find(times.begin(), times.end(), 0U) == times.end();
    return options_.require_coverage && !all_reached ? exit_failed : exit_fine;
  }

  const SimulateOptions& options_;
  sim::SeedRun run_;
  bool terminal_;
  SteadyTime began_;
  SteadyTime shown_at_;
  SimulateTotals totals_;
  sim::SimulationTools tools_;
};

int run_simulate(const SimulateOptions& options) {
  // Silence the monitor's own log: simulated disk errors are not the user's.
  spdlog::set_level(spdlog::level::off);
  try {
    return Simulating(options, make_run(options)).all();
  } catch (...) {
    spdlog::set_level(spdlog::level::info);
    throw;
  }
}

void add_options(CLI::App& command, SimulateOptions& options) {
  auto* seed = command.add_option("--seed", options.seed, "One run, from a number or a commit hash (default: 1)")
                   ->type_name("SEED");
  command.add_option("--seeds", options.seeds, "Many runs: from A to B, both included")
      ->type_name("A..B")
      ->excludes(seed);
  constexpr double most_days = 3'660;
  command.add_option("--days", options.days, "How much time to simulate")
      ->type_name("DAYS")
      ->check(CLI::Range(0.01, most_days))
      ->capture_default_str();
  command.add_option("--jobs", options.jobs, "How many seeds at once; 0: as many as processors")
      ->type_name("N")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_option("--shard", options.shard, "Every Nth of the seeds, from the Ith on")->type_name("I/N");
  command.add_option("--save", options.save, "The folder for transcripts of seeds that fail")
      ->type_name("FOLDER")
      ->capture_default_str();
  command.add_option("--set", options.settings, "Set a number that the seed would draw; may be repeated")
      ->type_name("KNOB=NUMBER");
  command.add_option("--html", options.html, "Draw the run of one seed as a page")->type_name("FILE");
  command.add_flag("--json", options.json, "One JSON object a seed");
  command.add_flag("--every-crash", options.every_crash,
                   "Repeat each seed, killed before and after each lasting action of the monitor");
  command.add_flag("--require-reach", options.require_coverage,
                   "Fail if one of the paths listed at the end was never taken");
}

}  // namespace

void add_simulate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SimulateOptions>();
  auto* command =
      app.add_subcommand("simulate", "Simulate fleets, faults and clocks from seeds, and check every decision");
  add_options(*command, *options);
  command->callback([options, &chosen] {
    if (options->jobs == 0) options->jobs = std::max(1U, std::thread::hardware_concurrency());
    chosen = [options] { return run_simulate(*options); };
  });
}

}  // namespace quotawatch
