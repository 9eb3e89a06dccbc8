// A pack: the rules that say what a screen means, as data.
//
// Built into the binary or a JSON file of the user's. Loaded by `run`, `replay`
// and `explain`, which compile it into a Judge; listed, shown and linted by
// `patterns`. docs/packs.md gives the format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

struct RuleExamples {
  std::vector<std::string> match;  // screens the rule must match
  std::vector<std::string> miss;   // and must not
};

struct Rule {
  std::string id;
  Verdict verdict = Verdict::exhausted;  // its "class"
  std::vector<RegionKind> regions;       // where it looks, its "in"
  std::string match;                     // expression, case ignored, ^ and $ at messages or rows
  std::optional<Milliseconds> window;    // longest time the limit can last
  LimitScope scope = LimitScope::account;
  bool counts = true;       // "counts": false: never a hit, whatever the config says
  bool own_reset = true;    // "resets": false: a time in it is another limit's
  bool ends_limit = false;  // "ends_limit": what is said above it is over
  RuleExamples examples;
  std::size_t line = 0;  // where it stands in its file
};

struct Pack {
  std::string name;
  std::string origin;  // the file it was read from, for errors
  // Part of this binary: its expressions and examples were checked when that was tested,
  // and are not again at each start.
  bool built_in = false;
  ScreenKind screen = ScreenKind::plain;
  std::size_t tail = 3;
  std::vector<Rule> rules;
  // A screen on which none of these stands says nothing; empty: every screen is read.
  std::vector<std::string> words;
  // Messages of the program's that neither say nor undo anything (hints, tips).
  std::vector<std::string> asides;
  // Messages that fit no rule and should have: reported as unrecognised.
  std::vector<std::string> near;
};

// Parses a pack and checks its form; the expressions and examples are checked
// when a Judge is made of it. Throws InputError with file, line and rule.
Pack parse_pack(std::string_view text, const std::string& origin);

// Names of the packs built into this binary, in order.
std::vector<std::string> builtin_pack_names();

// The JSON text of a built-in pack; nothing if there is none of that name.
std::optional<std::string_view> builtin_pack_text(std::string_view name);

// A built-in pack by name, else the file of that path. Throws InputError if it is
// neither, naming the packs there are.
Pack load_pack(const std::string& name_or_path);

// The same, and "auto" (the default): a pack for each known program and a last one
// for the screens of none.
std::vector<Pack> load_packs(const std::string& name_or_path);

}  // namespace quotawatch
