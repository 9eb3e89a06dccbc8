// quotawatch patterns add: makes a rule of what a monitor reported as unrecognised, and puts it into a pack file.
#include <fmt/format.h>
#include <re2/re2.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file_reader.h"
#include "base/json_document.h"
#include "base/text.h"
#include "commands/patterns/patterns.h"
#include "os/files/output_file.h"
#include "quotawatch/input_error.h"
#include "quotawatch/judge.h"
#include "quotawatch/reset_time.h"
#include "report/console.h"

namespace quotawatch {
namespace {

constexpr std::size_t largest_pack = 1 << 20;
constexpr std::size_t longest_journal_line = 1 << 20;
constexpr std::size_t fewest_words = 3;

struct AddOptions {
  std::string pack;
  std::string journal;
  std::string session;
  std::string verdict = "exhausted";
  std::string id;
};

// The text of the last message that a journal reports as unrecognised.
std::string last_unrecognised(const AddOptions& options) {
  const auto journal =
      options.journal == "-" ? std::make_unique<FileReader>() : std::make_unique<FileReader>(options.journal);
  std::string text;
  std::string line;
  while (journal->next_line(line, longest_journal_line)) {
    if (line.find("\"unrecognised\"") == std::string::npos) continue;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || text_of(json, "event") != "unrecognised") continue;
    if (!options.session.empty() && text_of(json, "session") != options.session) continue;
    text = text_of(json, "snippet");
  }
  if (!text.empty()) return text;
  const auto of = options.session.empty() ? "" : fmt::format(" of session {}", in_quotes(options.session));
  throw InputError(journal->name(), 0, fmt::format("has no unrecognised line{}", of));
}

// The words that the message will have next time, too: not the time that it names, nor the words before that.
std::string_view lasting_part(std::string_view text) {
  constexpr std::string_view cut = "…";
  if (text.ends_with(cut)) text = text.substr(0, text.rfind(' '));
  const auto reset = locate_reset(text);
  if (!reset) return text;
  const std::string_view before = text.substr(0, reset->end - reset->reset.text.size());
  static const RE2 announced(
      R"((?i)^(.*?)[\s·:;,.(|-]*\b(?:resets?|access|until|try again|again|back|renews?|retry|wait|at|in|on)\b[^·]*$)");
  re2::StringPiece part;
  if (!RE2::FullMatch(re2::StringPiece(before.data(), before.size()), announced, &part)) return trim(before);
  return {part.data(), part.size()};
}

// An expression for such messages: numbers and names of days and months stand for any.
std::string expression_for(std::string_view text) {
  std::string escaped = "^";
  for (const char c : lower_case(text)) {
    if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  static const RE2 number(R"(\d+)");
  static const RE2 name(
      R"(\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \\d\+)");
  RE2::GlobalReplace(&escaped, number, R"(\\d+)");
  RE2::GlobalReplace(&escaped, name, R"(\\w+)");
  return escaped;
}

std::string id_for(std::string_view text) {
  constexpr std::size_t most_words = 4;
  std::string id;
  std::size_t words = 0;
  for (const char c : lower_case(text)) {
    if (is_lower(c) || is_digit(c)) {
      id += c;
    } else if (c != '\'' && !id.empty() && !id.ends_with('-')) {
      if (++words == most_words) break;
      id += '-';
    }
  }
  if (id.ends_with('-')) id.pop_back();
  return id;
}

std::string rule_for(const std::string& text, const AddOptions& options) {
  const auto lasting = lasting_part(text);
  if (static_cast<std::size_t>(std::ranges::count(lasting, ' ')) + 1 < fewest_words) {
    throw InputError(
        options.journal, 0,
        fmt::format("{} has too few words for a rule; write one by hand (docs/packs.md)", in_quotes(text)));
  }
  const auto quoted = [](const std::string& value) { return dump_line(nlohmann::json(value)); };
  return fmt::format(
      "    {{\"id\": {}, \"class\": {},\n     \"match\": {},\n"
      "     \"examples\": {{\"match\": [{}], \"miss\": [{}]}}}}",
      quoted(options.id.empty() ? id_for(lasting) : options.id), quoted(options.verdict),
      quoted(expression_for(lasting)), quoted(text), quoted("It said: " + text));
}

// The file with the rule before its others; a file that is not there yet extends all built-in packs.
std::string with_rule(const std::string& path, const std::string& rule) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fmt::format("{{\n  \"name\": \"mine\",\n  \"extends\": \"auto\",\n  \"rules\": [\n{}\n  ]\n}}\n", rule);
  }
  std::string text = read_file(path, largest_pack);
  const bool empty = parse_pack(text, path).rules.empty();
  static const RE2 list(R"((?s)^(.*"rules"\s*:\s*\[)(.*)$)");
  std::string before;
  std::string after;
  if (!RE2::FullMatch(text, list, &before, &after)) throw InputError(path, 0, "has no list of rules");
  return fmt::format("{}\n{}{}{}", before, rule, empty ? "\n  " : ",", after);
}

int add(const AddOptions& options) {
  const std::string rule = rule_for(last_unrecognised(options), options);
  const std::string text = with_rule(options.pack, rule);
  Judge judge(join_packs(parse_pack(text, options.pack)));
  os::write_output(options.pack, text);
  print_out(fmt::format("{}\n{}: has this rule now; try it: quotawatch patterns lint {}\n", rule,
                        escape_controls(options.pack), escape_controls(options.pack)));
  return exit_fine;
}

}  // namespace

void add_patterns_add(CLI::App& patterns, Command& chosen) {
  auto options = std::make_shared<AddOptions>();
  auto* command = patterns.add_subcommand("add", "Make a rule of what a journal reports as unrecognised");
  command->add_option("file", options->pack, "A pack file; if there is none, one that extends auto is made")
      ->type_name("FILE")
      ->required();
  command->add_option("--from-journal", options->journal, "Its last unrecognised line; - is stdin")
      ->type_name("JOURNAL")
      ->required();
  command->add_option("--session", options->session, "Only lines of this session")->type_name("NAME");
  command->add_option("--class", options->verdict, "What the message means")
      ->type_name("CLASS")
      ->check(CLI::IsMember({"exhausted", "throttled", "warning", "server_error", "auth", "clear"}))
      ->capture_default_str();
  command->add_option("--id", options->id, "The rule's name; else its first words")->type_name("ID");
  command->callback([options, &chosen] { chosen = [options] { return add(*options); }; });
}

}  // namespace quotawatch
