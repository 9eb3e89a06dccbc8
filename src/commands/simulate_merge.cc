#include "commands/simulate_merge.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <map>

#include "base/file_reader.h"
#include "base/text.h"
#include "commands/simulate_options.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::size_t longest_line = 1 << 20;
constexpr std::size_t most_named = 5;

struct Place {
  std::string file;
  std::size_t line = 0;
};

class Merging {
 public:
  void read(const std::string& path) {
    FileReader file(path);
    std::string line;
    const std::size_t before = reports_.size();
    while (file.next_line(line, longest_line)) {
      if (trim(line).empty()) continue;
      take(parse_seed_json(line, file.name(), file.line_number()), {file.name(), file.line_number()});
    }
    if (reports_.size() == before) throw InputError(path, 0, "is empty; it should hold the output of simulate --json");
  }

  std::vector<SeedReport> take_sorted() {
    std::ranges::sort(reports_, {}, &SeedReport::seed);
    return std::move(reports_);
  }

 private:
  void take(SeedReport report, const Place& place) {
    const auto [first, fresh] = places_.emplace(report.seed, place);
    if (!fresh) {
      throw InputError(place.file, place.line,
                       fmt::format("seed {} is already in line {} of {}; each seed counts once", report.seed,
                                   first->second.line, in_quotes(first->second.file)));
    }
    reports_.push_back(std::move(report));
  }

  std::vector<SeedReport> reports_;
  std::map<std::uint64_t, Place> places_;
};

// "2, 4, 6, 8, 10 and 145 more"
std::string named(const std::vector<std::uint64_t>& seeds) {
  const std::size_t shown = std::min(seeds.size(), most_named);
  const std::string text =
      fmt::format("{}", fmt::join(seeds.begin(), seeds.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return seeds.size() > shown ? fmt::format("{} and {} more", text, seeds.size() - shown) : text;
}

void refuse_other_seeds(const std::vector<SeedReport>& reports, const std::string& seeds) {
  std::vector<std::uint64_t> missing;
  auto next = reports.begin();
  for (const auto seed : parse_seeds(seeds)) {
    if (next != reports.end() && next->seed < seed) break;
    if (next == reports.end() || next->seed != seed) {
      missing.push_back(seed);
    } else {
      ++next;
    }
  }
  if (!missing.empty()) {
    throw InputError("--merge", 0, fmt::format("of the seeds {} these are missing: {}", seeds, named(missing)));
  }
  if (next != reports.end()) {
    throw InputError("--merge", 0, fmt::format("seed {} is none of the seeds {}", next->seed, seeds));
  }
}

void tell_gap(const std::vector<SeedReport>& reports) {
  const auto gap = std::ranges::adjacent_find(
      reports, [](const auto& left, const auto& right) { return left.seed + 1 != right.seed; });
  if (gap == reports.end()) return;
  spdlog::warn("--merge: seed {} is missing, and maybe others; --seeds A..B says which there should be", gap->seed + 1);
}

}  // namespace

std::vector<SeedReport> read_seed_reports(const std::vector<std::string>& files, const std::string& seeds) {
  Merging merging;
  for (const auto& file : files) merging.read(file);
  auto reports = merging.take_sorted();
  if (seeds.empty()) {
    tell_gap(reports);
  } else {
    refuse_other_seeds(reports, seeds);
  }
  return reports;
}

}  // namespace quotawatch
