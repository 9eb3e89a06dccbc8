// quotawatch patterns: lists the packs, shows them and checks them.
#include "commands/patterns/patterns.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/text.h"
#include "commands/commands.h"
#include "quotawatch/input_error.h"
#include "quotawatch/pack.h"
#include "report/console.h"

namespace quotawatch {
namespace {

std::string screens_of(const Pack& pack) {
  return fmt::format("{:>2} rules, {} screens", pack.rules.size(), screen_name(pack.screen));
}

int list() {
  for (const auto& name : builtin_pack_names()) {
    const Pack pack = load_pack(name);
    const std::string where =
        pack.screen == ScreenKind::plain ? fmt::format("the last {} non-blank lines", pack.tail) : "its regions";
    print_out(fmt::format("{:<16} {}, {}\n", pack.name, screens_of(pack), where));
  }
  return exit_fine;
}

// What auto is, as comments, and a pack of the reader's own that adds to it.
std::string show_automatic() {
  std::string text =
      "// auto judges each screen by the packs of the program that drew it, and a screen on which no program is\n"
      "// recognised by all of them:\n//\n";
  for (const auto& pack : load_packs("auto")) {
    const auto base = pack.extends.empty() ? "" : fmt::format(", extends {}", pack.extends);
    text += fmt::format("//   {:<14} {}{}\n", pack.name, screens_of(pack), base);
  }
  return text +
         "//\n// quotawatch patterns show NAME prints one of them. Rules put into this file come before all of "
         "theirs.\n"
         "{\n  \"name\": \"mine\",\n  \"extends\": \"auto\",\n  \"rules\": [\n  ]\n}\n";
}

int show(const std::string& name) {
  if (name == "auto") {
    print_out(show_automatic());
    return exit_fine;
  }
  if (const auto text = builtin_pack_text(name)) {
    print_out(*text);
    return exit_fine;
  }
  std::vector<std::string> known = builtin_pack_names();
  known.emplace_back("auto");
  throw InputError(name, 0, "is no built-in pack" + suggest(name, known));
}

}  // namespace

void add_patterns(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("patterns", "List, show and check pattern packs");
  command->require_subcommand(1);
  command->add_subcommand("list", "List the built-in packs")->callback([&chosen] { chosen = list; });
  auto name = std::make_shared<std::string>();
  auto* show_command =
      command->add_subcommand("show", "Print the file of a built-in pack; of auto, what it consists of");
  show_command->add_option("pack", *name, "Its name, or auto")->type_name("PACK")->required();
  show_command->callback([name, &chosen] { chosen = [name] { return show(*name); }; });
  auto path = std::make_shared<std::string>();
  auto* lint_command = command->add_subcommand("lint", "Check a pack file: its form, its expressions, its examples");
  lint_command->add_option("file", *path, "A pack file, or a built-in pack's name")->type_name("FILE")->required();
  lint_command->callback([path, &chosen] { chosen = [path] { return lint_pack(*path); }; });
  add_patterns_add(*command, chosen);
  add_patterns_audit(*command, chosen);
  add_patterns_fuzz(*command, chosen);
}

}  // namespace quotawatch
