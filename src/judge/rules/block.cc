#include "judge/rules/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "judge/rules/ruleset.h"

namespace quotawatch {
namespace {

using Match = Scanner::Match;
using Matches = std::vector<Match>;

Scanner compile(const Pack& pack) {
  std::vector<std::string> expressions;
  std::vector<const Rule*> rules;
  for (const auto& rule : pack.rules) {
    expressions.push_back(rule.match);
    rules.push_back(&rule);
  }
  try {
    return Scanner::for_expressions(expressions);
  } catch (const BadExpression& bad) {
    refuse_expression(rules, pack, bad);
  }
}

// The line of `block` that holds the byte at `offset`.
std::string_view line_of(const Block& block, std::size_t offset) {
  const std::size_t index = line_at(block.text, offset) - 1;
  return block.lines[std::min(index, block.lines.size() - 1)];
}

std::size_t row_of(std::string_view screen, std::string_view line) {
  return line_at(screen, static_cast<std::size_t>(line.data() - screen.data()));
}

// The first match of a class, in the pack's order.
template <typename Wanted>
std::optional<Match> first(const Pack& pack, const Matches& matches, Wanted wanted) {
  const auto found = std::find_if(matches.begin(), matches.end(), [&](const Match& match) {
    return wanted(pack.rules[match.expression].verdict);
  });
  return found == matches.end() ? std::nullopt : std::optional(*found);
}

// The limit message stays known where a 5xx vetoes it: it is still on the screen.
void read_message(const Pack& pack, Reading& reading, const Block& block, const Match& match) {
  const Rule& rule = pack.rules[match.expression];
  if (rule.own_reset) reading.reset = find_reset(block.text);
  reading.window = rule.window;
  std::string identity(line_of(block, match.last_byte));
  identity += '\0';
  if (reading.reset) identity += reading.reset->text;
  reading.limit =
      Occurrence{Fingerprint::of(identity), {{Fingerprint::of(block.text).low}, true, true}};
}

std::optional<Match> find_deciding(const Pack& pack, const Matches& matches) {
  const auto veto = first(pack, matches, [](Verdict v) { return v == Verdict::server_error; });
  return veto ? veto : first(pack, matches, [](Verdict) { return true; });
}

Reading read_block(const Pack& pack, std::string_view text, const Block& block,
                   const Matches& matches) {
  Reading reading;
  reading.context = Context::block;
  if (const auto message = first(pack, matches, names_limit)) {
    read_message(pack, reading, block, *message);
  }
  if (const auto match = find_deciding(pack, matches)) {
    const Rule& rule = pack.rules[match->expression];
    const auto line = line_of(block, match->last_byte);
    reading.verdict = rule.verdict;
    reading.rule = rule.id;
    reading.scope = rule.scope;
    reading.counts = rule.counts;
    reading.line = line;
    reading.snippet = make_snippet(line);
    reading.row = row_of(text, line);
  }
  return reading;
}

}  // namespace

BlockJudge::BlockJudge(const Pack& pack) : pack_(&pack), scanner_(compile(pack)) {}

Reading BlockJudge::read(std::string_view text) {
  const Block block = take_block(text, pack_->tail);
  return read_block(*pack_, text, block, scanner_.scan(block.text));
}

bool BlockJudge::matches(std::size_t index, std::string_view text) {
  const auto& found = scanner_.scan(take_block(text, pack_->tail).text);
  return std::any_of(found.begin(), found.end(),
                     [index](const Match& match) { return match.expression == index; });
}

Explanation BlockJudge::explain(std::string_view text) {
  Explanation explanation;
  explanation.pack = pack_->name;
  explanation.rules = pack_->rules.size();
  explanation.screen = read_plain_screen(text, pack_->tail);
  const Block& block = explanation.screen.block;
  const Matches matches = scanner_.scan(block.text);
  explanation.reading = read_block(*pack_, text, block, matches);
  const auto deciding = find_deciding(*pack_, matches);
  for (const auto& match : matches) {
    const Rule& rule = pack_->rules[match.expression];
    RuleFinding finding{rule.id, rule.verdict, row_of(text, line_of(block, match.last_byte)),
                        0,       false,        ""};
    finding.decided = match.expression == deciding->expression;
    if (finding.decided) {
      finding.reason = rule.verdict == Verdict::server_error ? "a server error vetoes the block"
                                                             : "the first rule that matches";
    } else {
      finding.reason = fmt::format("refused: {} decides", pack_->rules[deciding->expression].id);
    }
    explanation.findings.push_back(std::move(finding));
  }
  for (const auto& match : scanner_.scan(text)) {
    const auto inside = [&](const Match& other) { return other.expression == match.expression; };
    if (std::any_of(matches.begin(), matches.end(), inside)) continue;
    const Rule& rule = pack_->rules[match.expression];
    explanation.findings.push_back(
        {rule.id, rule.verdict, line_at(text, match.last_byte), 0, false,
         fmt::format("refused: above the last {} non-blank lines", pack_->tail)});
  }
  return explanation;
}

}  // namespace quotawatch
