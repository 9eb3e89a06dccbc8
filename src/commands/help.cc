#include "commands/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/display_width.h"
#include "base/json_document.h"
#include "base/text.h"
#include "quotawatch/input_error.h"
#include "report/console.h"
#include "version.h"

namespace quotawatch {
namespace {

constexpr std::size_t most_columns = 80;
constexpr std::size_t left_columns = 26;

struct Examples {
  const char* command;
  std::array<const char*, 2> lines;
};

constexpr auto examples = std::to_array<Examples>({
    {"init", {"init", "init --yes --config quotawatch.json"}},
    {"check", {"check", "check --config quotawatch.json"}},
    {"run", {"run --config quotawatch.json --dry-run --once", "run --journal journal.jsonl"}},
    {"record", {"record --session main -o main.transcript", "record --asciinema night.cast -o night.transcript"}},
    {"replay", {"replay fixtures --filter stale", "replay night.transcript --explain"}},
    {"explain", {"explain screen.txt", "explain --json --at 2026-11-23T19:51:05Z -"}},
    {"patterns", {"patterns list", "patterns lint my-pack.json"}},
    {"patterns list", {"patterns list", "patterns list --json"}},
    {"patterns show", {"patterns show claude-code", "patterns show codex > my-pack.json"}},
    {"patterns lint", {"patterns lint my-pack.json", "patterns lint one.json two.json"}},
    {"patterns add", {"patterns add --from-journal journal.jsonl my-pack.json", "patterns add --help"}},
    {"patterns audit", {"patterns audit /usr/local/bin/claude", "patterns audit --help"}},
    {"patterns fuzz", {"patterns fuzz claude-code", "patterns fuzz codex --mutations 10000 --seed 7"}},
    {"status", {"status --watch --interval 1s", "status --check"}},
    {"log", {"log --since 22:00", "log --follow --session main"}},
    {"account", {"account free work", "account use spare"}},
    {"account free", {"account free work", "account free work --config night.json"}},
    {"account use", {"account use spare", "account use spare --config night.json"}},
    {"drill", {"drill", "drill --config quotawatch.json"}},
    {"resume", {"resume main", "resume ccl-auto-3 --config night.json"}},
    {"hook", {"hook < event.json", "hook --config quotawatch.json < event.json"}},
    {"pause", {"pause 30m", "pause 0"}},
    {"store", {"store init", "store init --print"}},
    {"store init", {"store init --config one.json", "store init --print | psql quotawatch"}},
    {"simulate", {"simulate --seeds 1..100 --days 3 --jobs 0", "simulate --seeds 1..100 --merge shard-*.jsonl"}},
    {"help", {"help run", "help --json patterns"}},
});

// Words in lines of at most so many columns.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines{""};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!lines.back().empty() && display_width(lines.back()) + 1 + display_width(word) > columns) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

// A name at the left and a text beside it, or below it where the name is too long.
std::string entry(const std::string& name, std::string_view text) {
  std::string out = "  " + name;
  std::size_t at = display_width(out);
  if (text.empty()) return out + "\n";
  if (at + 2 > left_columns) {
    out += '\n';
    at = 0;
  }
  for (const auto& line : wrapped(text, most_columns - left_columns)) {
    out += std::string(left_columns - at, ' ') + line + "\n";
    at = 0;
  }
  return out;
}

std::string full_name(const CLI::App& app) {
  if (app.get_parent() == nullptr) return "";
  const std::string before = full_name(*app.get_parent());
  return before.empty() ? app.get_name() : before + " " + app.get_name();
}

std::string value_of(const CLI::Option& option) { return option.get_type_size() == 0 ? "" : option.get_type_name(); }

std::string described(const CLI::Option& option) {
  std::string text = option.get_description();
  const std::string usual = option.get_default_str();
  if (!usual.empty() && text.find("default") == text.npos) text += fmt::format(" (default: {})", usual);
  return text;
}

std::vector<std::string> examples_of(const CLI::App& app) {
  std::vector<std::string> lines;
  const auto known = std::ranges::find(examples, full_name(app), &Examples::command);
  if (known == examples.end()) return lines;
  for (const char* line : known->lines) lines.push_back(fmt::format("quotawatch {}", line));
  return lines;
}

class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode /*mode*/) const override {
    std::string out;
    for (const auto& line : wrapped(app->get_description(), most_columns)) out += line + "\n";
    out += "\n" + make_usage(app, std::move(name));
    out += options_of(*app);
    out += commands_of(*app);
    if (!app->get_footer().empty()) out += "\n" + app->get_footer() + "\n";
    const auto lines = examples_of(*app);
    if (!lines.empty()) out += fmt::format("\nExamples:\n  {}\n", fmt::join(lines, "\n  "));
    return out;
  }

 private:
  std::string options_of(const CLI::App& app) const {
    std::string positionals;
    std::string others;
    for (const auto* option : app.get_options({})) {
      if (option->get_group().empty()) continue;
      const bool positional = option->get_positional();
      std::string name = option->get_name(positional, !positional);
      name = name.substr(0, name.find('{'));  // a flag's value when it is given
      const std::string value = value_of(*option);
      if (!positional && !value.empty()) name += " " + value;
      (positional ? positionals : others) += entry(name, described(*option));
    }
    return (positionals.empty() ? "" : "\nArguments:\n" + positionals) + "\nOptions:\n" + others;
  }

  static std::string commands_of(const CLI::App& app) {
    std::string commands;
    for (const auto* command : app.get_subcommands({})) {
      if (!command->get_group().empty()) commands += entry(command->get_name(), command->get_description());
    }
    return commands.empty() ? "" : "\nCommands:\n" + commands;
  }
};

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  return names;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const auto* command : app.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

std::string called(const CLI::App& app) {
  const std::string name = full_name(app);
  return name.empty() ? "quotawatch" : "quotawatch " + name;
}

const CLI::Option* find_option(const CLI::App& app, const std::string& name) { return app.get_option_no_throw(name); }

std::string unknown_option(const CLI::App& app, const std::string& name) {
  std::vector<std::string> known;
  for (const auto* option : app.get_options({})) {
    for (const auto& one : option->get_lnames()) known.push_back("--" + one);
  }
  const std::string near = nearest(name, known);
  return fmt::format("{}: no such option{}", in_quotes(name), near.empty() ? "" : "; did you mean " + near + "?");
}

std::string unknown_command(const CLI::App& app, const std::string& name) {
  const auto known = command_names(app);
  const std::string near = nearest(name, known);
  if (!near.empty()) return fmt::format("{}: no such command; did you mean {}?", in_quotes(name), near);
  return fmt::format("{}: no such command; there are {}", in_quotes(name), fmt::join(known, ", "));
}

nlohmann::ordered_json tree_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  if (option.get_positional()) names = {option.get_name(true, false)};
  return {{"names", names},
          {"positional", option.get_positional()},
          {"value", value_of(option)},
          {"repeated", option.get_items_expected_max() > 1},
          {"text", described(option)}};
}

// What is hidden in the help is left out here, too.
nlohmann::ordered_json tree_of(const CLI::App& app) {
  auto options = nlohmann::ordered_json::array();
  auto commands = nlohmann::ordered_json::array();
  for (const auto* option : app.get_options({})) {
    if (!option->get_group().empty()) options.push_back(tree_of(*option));
  }
  for (const auto* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) commands.push_back(tree_of(*command));
  }
  return {{"name", full_name(app)},     {"text", app.get_description()}, {"options", options},
          {"footer", app.get_footer()}, {"examples", examples_of(app)},  {"commands", commands}};
}

void set_version_flags(CLI::App& app) {
  app.set_version_flag("-V,--version", std::string("quotawatch ") + version, "Show the version and end");
  app.set_help_flag("-h,--help", "Show this help and end");
  for (auto* command : app.get_subcommands({})) set_version_flags(*command);
}

}  // namespace

void set_help_format(CLI::App& app) { app.formatter(std::make_shared<HelpFormatter>()); }

void add_help(CLI::App& app, Command& chosen) {
  auto words = std::make_shared<std::vector<std::string>>();
  auto* command = app.add_subcommand("help", "Show the help of a command");
  command->add_option("COMMAND", *words, "The command; without it, what there is");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "One JSON object: the command, and those below it, with their options");
  command->callback([words, as_json, &app, &chosen] {
    chosen = [words, as_json, &app] {
      const CLI::App* about = &app;
      for (const auto& word : *words) {
        const CLI::App* next = find_command(*about, word);
        if (next == nullptr) throw InputError("help", 0, unknown_command(*about, word));
        about = next;
      }
      print_out(*as_json ? dump_line(tree_of(*about)) + "\n"
                         : about->get_formatter()->make_help(about, called(*about), CLI::AppFormatMode::Normal));
      return static_cast<int>(exit_fine);
    };
  });
  set_version_flags(app);
}

std::string describe_usage_error(const CLI::App& app, const std::vector<std::string>& arguments,
                                 const std::string& why) {
  const CLI::App* at = &app;
  std::string wrong;
  for (std::size_t i = 0; i < arguments.size() && wrong.empty(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") break;
    if (word.size() > 1 && word.starts_with('-')) {
      const bool in_full = word.starts_with("--");
      const std::string name = in_full ? word.substr(0, word.find('=')) : word.substr(0, 2);
      const CLI::Option* option = find_option(*at, name);
      if (option == nullptr) {
        wrong = unknown_option(*at, name);
      } else if (option->get_type_size() != 0 && word == name) {
        ++i;  // its value
      }
    } else if (!command_names(*at).empty()) {
      const CLI::App* next = find_command(*at, word);
      if (next == nullptr) {
        wrong = unknown_command(*at, word);
      } else {
        at = next;
      }
    }
  }
  return fmt::format("{}; `{} --help` lists what there is", wrong.empty() ? why : wrong, called(*at));
}

}  // namespace quotawatch
