// A pack: the rules that map screens to verdicts, as data.
//
// Built into the binary, or a JSON file of the user's. Loaded by `run`, `replay` and `explain`,
// which compile it into a Judge; listed, shown and linted by `patterns`. The format is described in
// docs/packs.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"
#include "quotawatch/verdict.h"
#include "quotawatch/zone.h"

namespace quotawatch {

struct RuleExamples {
  std::vector<std::string> match;  // screens the rule must match
  std::vector<std::string> miss;   // screens it must not match
};

struct Rule {
  std::string id;
  Verdict verdict = Verdict::exhausted;  // its "class"
  std::vector<RegionKind> regions;       // where it is tried, its "in"
  std::string match;                     // expression, case ignored, ^ and $ at messages or rows
  std::optional<Milliseconds> window;    // longest time the limit can last
  std::optional<Zone> zone;              // of its times that name none; else the host's
  LimitScope scope = LimitScope::account;
  bool counts = true;       // "counts": false: never a hit, whatever the config says
  bool own_reset = true;    // "resets": false: a time in it belongs to another limit
  bool ends_limit = false;  // "ends_limit": messages above it are no longer valid
  RuleExamples examples;
  std::size_t line = 0;  // in its file
  // From the pack that its own extends, where it is checked, or from the one that this extends, …; 0: its own.
  std::size_t inherited = 0;
};

// A menu whose answer is known: the entry that lets everything be as it is, or lets it go on.
struct Menu {
  std::string title;  // part of what stands over the entries, case ignored
  std::string safe;   // how that entry begins, likewise
  // That entry gives the conversation to another account, which the user has to allow.
  bool moves_conversation = false;

  bool operator==(const Menu&) const = default;
};

struct Pack {
  std::string name;
  std::string origin;  // its file, for errors
  // The pack whose rules follow its own: a built-in one, already joined to it; or "auto", which
  // load_packs() joins to each; empty: none.
  std::string extends;
  // Part of this binary: its expressions and examples are checked by tests, not at each start.
  bool built_in = false;
  ScreenKind screen = ScreenKind::plain;
  bool every_screen = false;  // extends "auto" and names no kind of screen
  std::size_t tail = 3;
  std::vector<Rule> rules;
  // A screen without any of these words is clear without being read; empty: every screen is read.
  std::vector<std::string> words;
  // The program's processes, as they call themselves: a pane in which one of them runs is the agent's,
  // whatever it shows.
  std::vector<std::string> programs;
  // Messages of the program that are irrelevant to limits (hints, tips).
  std::vector<std::string> asides;
  // Menus that may be answered so that a stopped session can go on.
  std::vector<Menu> menus;
  // Suspicious messages: reported as unrecognised if they fit no rule.
  std::vector<std::string> near;
};

// Parses a pack, joined to the one that it extends, and checks its form; expressions and examples are checked when a
// Judge is created. Throws InputError with file, line and rule.
Pack parse_pack(std::string_view text, const std::string& origin);

// The names of the built-in packs, in order.
std::vector<std::string> builtin_pack_names();

// The JSON text of a built-in pack; empty if there is none of that name.
std::optional<std::string_view> builtin_pack_text(std::string_view name);

// A built-in pack by its name, else the file at that path. Throws InputError, listing the built-in
// packs, if it is neither.
Pack load_pack(const std::string& name_or_path);

// The same, and "auto" (the default): one pack for each known program and a last one for all other
// screens. A pack that extends "auto" stands before each of them that it has rules for.
std::vector<Pack> load_packs(const std::string& name_or_path);

// The packs that this one stands for: itself, or all of "auto" with its rules before theirs.
std::vector<Pack> join_packs(Pack pack);

}  // namespace quotawatch
