#include "commands/simulate_options.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cmath>
#include <stdexcept>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::uint64_t most_seeds = 10'000'000;

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

}  // namespace

std::vector<std::uint64_t> parse_seeds(const std::string& text) {
  static const RE2 form("(\\d{1,20})\\.\\.(\\d{1,20})");
  std::string first_text;
  std::string last_text;
  if (!RE2::FullMatch(text, form, &first_text, &last_text)) {
    throw InputError(
        "--seeds", 0,
        fmt::format("{} is no range of seeds; write 1..2000, or --seed for a single one", in_quotes(text)));
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

namespace {

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

}  // namespace

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

}  // namespace quotawatch
