#include "quotawatch/judge.h"

#include <fmt/format.h>
#include <hs.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

// Caseless: the one folding a plain screen gets. Single match: the first place a
// rule matches is all that is asked.
constexpr unsigned expression_flags =
    HS_FLAG_CASELESS | HS_FLAG_MULTILINE | HS_FLAG_UTF8 | HS_FLAG_SINGLEMATCH;

struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchDeleter {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

using Database = std::unique_ptr<hs_database_t, DatabaseDeleter>;
using Scratch = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

Database compile(const Pack& pack) {
  std::vector<const char*> expressions;
  std::vector<unsigned> flags(pack.rules.size(), expression_flags);
  std::vector<unsigned> ids;
  for (const auto& rule : pack.rules) {
    expressions.push_back(rule.match.c_str());
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(expressions.data(), flags.data(), ids.data(),
                       static_cast<unsigned>(ids.size()), HS_MODE_BLOCK, nullptr, &database,
                       &error) == HS_SUCCESS) {
    return Database(database);
  }
  std::string message = error->message;
  const int culprit = error->expression;
  hs_free_compile_error(error);
  if (culprit < 0) throw InputError(pack.origin, 0, "its rules cannot be compiled: " + message);
  const Rule& rule = pack.rules[static_cast<std::size_t>(culprit)];
  if (message.find("matches empty buffer") != std::string::npos) {
    message = "it matches an empty text, and so every screen";
  }
  throw InputError(pack.origin, rule.line,
                   fmt::format("rule {}: the expression {} cannot be used: {}", in_quotes(rule.id),
                               in_quotes(rule.match), message));
}

// Where a rule first matched in a text: the byte before the end of the match.
struct Match {
  std::size_t rule;
  std::size_t last_byte;
};

// The line of `block` that holds the byte at `offset`.
std::string_view line_of(const Block& block, std::size_t offset) {
  std::size_t index = line_at(block.text, offset) - 1;
  return block.lines[std::min(index, block.lines.size() - 1)];
}

std::size_t row_of(std::string_view screen, std::string_view line) {
  return line_at(screen, static_cast<std::size_t>(line.data() - screen.data()));
}

}  // namespace

struct Judge::Compiled {
  Pack pack;
  Database database;
  Scratch scratch;

  // Every rule that matches in `text`, in the pack's order.
  std::vector<Match> scan(std::string_view text) {
    std::vector<Match> matches;
    const auto take = [](unsigned id, unsigned long long /*from*/, unsigned long long to,
                         unsigned /*flags*/, void* context) {
      static_cast<std::vector<Match>*>(context)->push_back({id, to - 1});
      return 0;
    };
    if (hs_scan(database.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch.get(),
                take, &matches) != HS_SUCCESS) {
      throw std::runtime_error("the pattern scan failed");
    }
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
      return std::pair(a.rule, a.last_byte) < std::pair(b.rule, b.last_byte);
    });
    const auto same_rule = [](const Match& a, const Match& b) { return a.rule == b.rule; };
    matches.erase(std::unique(matches.begin(), matches.end(), same_rule), matches.end());
    return matches;
  }

  const Rule& rule_of(const Match& match) const { return pack.rules[match.rule]; }

  // The first match of a class, in the pack's order.
  template <typename Wanted>
  std::optional<Match> first(const std::vector<Match>& matches, Wanted wanted) const {
    const auto found = std::find_if(matches.begin(), matches.end(), [&](const Match& match) {
      return wanted(rule_of(match).verdict);
    });
    return found == matches.end() ? std::nullopt : std::optional(*found);
  }

  // The limit message stays known where a 5xx vetoes it: it is still on the screen.
  void read_message(Reading& reading, const Block& block, const Match& match) const {
    reading.reset = find_reset(block.text);
    reading.window = rule_of(match).window;
    std::string identity(line_of(block, match.last_byte));
    identity += '\0';
    if (reading.reset) identity += reading.reset->text;
    reading.message = Fingerprint::of(identity);
  }

  // The rule that decides is the first in the pack's order; a 5xx in the block
  // vetoes whatever else it says.
  std::optional<Match> deciding(const std::vector<Match>& matches) const {
    const auto veto = first(matches, [](Verdict v) { return v == Verdict::server_error; });
    return veto ? veto : first(matches, [](Verdict) { return true; });
  }

  Reading read(std::string_view text, const Block& block, const std::vector<Match>& matches) const {
    Reading reading;
    reading.shown = Fingerprint::of(block.text);
    if (const auto message = first(matches, names_limit)) read_message(reading, block, *message);
    if (const auto match = deciding(matches)) {
      const auto line = line_of(block, match->last_byte);
      reading.verdict = rule_of(*match).verdict;
      reading.rule = rule_of(*match).id;
      reading.line = line;
      reading.row = row_of(text, line);
    }
    return reading;
  }
};

namespace {

void check_example(const Rule& rule, const Pack& pack, const std::string& example, bool wanted,
                   bool matched) {
  if (matched == wanted) return;
  throw InputError(
      pack.origin, rule.line,
      fmt::format("rule {}: its expression {} {} the example {}, which it {}", in_quotes(rule.id),
                  in_quotes(rule.match), wanted ? "does not match" : "matches", in_quotes(example),
                  wanted ? "must" : "must not"));
}

}  // namespace

Judge::Judge(Pack pack) : compiled_(std::make_unique<Compiled>()) {
  compiled_->database = compile(pack);
  compiled_->pack = std::move(pack);
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(compiled_->database.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
  compiled_->scratch.reset(scratch);
  const Pack& own = compiled_->pack;
  for (std::size_t i = 0; i < own.rules.size(); ++i) {
    const Rule& rule = own.rules[i];
    for (const auto& example : rule.examples.match) {
      check_example(rule, own, example, true, rule_matches(i, example));
    }
    for (const auto& example : rule.examples.miss) {
      check_example(rule, own, example, false, rule_matches(i, example));
    }
  }
}

Judge::~Judge() = default;
Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;

const Pack& Judge::pack() const { return compiled_->pack; }

Reading Judge::read(std::string_view text) {
  const Block block = take_block(text, compiled_->pack.tail);
  return compiled_->read(text, block, compiled_->scan(block.text));
}

bool Judge::rule_matches(std::size_t index, std::string_view text) {
  const auto matches = compiled_->scan(take_block(text, compiled_->pack.tail).text);
  return std::any_of(matches.begin(), matches.end(),
                     [index](const Match& match) { return match.rule == index; });
}

Explanation Judge::explain(std::string_view text) {
  Explanation explanation;
  explanation.screen = read_plain_screen(text, compiled_->pack.tail);
  const Block& block = explanation.screen.block;
  const auto matches = compiled_->scan(block.text);
  explanation.reading = compiled_->read(text, block, matches);
  const auto deciding = compiled_->deciding(matches);
  for (const auto& match : matches) {
    const Rule& rule = compiled_->rule_of(match);
    RuleFinding finding{rule.id, rule.verdict, row_of(text, line_of(block, match.last_byte)), false,
                        ""};
    finding.decided = match.rule == deciding->rule;
    if (finding.decided) {
      finding.reason = rule.verdict == Verdict::server_error ? "a server error vetoes the block"
                                                             : "the first rule that matches";
    } else {
      finding.reason = fmt::format("refused: {} decides", compiled_->rule_of(*deciding).id);
    }
    explanation.findings.push_back(std::move(finding));
  }
  for (const auto& match : compiled_->scan(text)) {
    const auto inside = [&](const Match& other) { return other.rule == match.rule; };
    if (std::any_of(matches.begin(), matches.end(), inside)) continue;
    const Rule& rule = compiled_->rule_of(match);
    explanation.findings.push_back(
        {rule.id, rule.verdict, line_at(text, match.last_byte), false,
         fmt::format("refused: above the last {} non-blank lines", compiled_->pack.tail)});
  }
  return explanation;
}

}  // namespace quotawatch
