#include "judge/rules/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "judge/resets/reset_time_forms.h"
#include "judge/rules/near_limit.h"

namespace quotawatch {
namespace {

// A rule that matches, and the line of the text, from 1, on which it is said to.
struct Match {
  std::size_t rule;
  std::size_t line;
};
using Matches = std::vector<Match>;

// The line, its newline included, with which the rule matches for the first time: an expression
// that may go on over rows takes no more of them than it needs.
std::size_t line_of(const Ruleset& rules, const RuleMatch& match, std::string_view text) {
  std::size_t line = line_at(text, match.begin);
  const auto end_of_line = [&](std::size_t from) { return std::min(text.find('\n', from), text.size()) + 1; };
  for (auto end = end_of_line(match.begin); end < match.end; end = end_of_line(end)) {
    if (rules.matches(match.rule, text.substr(0, end))) break;
    ++line;
  }
  return line;
}

Matches find_matches(const Ruleset& rules, std::string_view text) {
  Matches matches;
  for (const auto& match : rules.matches(text)) {
    matches.push_back({match.rule, line_of(rules, match, text)});
  }
  return matches;
}

std::string_view row_text(const Block& block, const Match& match) {
  return block.lines[std::min(match.line, block.lines.size()) - 1];
}

std::size_t row_of(std::string_view screen, std::string_view line) {
  return line_at(screen, static_cast<std::size_t>(line.data() - screen.data()));
}

// The first match of a class, in the pack's order.
template <typename Wanted>
std::optional<Match> first(const Pack& pack, const Matches& matches, Wanted wanted) {
  const auto found = std::find_if(matches.begin(), matches.end(),
                                  [&](const Match& match) { return wanted(pack.rules[match.rule].verdict); });
  return found == matches.end() ? std::nullopt : std::optional(*found);
}

// The limit message stays known where a 5xx vetoes it: it is still on the screen.
void read_message(const Pack& pack, Reading& reading, const Block& block, const Match& match) {
  const Rule& rule = pack.rules[match.rule];
  if (rule.own_reset) reading.reset = find_usual_reset(block.text);
  reading.window = rule.window;
  std::string identity(row_text(block, match));
  identity += '\0';
  if (reading.reset) identity += reading.reset->text;
  reading.limit = Occurrence{Fingerprint::of(identity), {{Fingerprint::of(block.text).low}, true, true}};
}

std::optional<Match> find_deciding(const Pack& pack, const Matches& matches) {
  const auto veto = first(pack, matches, [](Verdict v) { return v == Verdict::server_error; });
  return veto ? veto : first(pack, matches, [](Verdict) { return true; });
}

Reading make_reading(const Pack& pack, std::string_view text, const Block& block, const Matches& matches) {
  Reading reading;
  reading.context = Context::block;
  if (const auto message = first(pack, matches, names_limit)) {
    read_message(pack, reading, block, *message);
  }
  if (const auto match = find_deciding(pack, matches)) {
    const Rule& rule = pack.rules[match->rule];
    const auto line = row_text(block, *match);
    reading.verdict = rule.verdict;
    reading.rule = rule.id;
    reading.scope = rule.scope;
    reading.counts = rule.counts;
    reading.line = line;
    reading.snippet = make_snippet(line);
    reading.row = row_of(text, line);
    if (rule.verdict == Verdict::warning) reading.near = read_near_limit(line);
  }
  return reading;
}

}  // namespace

Reading read_block(const Pack& pack, const Ruleset& rules, std::string_view text) {
  const Block block = take_block(text, pack.tail);
  return make_reading(pack, text, block, find_matches(rules, block.text));
}

Explanation explain_block(const Pack& pack, const Ruleset& rules, std::string_view text) {
  Explanation explanation;
  explanation.pack = pack.name;
  explanation.rules = pack.rules.size();
  explanation.screen = read_plain_screen(text, pack.tail);
  const Block& block = explanation.screen.block;
  const Matches matches = find_matches(rules, block.text);
  explanation.reading = make_reading(pack, text, block, matches);
  const auto deciding = find_deciding(pack, matches);
  const auto add = [&](std::size_t index, std::size_t row, bool decided, std::string reason) {
    const Rule& rule = pack.rules[index];
    explanation.findings.push_back({rule.id, rule.verdict, row, 0, decided, std::move(reason)});
  };
  for (const auto& match : matches) {
    const bool decided = match.rule == deciding->rule;
    const bool veto = pack.rules[match.rule].verdict == Verdict::server_error;
    add(match.rule, row_of(text, row_text(block, match)), decided,
        !decided ? fmt::format("refused: {} decides", explanation.reading.rule)
        : veto   ? "a server error vetoes the block"
                 : "the first rule that matches");
  }
  for (const auto& match : find_matches(rules, text)) {
    const bool inside = std::ranges::find(matches, match.rule, &Match::rule) != matches.end();
    if (inside) continue;
    add(match.rule, match.line, false, fmt::format("refused: above the last {} non-blank lines", pack.tail));
  }
  return explanation;
}

}  // namespace quotawatch
