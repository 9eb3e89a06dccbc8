// quotawatch explain: the verdict on one screen, with reasons; with --jsonl, on many screens.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/escapes.h"
#include "base/file_reader.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/host/system_clock.h"
#include "quotawatch/evidence.h"
#include "quotawatch/input_error.h"
#include "quotawatch/judge.h"
#include "report/console.h"
#include "report/explain_text.h"
#include "run/zone_choice.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest_screen = 1 << 20;
constexpr std::size_t longest_json_line = 8 << 20;

struct ExplainOptions {
  std::string file = "-";
  std::string pack = "auto";
  std::string at;
  std::string timezone;
  bool json = false;
  bool jsonl = false;
};

// When and where a screen was seen. If the time is unknown, nothing expires and nothing is dated.
struct SeenAt {
  std::optional<WallTime> at;
  Zone zone;
};

ZoneChoice find_zone(const std::string& name) {
  if (name.empty()) return choose_zone(Config{});
  if (const auto zone = Zone::find(name)) return {*zone, "from --timezone"};
  throw InputError("--timezone", 0, fmt::format("{} is no zone{}", in_quotes(name), Zone::suggest(name)));
}

SeenAt find_seen(const ExplainOptions& options, const Zone& zone) {
  if (options.at.empty()) return {os::read_system_clock().wall, zone};
  if (options.at == "unknown") return {std::nullopt, zone};
  if (const auto at = parse_wall(options.at)) return {at, zone};
  throw InputError("--at", 0,
                   fmt::format("{} is no time; write 2026-11-23T19:51:05Z, or unknown", in_quotes(options.at)));
}

// The screen is taken as new: a banner on it has just appeared.
Dated date_reading(const Reading& reading, const SeenAt& seen) {
  if (!seen.at || !names_limit(reading.verdict)) return {reading.verdict};
  const auto reset = date_reset(reading, seen.zone, {*seen.at, true}, *seen.at);
  return {reset.expired ? Verdict::clear : reading.verdict, reset};
}

Json optional_text(std::string_view text) { return text.empty() ? Json() : Json(text); }

// The fields that both --json and --jsonl print.
Json summary(const Reading& reading, const Dated& dated) {
  Json json;
  json["verdict"] = verdict_name(dated.verdict);
  json["rule"] = optional_text(reading.rule);
  json["line"] = optional_text(escape_controls(trim(reading.line)));
  json["row"] = reading.row == 0 ? Json() : Json(reading.row);
  json["reset_text"] = names_limit(reading.verdict) && reading.reset ? Json(reading.reset->text) : Json();
  json["reset_at"] = dated.reset.at ? Json(format_wall(*dated.reset.at)) : Json();
  json["expired"] = dated.reset.expired;
  json["unrecognised"] = optional_text(escape_controls(reading.unrecognised));
  return json;
}

std::string explain_json(const Explanation& explanation, const Dated& dated, const ZoneChoice& zone) {
  Json json = summary(explanation.reading, dated);
  const Reading& reading = explanation.reading;
  json["pack"] = explanation.pack;
  json["screen"] = screen_name(explanation.screen.kind);
  json["timezone"] = {{"name", zone.zone.name()}, {"why", zone.why}};
  json["scope"] = reading.scope == LimitScope::model ? "model" : "account";
  json["counts"] = reading.counts;
  json["rules"] = Json::array();
  for (const auto& finding : explanation.findings) {
    json["rules"].push_back({{"rule", finding.rule},
                             {"class", verdict_name(finding.verdict)},
                             {"row", finding.row},
                             {"column", finding.column == 0 ? Json() : Json(finding.column)},
                             {"decided", finding.decided},
                             {"reason", finding.reason}});
  }
  json["regions"] = Json::array();
  for (std::size_t row = 0; row < explanation.screen.rows.size(); ++row) {
    json["regions"].push_back({{"row", row + 1},
                               {"region", region_name(explanation.screen.regions[row])},
                               {"text", escape_controls(explanation.screen.rows[row])}});
  }
  return dump_line(json) + "\n";
}

// `-` is stdin.
std::unique_ptr<FileReader> open_input(const std::string& file) {
  return file == "-" ? std::make_unique<FileReader>() : std::make_unique<FileReader>(file);
}

std::string read_input(const std::string& file) {
  const auto input = open_input(file);
  std::string text = input->rest(largest_screen);
  check_text(text, input->name());
  return without_escapes(text);
}

int explain_one(const ExplainOptions& options) {
  Judge judge(load_packs(options.pack));
  const ZoneChoice zone = find_zone(options.timezone);
  const SeenAt seen = find_seen(options, zone.zone);
  const std::string text = read_input(options.file);
  const Explanation explanation = judge.explain(text);
  const Dated dated = date_reading(explanation.reading, seen);
  print_out(options.json ? explain_json(explanation, dated, zone) : explain_text(explanation, dated, zone));
  return exit_fine;
}

// One object of --jsonl; missing fields are taken from the options.
struct Request {
  Json id;
  std::string screen;
  SeenAt seen;
};

Request parse_request(const std::string& line, const std::string& origin, std::size_t number, const SeenAt& usual) {
  const JsonDocument document(line, origin, number);
  const auto object = JsonValue(document).object({"id", "screen", "at", "timezone"});
  Request request{Json(), object.require("screen").string(), usual};
  if (document.root().contains("id")) request.id = Json(document.root()["id"]);
  if (request.screen.size() > largest_screen) object.require("screen").fail("is larger than 1 MiB");
  request.screen = without_escapes(request.screen);
  if (request.screen.find('\0') != std::string::npos) object.require("screen").fail("has a NUL in it");
  if (const auto at = object.find("at")) {
    request.seen.at = at->is_null() ? std::nullopt : std::optional(at->wall_time());
  }
  if (const auto name = object.find("timezone")) {
    const auto zone = Zone::find(name->string());
    if (!zone) name->fail(fmt::format("{} is no zone{}", in_quotes(name->string()), Zone::suggest(name->string())));
    request.seen.zone = *zone;
  }
  return request;
}

int explain_many(const ExplainOptions& options) {
  Judge judge(load_packs(options.pack));
  const SeenAt usual = find_seen(options, find_zone(options.timezone).zone);
  const auto input = open_input(options.file);
  std::string line;
  while (input->next_line(line, longest_json_line)) {
    if (trim(line).empty()) continue;
    const Request request = parse_request(line, input->name(), input->line_number(), usual);
    const Reading reading = judge.read(request.screen);
    Json json{{"id", request.id}};
    json.update(summary(reading, date_reading(reading, request.seen)));
    print_out(dump_line(json) + "\n");
  }
  return exit_fine;
}

}  // namespace

void add_explain(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = app.add_subcommand("explain", "Explain the verdict on one screen");
  command->add_option("file", options->file, "A file with the screen's text; - is stdin")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--pack", options->pack, "auto, a built-in pack's name, or a pack file")
      ->type_name("PACK")
      ->capture_default_str();
  command->add_option("--at", options->at, "When the screen was seen: 2026-11-23T19:51:05Z, or unknown (default: now)")
      ->type_name("TIME");
  command->add_option("--timezone", options->timezone, "The zone of times without one (default: this host's)")
      ->type_name("ZONE");
  auto* json = command->add_flag("--json", options->json, "One JSON object instead of text");
  command
      ->add_flag("--jsonl", options->jsonl,
                 "Read objects {\"id\", \"screen\", \"at\"?, \"timezone\"?}, one a line, and "
                 "answer each with one")
      ->excludes(json);
  add_color_option(*command);
  command->callback([options, &chosen] {
    chosen = [options] { return options->jsonl ? explain_many(*options) : explain_one(*options); };
  });
}

}  // namespace quotawatch
