// quotawatch patterns fuzz: finds mutated messages that a pack misses, and lookalikes that it
// matches.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/json_document.h"
#include "base/text.h"
#include "commands/patterns/patterns.h"
#include "report/console.h"
#include "sim/screens/pattern_fuzz.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

using sim::FuzzFinding;
using sim::FuzzKind;
using sim::FuzzReport;

struct FuzzOptions {
  std::string pack;
  std::uint64_t seed = 1;
  std::size_t mutations = 10'000;
  bool json = false;
  bool verbose = false;
};

struct Totals {
  std::size_t tried = 0;
  std::size_t escaped = 0;
  std::size_t fooled = 0;
};

Totals totals_of(const FuzzReport& report) {
  Totals totals;
  for (const auto& row : report.rows) {
    for (std::size_t i = 0; i < row.kinds.size(); ++i) {
      totals.tried += row.kinds[i].tried;
      (sim::keeps_meaning(static_cast<FuzzKind>(i)) ? totals.escaped : totals.fooled) += row.kinds[i].wrong;
    }
  }
  return totals;
}

std::string_view fault_of(const FuzzFinding& finding) {
  return sim::keeps_meaning(finding.kind) ? "escaped" : "fooled";
}

// Rules by kinds of mutation: failures and tries.
std::string table(const FuzzReport& report) {
  std::string text = fmt::format("{:<28}", "rule");
  for (std::size_t i = 0; i < sim::fuzz_kind_count; ++i) {
    text += fmt::format(" {:>8}", sim::fuzz_kind_name(static_cast<FuzzKind>(i)));
  }
  text += '\n';
  std::string_view pack;
  for (const auto& row : report.rows) {
    if (row.pack != pack) text += fmt::format("{}\n", escape_controls(row.pack));
    pack = row.pack;
    text += fmt::format("  {:<26}", escape_controls(row.rule));
    for (const auto& count : row.kinds) {
      const auto wrong = count.wrong > 0 ? fmt::format("{}/", count.wrong) : "";
      text += fmt::format(" {:>8}", count.tried > 0 ? fmt::format("{}{}", wrong, count.tried) : "-");
    }
    text += '\n';
  }
  return text;
}

std::string finding_text(const FuzzFinding& finding, const FuzzOptions& options) {
  std::string text =
      fmt::format("\n{}:{}: rule {}: {} {} of {}: wanted {}; got {}\n", escape_controls(finding.origin), finding.line,
                  in_quotes(finding.rule), fault_of(finding),
                  finding.times == 1 ? "1 time" : fmt::format("{} times", finding.times),
                  sim::fuzz_kind_name(finding.kind), escape_controls(finding.wanted), escape_controls(finding.got));
  text += fmt::format("  example  {}\n  changed  {}\n", in_quotes(finding.example), finding.changed);
  text += fmt::format("  again    quotawatch patterns fuzz {} --seed {} --mutations 1\n", escape_controls(options.pack),
                      finding.seed);
  for (const auto row : split_lines(finding.screen)) {
    text += fmt::format("  |{}\n", escape_controls(row));
  }
  return text;
}

std::string report_text(const FuzzReport& report, const FuzzOptions& options) {
  std::string text = options.verbose ? table(report) : "";
  for (const auto& finding : report.findings) text += finding_text(finding, options);
  const Totals totals = totals_of(report);
  text += fmt::format("{}{} tried, {} escaped, {} fooled; seed {}\n", text.empty() ? "" : "\n", totals.tried,
                      totals.escaped, totals.fooled, options.seed);
  return text;
}

std::string report_json(const FuzzReport& report, const FuzzOptions& options) {
  std::string text;
  for (const auto& finding : report.findings) {
    text += dump_line(Json{{"fault", fault_of(finding)},
                           {"pack", finding.origin},
                           {"line", finding.line},
                           {"rule", finding.rule},
                           {"kind", sim::fuzz_kind_name(finding.kind)},
                           {"times", finding.times},
                           {"seed", finding.seed},
                           {"example", finding.example},
                           {"changed", finding.changed},
                           {"wanted", finding.wanted},
                           {"got", finding.got},
                           {"screen", finding.screen}}) +
            "\n";
  }
  for (const auto& row : report.rows) {
    Json counts = Json::object();
    for (std::size_t i = 0; i < row.kinds.size(); ++i) {
      if (row.kinds[i].tried == 0) continue;
      counts[std::string(sim::fuzz_kind_name(static_cast<FuzzKind>(i)))] = {{"tried", row.kinds[i].tried},
                                                                            {"wrong", row.kinds[i].wrong}};
    }
    text += dump_line(Json{{"pack", row.pack}, {"rule", row.rule}, {"counts", counts}}) + "\n";
  }
  const Totals totals = totals_of(report);
  return text +
         dump_line(Json{
             {"tried", totals.tried}, {"escaped", totals.escaped}, {"fooled", totals.fooled}, {"seed", options.seed}}) +
         "\n";
}

int fuzz(const FuzzOptions& options) {
  sim::FuzzOptions fuzzing{options.seed, options.mutations, {}};
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (terminal) {
    fuzzing.progress = [&](std::size_t done) { fmt::print(stderr, "\r{} of {}", done, options.mutations); };
  }
  const FuzzReport report = fuzz_patterns(load_packs(options.pack), fuzzing);
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  print_out(options.json ? report_json(report, options) : report_text(report, options));
  return report.findings.empty() ? exit_fine : exit_failed;
}

}  // namespace

void add_patterns_fuzz(CLI::App& patterns, Command& chosen) {
  auto options = std::make_shared<FuzzOptions>();
  auto* command =
      patterns.add_subcommand("fuzz", "Find mutated messages that a pack misses, and lookalikes that it matches");
  command->add_option("pack", options->pack, "auto, a built-in pack's name, or a pack file")
      ->type_name("PACK")
      ->required();
  command->add_option("--seed", options->seed, "The same seed makes the same mutations")
      ->type_name("N")
      ->capture_default_str();
  constexpr std::size_t most_mutations = 100'000'000;
  command->add_option("--mutations", options->mutations, "How many")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, most_mutations))
      ->capture_default_str();
  command->add_flag("-v,--verbose", options->verbose, "The table of all rules and kinds of mutations, too");
  command->add_flag("--json", options->json, "One JSON object a line: findings, rules, totals");
  command->callback([options, &chosen] { chosen = [options] { return fuzz(*options); }; });
}

}  // namespace quotawatch
