// quotawatch patterns audit: how the packs judge the sentences about limits that stand in a program's own files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json_document.h"
#include "base/text.h"
#include "commands/patterns/patterns.h"
#include "commands/patterns/program_strings.h"
#include "judge/rules/ruleset.h"
#include "judge/screen/normalise.h"
#include "quotawatch/input_error.h"
#include "quotawatch/judge.h"
#include "report/console.h"
#include "sim/screens/fuzz_case.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

struct AuditOptions {
  std::vector<std::string> files;
  std::string pack = "auto";
  std::string program;
  bool json = false;
};

// What was made of a sentence in one place of the program's screen.
struct Judged {
  sim::Place place;
  std::string verdict;  // "exhausted", "ignored", "unrecognised", "nothing"
  std::string rule;
};

constexpr std::string_view reported = "unrecognised";
constexpr std::string_view ignored = "ignored";  // one of the pack's `asides`
constexpr std::string_view nothing = "nothing";

// True if the path names the program: "node_modules/@openai/codex/bin/codex".
bool is_named(const std::string& path, const Pack& pack) {
  constexpr std::size_t shortest_name = 4;
  const auto names = [&](const std::string& name) {
    return name.size() >= shortest_name && path.find(name) != std::string::npos;
  };
  return names(pack.name) || std::ranges::any_of(pack.programs, names);
}

const Pack& program_of(const std::string& file, const AuditOptions& options, const std::vector<Pack>& packs) {
  std::error_code error;
  const auto path = lower_case(std::filesystem::absolute(file, error).string());
  for (const auto& pack : packs) {
    if (options.program.empty() ? is_named(path, pack) : pack.name == options.program) return pack;
  }
  std::vector<std::string> names;
  for (const auto& pack : packs) names.push_back(pack.name);
  if (!options.program.empty()) {
    throw InputError("--program", 0,
                     fmt::format("{} has no pack{}", in_quotes(options.program), suggest(options.program, names)));
  }
  throw InputError(file, 0,
                   fmt::format("does not tell whose it is; say so with --program, one of: {}", fmt::join(names, ", ")));
}

// The sentence in each place in which the program may write it.
std::vector<Judged> judge_everywhere(const std::string& sentence, const Pack& pack, Judge& judge) {
  std::vector<Judged> all;
  const bool aside = Ruleset({&pack}, {}).is_aside(normalise(sentence).text);
  for (const auto region : {RegionKind::turn, RegionKind::notice, RegionKind::footer}) {
    for (const auto place : sim::places_of(pack.screen, region)) {
      const bool again = std::ranges::any_of(all, [&](const Judged& judged) { return judged.place == place; });
      if (again) continue;
      const Reading reading = judge.read(draw_screen(sim::bare_recipe(pack, place, sentence)));
      const bool judged = !reading.rule.empty();
      all.push_back({place,
                     judged                          ? std::string(verdict_name(reading.verdict))
                     : aside                         ? std::string(ignored)
                     : !reading.unrecognised.empty() ? std::string(reported)
                                                     : std::string(nothing),
                     reading.rule});
    }
  }
  return all;
}

// The place that says most: judged, else reported, else nothing.
const Judged& best_of(const std::vector<Judged>& all) {
  const auto found = std::ranges::find_if(all, [](const Judged& judged) { return !judged.rule.empty(); });
  if (found != all.end()) return *found;
  if (all.front().verdict == ignored) return all.front();
  const auto second = std::ranges::find(all, reported, &Judged::verdict);
  return second == all.end() ? all.front() : *second;
}

std::string places_without(const std::vector<Judged>& all) {
  std::string places;
  for (const auto& judged : all) {
    if (judged.verdict != nothing) continue;
    places += fmt::format("{}{}", places.empty() ? "" : ", ", sim::place_name(judged.place));
  }
  return places;
}

void print_judged(const std::string& file, const std::string& sentence, const std::vector<Judged>& all,
                  const AuditOptions& options) {
  const Judged& best = best_of(all);
  if (options.json) {
    Json places = Json::object();
    for (const auto& judged : all) {
      places[std::string(sim::place_name(judged.place))] = {{"verdict", judged.verdict}, {"rule", judged.rule}};
    }
    print_out(dump_line(Json{{"file", file},
                             {"sentence", sentence},
                             {"verdict", best.verdict},
                             {"rule", best.rule},
                             {"places", places}}) +
              "\n");
    return;
  }
  const auto without = places_without(all);
  const auto beside = best.verdict == nothing || without.empty() ? "" : fmt::format("  (nothing: {})", without);
  print_out(fmt::format("{:<13} {:<26} {}{}\n", best.verdict, best.rule, in_quotes(sentence), beside));
}

struct Counts {
  std::size_t judged = 0;
  std::size_t reported = 0;
  std::size_t nothing = 0;
};

void audit_file(const std::string& path, const AuditOptions& options, Judge& judge, Counts& counts) {
  const Pack& pack = program_of(path, options, judge.packs());
  FileReader file(path);
  const auto sentences = limit_sentences(file);
  if (!options.json) {
    print_out(fmt::format("{}: {} sentences, drawn on the screens of {}\n", escape_controls(path), sentences.size(),
                          pack.name));
  }
  for (const auto& sentence : sentences) {
    const auto all = judge_everywhere(sentence, pack, judge);
    const Judged& best = best_of(all);
    (!best.rule.empty() || best.verdict == ignored ? counts.judged
     : best.verdict == reported                    ? counts.reported
                                                   : counts.nothing) += 1;
    print_judged(path, sentence, all, options);
  }
}

int audit(const AuditOptions& options) {
  Judge judge(load_packs(options.pack));
  Counts counts;
  for (const auto& file : options.files) audit_file(file, options, judge, counts);
  const std::size_t all = counts.judged + counts.reported + counts.nothing;
  print_out(options.json ? dump_line(Json{
                               {"judged", counts.judged}, {"reported", counts.reported}, {"nothing", counts.nothing}}) +
                               "\n"
                         : fmt::format("{} sentences: {} judged, {} reported, {} nothing\n", all, counts.judged,
                                       counts.reported, counts.nothing));
  return counts.nothing == 0 ? exit_fine : exit_failed;
}

}  // namespace

void add_patterns_audit(CLI::App& patterns, Command& chosen) {
  auto options = std::make_shared<AuditOptions>();
  auto* command = patterns.add_subcommand(
      "audit",
      "Say how the packs judge the sentences about limits in a program's own files; exit status 1 if one is "
      "neither judged nor reported");
  command->add_option("file", options->files, "Binaries, JavaScript bundles, type files")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--program", options->program, "Whose files they are, by the name of its pack; else the path tells")
      ->type_name("NAME");
  command->add_option("--pack", options->pack, "auto, a built-in pack's name, or a pack file")
      ->type_name("PACK")
      ->capture_default_str();
  command->add_flag("--json", options->json, "One JSON object a line: sentences, totals");
  command->callback([options, &chosen] { chosen = [options] { return audit(*options); }; });
}

}  // namespace quotawatch
