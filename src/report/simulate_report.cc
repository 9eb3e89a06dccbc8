#include "report/simulate_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

using sim::Mark;

constexpr Milliseconds year = std::chrono::hours{24 * 365};

double in_years(Milliseconds duration) {
  return static_cast<double>(duration.count()) / static_cast<double>(year.count());
}

double in_seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

double years_a_second(Milliseconds simulated, Milliseconds elapsed) {
  return elapsed > Milliseconds{0} ? in_years(simulated) / in_seconds(elapsed) : 0;
}

// A count, and its rate per simulated year.
std::string row(std::string_view name, std::uint64_t count, const SimulateTotals& totals) {
  const double years = in_years(totals.simulated);
  const double yearly = years > 0 ? static_cast<double>(count) / years : 0;
  return fmt::format("  {:<42}{:>14}{:>16.1f}\n", name, count, yearly);
}

Milliseconds mean_delay(const sim::Quality& quality) {
  const Milliseconds mean = quality.delay_sum / static_cast<std::int64_t>(std::max<std::uint64_t>(quality.delays, 1));
  return std::chrono::floor<std::chrono::seconds>(mean);
}

std::string delay_text(const sim::Quality& quality) {
  if (quality.delays == 0) return "";
  return fmt::format("  {:<42}{:>14}{:>16}\n", "from blocked to switch: mean, longest",
                     format_duration(mean_delay(quality)),
                     format_duration(std::chrono::floor<std::chrono::seconds>(quality.delay_max)));
}

std::string percent_text(Milliseconds part, Milliseconds whole) {
  if (whole == Milliseconds{0}) return "-";
  return fmt::format("{:.2f}%", 100 * in_seconds(part) / in_seconds(whole));
}

std::string standstill_text(const sim::World::Standstill& asked, const sim::World::Standstill& unasked) {
  std::string text =
      fmt::format("  {:<42}{:>14}{:>16}\n", "stood still, an account free, not held", "asked", "not asked");
  text +=
      fmt::format("  {:<42}{:>14}{:>16}\n", "  of the sessions' time", percent_text(asked.stood_still, asked.watched),
                  percent_text(unasked.stood_still, unasked.watched));
  return text + fmt::format("  {:<42}{:>14}{:>16}\n", "  and nothing in the way of a switch",
                            percent_text(asked.unhindered, asked.watched),
                            percent_text(unasked.unhindered, unasked.watched));
}

std::string counts_text(const SimulateTotals& totals) {
  const auto& quality = totals.quality;
  std::string text = fmt::format("  {:<42}{:>14}{:>16}\n", "", "all", "a year");
  text += row("polls", quality.polls, totals);
  text += row("true exhaustions", quality.exhaustions, totals);
  text += row("  missed", quality.missed, totals);
  text += row("switches", quality.switches, totals);
  text += row("  in doubt: real banners, none blocked", quality.doubtful_switches, totals);
  text += row("  false", quality.false_switches, totals);
  text += row("  before the wall", static_cast<std::uint64_t>(totals.early.left), totals);
  text += row("    that would not have come", static_cast<std::uint64_t>(totals.early.for_nothing), totals);
  return text + delay_text(quality) + standstill_text(totals.asked, totals.unasked);
}

std::string reached_text(const sim::Coverage& coverage) {
  std::string text = "reached\n";
  std::size_t column = 0;
  for (std::size_t i = 0; i < sim::mark_count; ++i) {
    const auto mark = static_cast<Mark>(i);
    if (coverage[mark] == 0) continue;
    text += fmt::format("  {:<19}{:>9}", sim::mark_name(mark), coverage[mark]);
    if (++column % 3 == 0) text += '\n';
  }
  if (column % 3 != 0) text += '\n';
  return text;
}

std::string never_reached_text(const sim::Coverage& coverage) {
  std::vector<std::string_view> never;
  for (std::size_t i = 0; i < sim::mark_count; ++i) {
    if (coverage.times[i] == 0) never.push_back(sim::mark_name(static_cast<Mark>(i)));
  }
  return never.empty() ? "" : fmt::format("never reached: {}\n", fmt::join(never, ", "));
}

std::string hosts_text(const SimulateTotals& totals) {
  if (totals.seeds_of_hosts == 0) return "";
  const std::string seeds = counted(totals.seeds_of_hosts, "seed");
  return fmt::format("  hosts        {} in {} agreed on {} switches\n", totals.hosts, seeds, totals.agreed_switches);
}

// The table in some sentences.
std::string summary_text(const SimulateTotals& totals) {
  const auto& quality = totals.quality;
  std::string text = fmt::format("  limits       {} times enough sessions were stopped; {} missed\n",
                                 quality.exhaustions, quality.missed);
  text += fmt::format("  switches     {}; {} false, {} in doubt", quality.switches, quality.false_switches,
                      quality.doubtful_switches);
  if (totals.early.left > 0) {
    text += fmt::format("; {} before the wall, {} of them for nothing", totals.early.left, totals.early.for_nothing);
  }
  if (quality.delays > 0) {
    text += fmt::format("\n  delay        {} on average, {} at most", format_duration(mean_delay(quality)),
                        format_duration(std::chrono::floor<std::chrono::seconds>(quality.delay_max)));
  }
  text += fmt::format("\n  stood still  {} of the sessions' time, an account free; {} where none is asked to go on\n",
                      percent_text(totals.asked.stood_still, totals.asked.watched),
                      percent_text(totals.unasked.stood_still, totals.unasked.watched));
  const auto reached = std::ranges::count_if(totals.coverage.times, [](auto times) { return times > 0; });
  return text + fmt::format("  paths        {} of {} reached\n", reached, sim::mark_count);
}

}  // namespace

void SimulateTotals::add(const SeedReport& report) {
  ++seeds;
  simulated += report.simulated;
  if (report.hosts > 0) {
    ++seeds_of_hosts;
    hosts += report.hosts;
    agreed_switches += report.quality.switches;
  } else {
    quality += report.quality;
    early += report.early;
    coverage += report.coverage;
    (report.asks_to_go_on ? asked : unasked) += report.standstill;
  }
  if (report.failure) ++(report.failure->of_liveness() ? liveness_failures : safety_failures);
}

std::optional<sim::Violation> worst_of(const sim::SimulationResult& result) {
  const auto& all = result.violations;
  if (all.empty()) return std::nullopt;
  const auto safety = std::find_if(
      all.begin(), all.end(), [](const auto& violation) { return violation.invariant != sim::liveness_invariant; });
  return safety == all.end() ? all.front() : *safety;
}

std::string progress_line(const SimulateProgress& progress, std::size_t columns) {
  const double share =
      static_cast<double>(progress.done) / static_cast<double>(std::max<std::size_t>(progress.seeds, 1));
  const double seconds = in_seconds(progress.elapsed);
  const double rate = seconds > 0 ? static_cast<double>(progress.done) / seconds : 0;
  std::string left;
  if (rate > 0) {
    const auto rest = std::chrono::seconds{std::llround(static_cast<double>(progress.seeds - progress.done) / rate)};
    left = fmt::format(", {} left", format_duration(rest));
  }
  const std::string text = fmt::format("{:3.0f}% {} of {} seeds, {:.1f} a second, {:.2f} years a second{}, {} failed",
                                       std::floor(100 * share), progress.done, progress.seeds, rate,
                                       years_a_second(progress.simulated, progress.elapsed), left, progress.failed);
  constexpr std::size_t widest_bar = 30;
  constexpr std::size_t least_bar = 8;
  const std::size_t taken = text.size() + 4;  // brackets, a space, and the last column, which some terminals wrap at
  if (columns < taken + least_bar) return text.substr(0, std::max<std::size_t>(columns, 1) - 1);
  const std::size_t width = std::min(widest_bar, columns - taken);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
  return fmt::format("[{}{}] {}", std::string(full, '#'), std::string(width - full, '.'), text);
}

std::string failure_text(const SeedReport& report) {
  const SeedFailure& failure = *report.failure;
  std::string text = fmt::format("seed {} FAILED: {} @{}: {}\n", report.seed, escape_controls(failure.invariant),
                                 escape_controls(failure.offset), escape_controls(failure.what));
  text += fmt::format("  again  {}\n", escape_controls(failure.again));
  if (!failure.transcript.empty()) {
    text += fmt::format("  saved  {} ({})\n", escape_controls(failure.transcript), escape_controls(failure.minimised));
  }
  return text + fmt::format("  knobs  {}\n", escape_controls(failure.knobs));
}

std::string totals_text(const SimulateTotals& totals, std::optional<Milliseconds> elapsed, bool in_full) {
  std::string text =
      fmt::format("{}, {:.2f} years of a fleet", counted(totals.seeds, "seed"), in_years(totals.simulated));
  if (elapsed) {
    text += fmt::format(" in {:.1f} s, {:.2f} years a second", in_seconds(*elapsed),
                        years_a_second(totals.simulated, *elapsed));
  }
  text += "\n" + hosts_text(totals);
  if (totals.seeds_of_hosts < totals.seeds) {
    text += in_full ? counts_text(totals) + reached_text(totals.coverage) : summary_text(totals);
    text += never_reached_text(totals.coverage);
  }
  return text + fmt::format("{} failed on safety, {} on liveness\n", totals.safety_failures, totals.liveness_failures);
}

JunitCase junit_case(const SeedReport& report) {
  JunitCase one{fmt::format("seed {}", report.seed), "", std::nullopt, "", ""};
  if (!report.failure) return one;
  one.file = report.failure->transcript;
  one.message = fmt::format("{} @{}: {}", report.failure->invariant, report.failure->offset, report.failure->what);
  one.failure = failure_text(report);
  return one;
}

}  // namespace quotawatch
