#include "report/seed_report.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <vector>

#include "base/json_document.h"
#include "base/json_reader.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

// Every number of a report with its name in JSON: read and written alike.
template <typename Report, typename Visit>
void visit_numbers(Report& report, Visit visit) {
  visit("simulated_ms", report.simulated);
  visit("hosts", report.hosts);
  visit("polls", report.quality.polls);
  visit("switches", report.quality.switches);
  visit("false_switches", report.quality.false_switches);
  visit("doubtful_switches", report.quality.doubtful_switches);
  visit("exhaustions", report.quality.exhaustions);
  visit("missed", report.quality.missed);
  visit("delays", report.quality.delays);
  visit("delay_sum_ms", report.quality.delay_sum);
  visit("delay_max_ms", report.quality.delay_max);
  visit("early_switches", report.early.left);
  visit("early_for_nothing", report.early.for_nothing);
  visit("watched_ms", report.standstill.watched);
  visit("stood_still_ms", report.standstill.stood_still);
  visit("unhindered_ms", report.standstill.unhindered);
}

template <typename Failure, typename Visit>
void visit_texts(Failure& failure, Visit visit) {
  visit("invariant", failure.invariant);
  visit("offset", failure.offset);
  visit("what", failure.what);
  visit("again", failure.again);
  visit("transcript", failure.transcript);
  visit("minimised", failure.minimised);
  visit("knobs", failure.knobs);
}

std::int64_t to_number(Milliseconds span) { return span.count(); }
std::int64_t to_number(int count) { return count; }
std::int64_t to_number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

// The largest number that sums of many seeds have room for.
template <typename Number>
constexpr std::int64_t most_of = std::is_same_v<Number, int> ? std::numeric_limits<int>::max() / 1024
                                                             : std::numeric_limits<std::int64_t>::max() / (1 << 24);

std::vector<std::string> known_keys() {
  std::vector<std::string> keys{"seed", "digest", "asks_to_go_on", "reached", "failure"};
  SeedReport none;
  visit_numbers(none, [&](const char* name, auto&) { keys.emplace_back(name); });
  return keys;
}

std::vector<std::string> known_failure_keys() {
  std::vector<std::string> keys;
  SeedFailure none;
  visit_texts(none, [&](const char* name, std::string&) { keys.emplace_back(name); });
  return keys;
}

sim::Coverage read_reached(const JsonValue& value) {
  sim::Coverage coverage;
  for (const auto& [name, count] : value.members()) {
    const auto mark = sim::find_mark(name);
    if (!mark) count.fail("is no path that this version knows; merge with the version that wrote it");
    coverage.times[static_cast<std::size_t>(*mark)] =
        static_cast<std::uint64_t>(count.integer(0, most_of<std::uint64_t>));
  }
  return coverage;
}

}  // namespace

SeedReport seed_report(const sim::SimulationResult& result, Milliseconds simulated) {
  return {result.seed,     result.digest,     simulated,    result.hosts,         result.quality,
          result.coverage, result.standstill, result.early, result.asks_to_go_on, std::nullopt};
}

std::string seed_json(const SeedReport& report) {
  Json object{{"seed", report.seed}, {"digest", report.digest}};
  visit_numbers(report, [&](const char* name, const auto& number) { object[name] = to_number(number); });
  object["asks_to_go_on"] = report.asks_to_go_on;
  object["reached"] = Json::object();
  for (std::size_t i = 0; i < sim::mark_count; ++i) {
    if (report.coverage.times[i] == 0) continue;
    object["reached"][std::string(sim::mark_name(static_cast<sim::Mark>(i)))] = report.coverage.times[i];
  }
  object["failure"] = nullptr;
  if (report.failure) {
    Json& failure = object["failure"] = Json::object();
    visit_texts(*report.failure, [&](const char* name, const std::string& text) { failure[name] = text; });
  }
  return dump_line(object) + "\n";
}

SeedReport parse_seed_json(std::string_view line, const std::string& file, std::size_t number) {
  const JsonDocument document(line, file, number);
  const JsonObject object = JsonValue(document).object(known_keys());
  SeedReport report;
  report.seed = object.require("seed").unsigned_integer();
  report.digest = object.require("digest").string();
  visit_numbers(report, [&](const char* name, auto& into) {
    using Number = std::remove_reference_t<decltype(into)>;
    into = static_cast<Number>(object.require(name).integer(0, most_of<Number>));
  });
  report.asks_to_go_on = object.require("asks_to_go_on").boolean();
  report.coverage = read_reached(object.require("reached"));
  const JsonValue failure = object.require("failure");
  if (failure.is_null()) return report;
  const JsonObject texts = failure.object(known_failure_keys());
  visit_texts(report.failure.emplace(),
              [&](const char* name, std::string& into) { into = texts.require(name).string(); });
  return report;
}

}  // namespace quotawatch
