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
#include "judge/rules/pack_extension.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

constexpr std::size_t largest_pack = 1 << 20;
constexpr std::int64_t longest_tail = 1000;
constexpr std::string_view automatic = "auto";
// All built-in packs but the one that quotawatch began from.
bool is_automatic(std::string_view name) { return name != "seed"; }

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

std::string screens_called(std::optional<ScreenKind> screen) {
  if (!screen) return "a screen";
  const auto name = screen_name(*screen);
  const bool vowel = name.find_first_of("aeiou") == 0;
  return fmt::format("{} {} screen", vowel ? "an" : "a", name);
}

std::vector<RegionKind> read_regions(const std::optional<JsonValue>& value, std::optional<ScreenKind> screen) {
  const auto known = known_regions(screen);
  if (!value) return {*find_region(known.front())};
  std::vector<RegionKind> regions;
  for (const auto& item : value->array()) {
    const std::string name = item.string();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      item.fail(fmt::format("{} has no region {}{}", screens_called(screen), in_quotes(name), suggest(name, known)));
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

Rule read_rule(const JsonValue& value, std::optional<ScreenKind> screen) {
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

Pack parse(std::string_view text, const std::string& origin, Trust trust);

Pack load_builtin(std::string_view name, std::string_view text) {
  return parse(text, fmt::format("built-in pack {}", name), Trust::built_in);
}

std::string read_extends(const JsonValue& value) {
  const std::string name = value.string();
  std::vector<std::string> known{std::string(automatic)};
  for (const auto& builtin : builtin_pack_names()) known.push_back(builtin);
  if (std::ranges::find(known, name) == known.end()) {
    value.fail(fmt::format("{} is no built-in pack{}", in_quotes(name), suggest(name, known)));
  }
  return name;
}

ScreenKind read_screen_kind(const JsonValue& value) {
  const auto kind = find_screen_kind(value.string());
  if (!kind) {
    value.fail(
        fmt::format("{} is no kind of screen{}", in_quotes(value.string()), suggest(value.string(), screen_names())));
  }
  return *kind;
}

void read_rules(const JsonValue& rules, std::optional<ScreenKind> screen, Pack& pack) {
  std::set<std::string> ids;
  for (const auto& item : rules.array()) {
    pack.rules.push_back(read_rule(item, screen));
    if (!ids.insert(pack.rules.back().id).second) {
      item.fail(fmt::format("the id {} is taken by a rule above", in_quotes(pack.rules.back().id)));
    }
  }
  if (pack.rules.empty() && pack.extends.empty()) rules.fail("is empty; a pack without a rule sees nothing");
}

void read_lists(const JsonObject& root, Trust trust, Pack& pack) {
  if (const auto programs = root.find("programs")) pack.programs = programs->strings();
  if (const auto words = root.find("words")) pack.words = read_words(*words);
  pack.asides = read_expressions(root, "asides", trust);
  pack.near = read_expressions(root, "near", trust);
  if (const auto menus = root.find("menus")) {
    for (const auto& item : menus->array()) pack.menus.push_back(read_menu(item));
  }
}

Pack parse(std::string_view text, const std::string& origin, Trust trust) {
  check_text(text, origin);
  const JsonDocument document(text, origin);
  const auto root = JsonValue(document).object(
      {"name", "extends", "screen", "programs", "tail", "words", "asides", "near", "menus", "rules"});
  Pack pack;
  pack.origin = origin;
  pack.built_in = trust == Trust::built_in;
  pack.name = root.require("name").string();
  if (pack.name.empty() || make_snippet(pack.name) != pack.name) {
    root.require("name").fail("should be a short name on one line");
  }
  std::optional<Pack> base;
  if (const auto extends = root.find("extends")) {
    pack.extends = read_extends(*extends);
    if (pack.extends != automatic) base = load_pack(pack.extends);
  }
  // A pack that extends all of them may be for all kinds of screens.
  std::optional<ScreenKind> screen;
  const auto given = pack.extends.empty() ? root.require("screen") : root.find("screen");
  if (given) screen = read_screen_kind(*given);
  if (!screen && base) screen = base->screen;
  pack.every_screen = !screen;
  pack.screen = screen.value_or(ScreenKind::plain);
  if (base) pack.tail = base->tail;
  if (const auto tail = root.find("tail")) {
    if (pack.screen != ScreenKind::plain) {
      tail->fail(fmt::format("belongs to plain screens; {} screens have regions", screen_name(pack.screen)));
    }
    pack.tail = static_cast<std::size_t>(tail->integer(1, longest_tail));
  }
  read_lists(root, trust, pack);
  read_rules(root.require("rules"), screen, pack);
  if (base) extend(pack, *base);
  return pack;
}

// The pack joined to each of the automatic ones whose screens it is for.
std::vector<Pack> extend_automatic(const Pack& pack) {
  std::vector<Pack> packs;
  for (auto& base : load_packs(std::string(automatic))) {
    if (!pack.every_screen && base.screen != pack.screen) {
      packs.push_back(std::move(base));
      continue;
    }
    Pack joined = pack;
    joined.screen = base.screen;
    joined.tail = base.tail;
    joined.rules.clear();
    for (const auto& rule : pack.rules) {
      if (auto moved = moved_to(rule, base.screen)) joined.rules.push_back(std::move(*moved));
    }
    extend(joined, base);
    packs.push_back(std::move(joined));
  }
  return packs;
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
    return load_builtin(name_or_path, *text);
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
  if (name_or_path != automatic) return join_packs(load_pack(name_or_path));
  std::vector<Pack> packs;
  for (const auto& builtin : builtin_packs()) {
    if (is_automatic(builtin.name)) packs.push_back(load_builtin(builtin.name, builtin.text));
  }
  return packs;
}

std::vector<Pack> join_packs(Pack pack) {
  if (pack.extends == automatic) return extend_automatic(pack);
  std::vector<Pack> packs;
  packs.push_back(std::move(pack));
  return packs;
}

}  // namespace quotawatch
