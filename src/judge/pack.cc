#include "quotawatch/pack.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "base/json_reader.h"
#include "base/text.h"
#include "judge/builtin_packs.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::size_t largest_pack = 1 << 20;
constexpr std::int64_t longest_tail = 1000;
constexpr std::string_view default_pack = "seed";

Verdict read_class(const JsonValue& value) {
  const std::string name = value.string();
  const std::vector<std::string> known{"exhausted",    "throttled", "warning",
                                       "server_error", "auth",      "clear"};
  const auto verdict = find_verdict(name);
  if (!verdict || *verdict == Verdict::unknown) {
    value.fail(fmt::format("{} is no class{}", in_quotes(name), suggest(name, known)));
  }
  return *verdict;
}

// Every rule carries an example of each kind: a rule nobody can test is a guess.
RuleExamples read_examples(const JsonValue& value) {
  const auto object = value.object({"match", "miss"});
  RuleExamples examples{object.require("match").strings(), object.require("miss").strings()};
  if (examples.match.empty()) {
    object.require("match").fail("is empty; at least one text that the rule must match is needed");
  }
  if (examples.miss.empty()) {
    object.require("miss").fail("is empty; at least one text that it must not match is needed");
  }
  return examples;
}

void check_regions(const JsonValue& value) {
  for (const auto& item : value.array()) {
    const std::string name = item.string();
    if (name != region_name(RegionKind::block)) {
      item.fail(fmt::format("a plain screen has no region {}{}", in_quotes(name),
                            suggest(name, {std::string(region_name(RegionKind::block))})));
    }
  }
}

Rule read_rule(const JsonValue& value) {
  const auto object = value.object({"id", "class", "in", "match", "window", "examples"});
  Rule rule;
  rule.line = value.line();
  rule.id = object.require("id").string();
  if (rule.id.empty() || make_snippet(rule.id) != rule.id) {
    object.require("id").fail("should be a short name on one line");
  }
  rule.verdict = read_class(object.require("class"));
  if (const auto regions = object.find("in")) check_regions(*regions);
  rule.match = object.require("match").string();
  if (rule.match.find('\0') != std::string::npos) object.require("match").fail("has a NUL in it");
  if (const auto window = object.find("window")) rule.window = window->duration(Milliseconds{1});
  rule.examples = read_examples(object.require("examples"));
  return rule;
}

}  // namespace

Pack parse_pack(std::string_view text, const std::string& origin) {
  check_text(text, origin);
  const JsonDocument document(text, origin);
  const auto root = JsonValue(document).object({"name", "screen", "tail", "rules"});
  Pack pack;
  pack.origin = origin;
  pack.name = root.require("name").string();
  if (pack.name.empty() || make_snippet(pack.name) != pack.name) {
    root.require("name").fail("should be a short name on one line");
  }
  const auto screen = root.require("screen");
  if (screen.string() != "plain") {
    screen.fail(fmt::format("{} is no kind of screen{}", in_quotes(screen.string()),
                            suggest(screen.string(), {"plain"})));
  }
  if (const auto tail = root.find("tail")) {
    pack.tail = static_cast<std::size_t>(tail->integer(1, longest_tail));
  }
  std::set<std::string> ids;
  const auto rules = root.require("rules");
  for (const auto& item : rules.array()) {
    pack.rules.push_back(read_rule(item));
    if (!ids.insert(pack.rules.back().id).second) {
      item.fail(fmt::format("the id {} is taken by a rule above", in_quotes(pack.rules.back().id)));
    }
  }
  if (pack.rules.empty()) rules.fail("is empty; a pack without a rule sees nothing");
  return pack;
}

std::vector<std::string> builtin_pack_names() {
  std::vector<std::string> names;
  for (const auto& pack : builtin_packs()) names.emplace_back(pack.name);
  return names;
}

std::optional<std::string_view> builtin_pack_text(std::string_view name) {
  for (const auto& pack : builtin_packs()) {
    if (pack.name == name) return pack.text;
  }
  return std::nullopt;
}

Pack load_pack(const std::string& name_or_path) {
  const std::string name = name_or_path == "auto" ? std::string(default_pack) : name_or_path;
  if (const auto text = builtin_pack_text(name)) return parse_pack(*text, "built-in pack " + name);
  std::error_code error;
  if (!std::filesystem::exists(name, error)) {
    throw InputError(name, 0,
                     fmt::format("is no file, and no built-in pack: these are auto, {}",
                                 fmt::join(builtin_pack_names(), ", ")));
  }
  return parse_pack(read_file(name, largest_pack), name);
}

}  // namespace quotawatch
