// quotawatch simulate: random fleets, faults and clocks from seeds.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "commands/simulate_merge.h"
#include "commands/simulate_options.h"
#include "os/files/output_file.h"
#include "os/host/system_clock.h"
#include "quotawatch/duration.h"
#include "report/console.h"
#include "report/page/html_page.h"
#include "report/simulate_report.h"
#include "sim/replay/minimise.h"
#include "sim/world/seed_run.h"

namespace quotawatch {
namespace {

constexpr std::size_t minimising_tries = 3'000;

int exit_code(const SimulateTotals& totals, const SimulateOptions& options) {
  if (totals.safety_failures > 0) return exit_invariant;
  if (totals.liveness_failures > 0) return exit_liveness;
  const bool all_reached = std::ranges::count(totals.coverage.times, 0U) == 0;
  return options.require_coverage && !all_reached ? exit_failed : exit_fine;
}

class Simulating {
 public:
  Simulating(const SimulateOptions& options, sim::SeedRun run)
      : options_(options), run_(std::move(run)), columns_(columns_on_stderr()) {}

  int all() {
    began_ = os::read_system_clock().steady;
    if (run_.seeds.size() == 1 && !options_.json) print_knobs();
    run_seeds(
        run_, [this](const auto& result) { take(result); }, [this](std::size_t done) { show_progress(done); });
    clear_progress();
    const std::string totals = totals_text(totals_, elapsed(), options_.verbose);
    if (options_.json) {
      fmt::print(stderr, "{}", totals);  // stdout is for JSON Lines only
    } else {
      print_out(totals);
    }
    if (!options_.junit.empty()) write_junit(options_.junit, {"simulate", elapsed(), std::move(cases_)});
    return exit_code(totals_, options_);
  }

 private:
  Milliseconds elapsed() const { return os::read_system_clock().steady - began_; }

  void print_knobs() const {
    auto knobs = sim::draw_knobs(run_.seeds.front());
    sim::set_knobs(knobs, run_.options.settings);
    print_out(fmt::format("knobs {}\n", sim::format_knobs(knobs)));
  }

  void take(const sim::SimulationResult& result) {
    SeedReport report = seed_report(result, run_.options.duration);
    if (const auto worst = worst_of(result)) report.failure = save_failure(result, *worst);
    totals_.add(report);
    if (report.failure || options_.json) clear_progress();
    if (options_.json) {
      print_out(seed_json(report));
    } else if (report.failure) {
      print_out(failure_text(report));
    }
    if (!options_.junit.empty()) cases_.push_back(junit_case(report));
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
    SeedFailure failure{violation.invariant,
                        format_offset(violation.offset),
                        violation.what,
                        sim::reproduction(again),
                        "",
                        "",
                        sim::format_knobs(result.knobs)};
    const auto recorded = sim::simulate(again, tools_);
    if (!recorded.recording) {
      failure.minimised = "a transcript has one host only; the command repeats it";
      return failure;
    }
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
    const std::string title = fmt::format("seed {}", result.seed);
    if (recorded.recording) {
      const auto page = html_page(*recorded.recording, recorded.journal, result.violations, title);
      return os::write_output(options_.html, page);
    }
    std::vector<PageRun> runs;
    for (const auto& run : recorded.host_runs) {
      PageRun& page = runs.emplace_back(PageRun{run.host, run.recording, run.journal, result.violations});
      page.passed = result.violations.empty();
      for (const auto& other : recorded.host_runs) {
        if (other.host != run.host) page.other_hosts.push_back({other.host, other.recording, other.journal});
      }
    }
    os::write_output(options_.html, html_page(runs, title));
  }

  void show_progress(std::size_t done) {
    if (columns_ == 0) return;
    constexpr Milliseconds pace{200};
    const auto now = os::read_system_clock().steady;
    if (now - shown_at_ < pace) return;
    shown_at_ = now;
    const SimulateProgress progress{done, run_.seeds.size(), totals_.safety_failures + totals_.liveness_failures,
                                    run_.options.duration * static_cast<std::int64_t>(done), elapsed()};
    fmt::print(stderr, "\r{}\x1b[K", progress_line(progress, columns_));
    std::fflush(stderr);
  }

  void clear_progress() const {
    if (columns_ > 0) fmt::print(stderr, "\r\x1b[K");
  }

  const SimulateOptions& options_;
  sim::SeedRun run_;
  std::size_t columns_;  // of the terminal on stderr
  SteadyTime began_;
  SteadyTime shown_at_;
  SimulateTotals totals_;
  std::vector<JunitCase> cases_;
  sim::SimulationTools tools_;
};

// Prints what one run over all the seeds of the files would.
int merge(const SimulateOptions& options) {
  SimulateTotals totals;
  std::vector<JunitCase> cases;
  for (const auto& report : read_seed_reports(options.merge, options.seeds)) {
    totals.add(report);
    if (report.failure) print_out(failure_text(report));
    if (!options.junit.empty()) cases.push_back(junit_case(report));
  }
  print_out(totals_text(totals, std::nullopt, options.verbose));
  if (!options.junit.empty()) write_junit(options.junit, {"simulate", Milliseconds{0}, std::move(cases)});
  return exit_code(totals, options);
}

int run_simulate(const SimulateOptions& options) {
  if (!options.merge.empty()) return merge(options);
  // Silence the monitor's own log: simulated disk errors are not the user's.
  spdlog::set_level(spdlog::level::off);
  try {
    return Simulating(options, make_run(options)).all();
  } catch (...) {
    spdlog::set_level(spdlog::level::info);
    throw;
  }
}

// What to simulate.
void add_run_options(CLI::App& command, SimulateOptions& options) {
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
  add_jobs_option(command, options.jobs, "How many seeds at once; 0: as many as processors");
  command.add_option("--shard", options.shard, "Every Nth of the seeds, from the Ith on")->type_name("I/N");
  command.add_option("--set", options.settings, "Set a number that the seed would draw; may be repeated")
      ->type_name("KNOB=NUMBER");
  command.add_flag("--every-crash", options.every_crash,
                   "Repeat each seed, killed before and after each lasting action of the monitor");
}

void add_options(CLI::App& command, SimulateOptions& options) {
  add_run_options(command, options);
  command.add_option("--save", options.save, "The folder for transcripts of seeds that fail")
      ->type_name("FOLDER")
      ->capture_default_str();
  auto* html = command.add_option("--html", options.html, "Draw the run of one seed as a page")->type_name("FILE");
  command.add_option("--junit", options.junit, "Write a result for each seed to this file as JUnit XML")
      ->type_name("FILE");
  auto* json = command.add_flag("--json", options.json, "One JSON object a seed");
  command.add_flag("-v,--verbose", options.verbose, "Every count, as a table");
  command.add_flag("--require-reach", options.require_coverage,
                   "Fail if one of the paths listed at the end was never taken");
  auto* merge =
      command.add_option("--merge", options.merge, "Simulate nothing: put the output of --json of all shards together");
  merge->type_name("FILE")->excludes(html)->excludes(json);
  for (const auto* name : {"--seed", "--shard", "--set", "--every-crash"}) merge->excludes(command.get_option(name));
}

}  // namespace

void add_simulate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SimulateOptions>();
  auto* command =
      app.add_subcommand("simulate", "Simulate fleets, faults and clocks from seeds, and check every decision");
  add_options(*command, *options);
  command->callback([options, &chosen] { chosen = [options] { return run_simulate(*options); }; });
}

}  // namespace quotawatch
