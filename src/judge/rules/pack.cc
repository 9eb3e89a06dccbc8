#include "quotawatch/pack.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/json_reader.h"
#include "base/text.h"
#include "judge/rules/builtin_packs.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::size_t largest_pack = 1 << 20;
constexpr std::int64_t longest_tail = 1000;
constexpr std::array<std::string_view, 4> automatic_packs{"claude-code", "codex", "gemini", "others"};

Verdict read_class(const JsonValue& value) {
  const std::string name = value.string();
  const std::vector<std::string> known{"exhausted", "throttled", "warning", "server_error", "auth", "clear"};
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

// Where rules of such a screen can look, by name.
std::vector<std::string> known_regions(ScreenKind screen) {
  if (screen == ScreenKind::plain) return {"block"};
  return {"turn", "notice", "panel", "footer"};
}

std::vector<RegionKind> read_regions(const std::optional<JsonValue>& value, ScreenKind screen) {
  const auto known = known_regions(screen);
  if (!value) return {*find_region(known.front())};
  std::vector<RegionKind> regions;
  for (const auto& item : value->array()) {
    const std::string name = item.string();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      item.fail(
          fmt::format("a {} screen has no region {}{}", screen_name(screen), in_quotes(name), suggest(name, known)));
    }
    regions.push_back(*find_region(name));
  }
  if (regions.empty()) value->fail("is empty; a rule that looks nowhere sees nothing");
  return regions;
}

LimitScope read_scope(const JsonValue& value) {
  const std::string name = value.string();
  if (name == "account") return LimitScope::account;
  if (name == "model") return LimitScope::model;
  value.fail(fmt::format("{} is no scope of a limit{}", in_quotes(name), suggest(name, {"account", "model"})));
}

// How much is known of a pack before it is read.
enum class Trust { none, built_in };

std::string read_expression(const JsonValue& value, Trust trust) {
  std::string expression = value.string();
  if (expression.empty()) value.fail("is empty; it would match everything");
  if (expression.find('\0') != std::string::npos) value.fail("has a NUL in it");
  if (trust == Trust::built_in) return expression;
  const RE2 compiled(expression, RE2::Quiet);
  if (!compiled.ok()) {
    value.fail(fmt::format("the expression {} cannot be used: {}", in_quotes(expression), compiled.error()));
  }
  return expression;
}

std::vector<std::string> read_expressions(const JsonObject& object, const std::string& key, Trust trust) {
  std::vector<std::string> expressions;
  const auto list = object.find(key);
  if (!list) return expressions;
  for (const auto& item : list->array()) expressions.push_back(read_expression(item, trust));
  return expressions;
}

// Words are looked for in the raw text, where spaces may be of any kind and a row may
// end between two: only single words of letters and digits are sure to be found.
std::vector<std::string> read_words(const JsonValue& value) {
  std::vector<std::string> words = value.strings();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool plain = std::all_of(words[i].begin(), words[i].end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    if (plain && !words[i].empty()) continue;
    value.array()[i].fail(fmt::format("{} should be one word of small letters and digits", in_quotes(words[i])));
  }
  return words;
}

void read_flag(const JsonObject& object, const std::string& key, bool& flag) {
  if (const auto value = object.find(key)) flag = value->boolean();
}

Zone read_zone_of_rule(const JsonValue& value) {
  const std::string name = value.string();
  const auto zone = Zone::find(name);
  if (!zone) value.fail(fmt::format("{} is no zone{}", in_quotes(name), Zone::suggest(name)));
  return *zone;
}

Rule read_rule(const JsonValue& value, ScreenKind screen) {
  const auto object = value.object(
      {"id", "class", "in", "match", "window", "zone", "scope", "counts", "resets", "ends_limit", "examples"});
  Rule rule;
  rule.line = value.line();
  rule.id = object.require("id").string();
  if (rule.id.empty() || make_snippet(rule.id) != rule.id) {
    object.require("id").fail("should be a short name on one line");
  }
  if (rule.id == limit_by_shape) object.require("id").fail("is the name of what judges banners that fit no rule");
  rule.verdict = read_class(object.require("class"));
  rule.regions = read_regions(object.find("in"), screen);
  rule.match = object.require("match").string();
  if (rule.match.find('\0') != std::string::npos) object.require("match").fail("has a NUL in it");
  if (const auto scope = object.find("scope")) rule.scope = read_scope(*scope);
  read_flag(object, "counts", rule.counts);
  read_flag(object, "resets", rule.own_reset);
  read_flag(object, "ends_limit", rule.ends_limit);
  if (const auto zone = object.find("zone")) rule.zone = read_zone_of_rule(*zone);
  if (const auto window = object.find("window")) rule.window = window->duration(Milliseconds{1});
  rule.examples = read_examples(object.require("examples"));
  return rule;
}

std::string read_words_of_menu(const JsonObject& object, const std::string& key) {
  std::string words = object.require(key).string();
  if (trim(words).empty()) object.require(key).fail("is empty; it would stand for every menu");
  return words;
}

Menu read_menu(const JsonValue& value) {
  const auto object = value.object({"title", "safe", "moves_conversation"});
  Menu menu{read_words_of_menu(object, "title"), read_words_of_menu(object, "safe")};
  read_flag(object, "moves_conversation", menu.moves_conversation);
  return menu;
}

Pack parse(std::string_view text, const std::string& origin, Trust trust) {
  check_text(text, origin);
  const JsonDocument document(text, origin);
  const auto root =
      JsonValue(document).object({"name", "screen", "programs", "tail", "words", "asides", "near", "menus", "rules"});
  Pack pack;
  pack.origin = origin;
  pack.built_in = trust == Trust::built_in;
  pack.name = root.require("name").string();
  if (pack.name.empty() || make_snippet(pack.name) != pack.name) {
    root.require("name").fail("should be a short name on one line");
  }
  const auto screen = root.require("screen");
  const auto kind = find_screen_kind(screen.string());
  if (!kind) {
    screen.fail(
        fmt::format("{} is no kind of screen{}", in_quotes(screen.string()), suggest(screen.string(), screen_names())));
  }
  pack.screen = *kind;
  if (const auto tail = root.find("tail")) {
    if (pack.screen != ScreenKind::plain) {
      tail->fail(fmt::format("belongs to plain screens; {} screens have regions", screen_name(pack.screen)));
    }
    pack.tail = static_cast<std::size_t>(tail->integer(1, longest_tail));
  }
  if (const auto programs = root.find("programs")) pack.programs = programs->strings();
  if (const auto words = root.find("words")) pack.words = read_words(*words);
  pack.asides = read_expressions(root, "asides", trust);
  pack.near = read_expressions(root, "near", trust);
  if (const auto menus = root.find("menus")) {
    for (const auto& item : menus->array()) pack.menus.push_back(read_menu(item));
  }
  std::set<std::string> ids;
  const auto rules = root.require("rules");
  for (const auto& item : rules.array()) {
    pack.rules.push_back(read_rule(item, pack.screen));
    if (!ids.insert(pack.rules.back().id).second) {
      item.fail(fmt::format("the id {} is taken by a rule above", in_quotes(pack.rules.back().id)));
    }
  }
  if (pack.rules.empty()) rules.fail("is empty; a pack without a rule sees nothing");
  return pack;
}

}  // namespace

Pack parse_pack(std::string_view text, const std::string& origin) { return parse(text, origin, Trust::none); }

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
  if (const auto text = builtin_pack_text(name_or_path)) {
    return parse(*text, "built-in pack " + name_or_path, Trust::built_in);
  }
  std::error_code error;
  if (!std::filesystem::exists(name_or_path, error)) {
    throw InputError(
        name_or_path, 0,
        fmt::format("is no file, and no built-in pack: these are auto, {}", fmt::join(builtin_pack_names(), ", ")));
  }
  return parse_pack(read_file(name_or_path, largest_pack), name_or_path);
}

std::vector<Pack> load_packs(const std::string& name_or_path) {
  std::vector<Pack> packs;
  if (name_or_path == "auto") {
    for (const auto name : automatic_packs) packs.push_back(load_pack(std::string(name)));
  } else {
    packs.push_back(load_pack(name_or_path));
  }
  return packs;
}

}  // namespace quotawatch
