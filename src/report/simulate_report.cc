#include "report/simulate_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/json_document.h"
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

std::string delay_text(const sim::Quality& quality) {
  if (quality.delays == 0) return "";
  const Milliseconds mean = quality.delay_sum / static_cast<std::int64_t>(std::max<std::uint64_t>(quality.delays, 1));
  return fmt::format("  {:<42}{:>14}{:>16}\n", "from blocked to switch: mean, longest",
                     format_duration(std::chrono::floor<std::chrono::seconds>(mean)),
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

std::string coverage_text(const sim::Coverage& coverage) {
  std::string text = "reached\n";
  std::vector<std::string> never;
  std::size_t column = 0;
  for (std::size_t i = 0; i < sim::mark_count; ++i) {
    const auto mark = static_cast<Mark>(i);
    if (coverage[mark] == 0) {
      never.emplace_back(sim::mark_name(mark));
      continue;
    }
    text += fmt::format("  {:<19}{:>9}", sim::mark_name(mark), coverage[mark]);
    if (++column % 3 == 0) text += '\n';
  }
  if (column % 3 != 0) text += '\n';
  if (!never.empty()) text += fmt::format("never reached: {}\n", fmt::join(never, ", "));
  return text;
}

}  // namespace

void SimulateTotals::add(const sim::SimulationResult& result, Milliseconds duration) {
  ++seeds;
  simulated += duration;
  quality += result.quality;
  early += result.early;
  coverage += result.coverage;
  (result.asks_to_go_on ? asked : unasked) += result.standstill;
  const auto worst = worst_of(result);
  if (!worst) return;
  ++(worst->invariant == sim::liveness_invariant ? liveness_failures : safety_failures);
}

std::optional<sim::Violation> worst_of(const sim::SimulationResult& result) {
  const auto& all = result.violations;
  if (all.empty()) return std::nullopt;
  const auto safety = std::find_if(
      all.begin(), all.end(), [](const auto& violation) { return violation.invariant != sim::liveness_invariant; });
  return safety == all.end() ? all.front() : *safety;
}

std::string progress_line(const SimulateTotals& totals, std::size_t done, std::size_t seeds, Milliseconds duration,
                          Milliseconds elapsed) {
  const Milliseconds simulated = duration * static_cast<std::int64_t>(done);
  return fmt::format("{} of {} seeds, {:.1f} years, {:.1f} years a second, {} failed", done, seeds, in_years(simulated),
                     years_a_second(simulated, elapsed), totals.safety_failures + totals.liveness_failures);
}

std::string seed_json(const sim::SimulationResult& result, const std::optional<SeedFailure>& failure) {
  using Json = nlohmann::ordered_json;
  Json object{{"seed", result.seed},
              {"digest", result.digest},
              {"polls", result.quality.polls},
              {"switches", result.quality.switches},
              {"false_switches", result.quality.false_switches},
              {"doubtful_switches", result.quality.doubtful_switches},
              {"exhaustions", result.quality.exhaustions},
              {"missed", result.quality.missed},
              {"failure", nullptr}};
  if (failure) {
    object["failure"] = {{"invariant", failure->violation.invariant},
                         {"offset", format_offset(failure->violation.offset)},
                         {"what", failure->violation.what},
                         {"again", failure->again},
                         {"transcript", failure->transcript}};
  }
  return dump_line(object) + "\n";
}

std::string failure_text(const sim::SimulationResult& result, const SeedFailure& failure) {
  std::string text = fmt::format("seed {} FAILED: {} @{}: {}\n", result.seed, failure.violation.invariant,
                                 format_offset(failure.violation.offset), escape_controls(failure.violation.what));
  text += fmt::format("  again  {}\n", failure.again);
  if (!failure.transcript.empty()) {
    text += fmt::format("  saved  {} ({})\n", escape_controls(failure.transcript), failure.minimised);
  }
  return text + fmt::format("  knobs  {}\n", sim::format_knobs(result.knobs));
}

std::string totals_text(const SimulateTotals& totals, Milliseconds elapsed) {
  const auto& quality = totals.quality;
  std::string text =
      fmt::format("{} seeds, {:.2f} years of a fleet in {:.1f} s, {:.2f} years a second\n", totals.seeds,
                  in_years(totals.simulated), in_seconds(elapsed), years_a_second(totals.simulated, elapsed));
  text += fmt::format("  {:<42}{:>14}{:>16}\n", "", "all", "a year");
  text += row("polls", quality.polls, totals);
  text += row("true exhaustions", quality.exhaustions, totals);
  text += row("  missed", quality.missed, totals);
  text += row("switches", quality.switches, totals);
  text += row("  in doubt: real banners, none blocked", quality.doubtful_switches, totals);
  text += row("  false", quality.false_switches, totals);
  text += row("  before the wall", static_cast<std::uint64_t>(totals.early.left), totals);
  text += row("    that would not have come", static_cast<std::uint64_t>(totals.early.for_nothing), totals);
  text += delay_text(quality);
  text += standstill_text(totals.asked, totals.unasked);
  text += coverage_text(totals.coverage);
  return text + fmt::format("{} failed on safety, {} on liveness\n", totals.safety_failures, totals.liveness_failures);
}

}  // namespace quotawatch
