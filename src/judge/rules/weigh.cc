#include "judge/rules/weigh.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <optional>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "judge/resets/reset_time_forms.h"
#include "judge/rules/near_limit.h"
#include "judge/rules/progress.h"
#include "judge/rules/shape.h"
#include "judge/screen/normalise.h"
#include "judge/screen/prompt.h"
#include "judge/screen/rows.h"

namespace quotawatch {
namespace {

// A message that a rule fits.
struct Candidate {
  std::size_t message;
  std::size_t rule;
  std::size_t begin;    // of the match in the message
  std::size_t finding;  // its number among the findings
};

bool is_conversation(RegionKind region) { return region == RegionKind::turn || region == RegionKind::block; }

// Combines the messages of a screen to one verdict.
//
// Candidates are all messages that a rule fits, in the order of rows. The last live one decides: a
// banner with activity below it (a tool call, words of the model) is history, because the session
// continued. A warning decides only if there is no other candidate: programs warn while an older limit
// is still in force.
//
// A server error anywhere in the turn vetoes it: programs use a limit's words for temporary errors,
// which a switch would not cure. Only the last turn is considered, so that yesterday's error does not
// hide today's banner, or vice versa.
//
// Which message *names* the limit is a second question. Programs often state one limit several times
// (banner, notice, menu). The message of the rule that comes first in the pack is taken, because more
// specific rules come first; it gives the reset time and the limit's identity.
class Weighing {
 public:
  Weighing(const Screen& screen, Ruleset& rules, std::string_view text, std::vector<RuleFinding>* findings)
      : screen_(screen), rules_(rules), text_(text), findings_(findings) {}

  Reading weigh() {
    last_said_ = find_last_said();
    for (std::size_t i = 0; i < screen_.messages.size(); ++i) judge_message(i);
    Reading reading;
    const auto limit = find_limit();
    if (limit) read_limit(reading, *limit);
    const auto deciding = decide(limit);
    if (deciding) {
      read_candidate(reading, *deciding);
    } else {
      read_near(reading);
    }
    if (deciding && rule_of(*deciding).id == limit_by_shape) {
      reading.murmur = message_of(*deciding).normalised.text;
    } else if (!names_limit(reading.verdict) && reading.unrecognised.empty()) {
      read_murmur(reading);
    }
    reading.context = context_of(screen_);
    assert(is_consistent(reading));
    return reading;
  }

 private:
  const Message& message_of(const Candidate& c) const { return screen_.messages[c.message]; }
  const Rule& rule_of(const Candidate& c) const { return rules_.rule(c.rule); }
  Verdict class_of(const Candidate& c) const { return rule_of(c).verdict; }

  void judge_message(std::size_t index) {
    const Message& message = screen_.messages[index];
    bool fits = false;
    const bool can_fit = message.voice == Voice::program || message.voice == Voice::shared;
    if (can_fit || findings_ != nullptr) fits = find_fit(index, message);
    if (!fits && is_activity(message)) last_activity_ = index;
  }

  // The last thing in the turn that somebody else than the program may have said. What the program said above
  // it is history; the search for banners in unknown words, which costs more than rules, begins here.
  std::size_t find_last_said() const {
    for (std::size_t i = screen_.messages.size(); i-- > 0;) {
      if (is_activity(screen_.messages[i])) return i;
    }
    return 0;
  }

  bool find_fit(std::size_t index, const Message& message) {
    bool fits = false;
    for (const Fit& found : rules_.fits(message, index >= last_said_)) {
      Fit fit = found;
      const bool by_shape = rules_.rule(fit.rule).id == limit_by_shape;
      if (by_shape && fit.refusal.empty() && works(screen_)) fit.refusal = "the turn has not ended";
      const std::size_t finding = add_finding(message, fit);
      if (!fit.refusal.empty() || contradicts(index, fit.rule)) continue;
      candidates_.push_back({index, fit.rule, fit.begin, finding});
      fits = true;
    }
    return fits;
  }

  // True for a second reading of the same rows, broken or joined elsewhere, that contradicts the first.
  bool contradicts(std::size_t index, std::size_t rule) const {
    if (candidates_.empty()) return false;
    const Candidate& before = candidates_.back();
    const Message& message = screen_.messages[index];
    if (before.message == index || message_of(before).region != message.region) return false;
    if (message_of(before).first_row != message.first_row || !is_conversation(message.region)) return false;
    return message.region == RegionKind::turn ? before.rule != rule : class_of(before) != Verdict::exhausted;
  }

  // Activity, which shows that the session continued after the messages above.
  bool is_activity(const Message& message) const {
    if (message.region != RegionKind::turn || message.decoration) return false;
    if (message.voice == Voice::tool) return true;
    const bool words = message.voice == Voice::model || (message.voice == Voice::shared && !message.flush);
    return words && !rules_.is_aside(message.normalised.text);
  }

  std::size_t row_of(const Message& message, std::size_t offset) const {
    if (message.normalised.text.empty()) return message.first_row + 1;
    const char* const place = text_.data() + message.normalised.origin_of(offset);
    const auto below = std::upper_bound(screen_.rows.begin(), screen_.rows.end(), place,
                                        [](const char* wanted, std::string_view row) { return wanted < row.data(); });
    return static_cast<std::size_t>(below - screen_.rows.begin());
  }

  std::size_t add_finding(const Message& message, const Fit& fit) {
    if (findings_ == nullptr) return 0;
    const Rule& rule = rules_.rule(fit.rule);
    RuleFinding finding{rule.id, rule.verdict, row_of(message, fit.begin), 0, false, ""};
    finding.column = column_of(message, fit.begin);
    if (!fit.refusal.empty()) finding.reason = fmt::format("refused: {}", fit.refusal);
    findings_->push_back(std::move(finding));
    return findings_->size() - 1;
  }

  std::size_t column_of(const Message& message, std::size_t offset) const {
    if (message.normalised.text.empty()) return 0;
    const std::size_t origin = message.normalised.origin_of(offset);
    const auto newline = text_.substr(0, origin).rfind('\n');
    const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    return display_width(text_.substr(begin, origin - begin)) + 1;
  }

  void say(const Candidate& candidate, std::string_view reason) {
    if (findings_ == nullptr) return;
    auto& finding = (*findings_)[candidate.finding];
    if (finding.reason.empty()) finding.reason = reason;
  }

  // Live: no activity below it, and no message below says that limits are over.
  bool is_live(const Candidate& candidate) {
    if (message_of(candidate).region == RegionKind::turn && last_activity_ && candidate.message < *last_activity_) {
      say(candidate, "refused: the session went on below it");
      return false;
    }
    return true;
  }

  bool is_over(const Candidate& candidate) {
    for (const auto& later : candidates_) {
      if (later.message > candidate.message && rule_of(later).ends_limit && is_live(later)) {
        say(candidate, "refused: a message below says that it is over");
        return true;
      }
    }
    return false;
  }

  // The message that decides. Warnings do not replace earlier ones.
  std::optional<Candidate> last_word() {
    std::optional<Candidate> warning;
    for (std::size_t i = candidates_.size(); i-- > 0;) {
      const Candidate& c = candidates_[i];
      if (!is_conversation(message_of(c).region) || class_of(c) == Verdict::server_error) continue;
      if (!is_live(c) || is_over(c)) continue;
      if (class_of(c) != Verdict::warning) return c;
      if (!warning) warning = c;
    }
    return warning;
  }

  // The later one counts; of two readings of the same rows, the one with the more complete time.
  bool says_no_less(const Candidate& c, const Candidate& than) const {
    if (message_of(c).first_row != message_of(than).first_row) return true;
    const auto time = find_reset(message_of(c).normalised.text);
    const auto other = find_reset(message_of(than).normalised.text);
    if (!time || !other) return time.has_value();
    const auto size = time->text.size();
    const bool more_zone = time->zone && !other->zone;
    return size > other->text.size() || (size == other->text.size() && more_zone);
  }

  // The message that names the limit: the one whose rule comes first in the pack.
  std::optional<Candidate> find_limit() {
    const auto word = last_word();
    std::optional<Candidate> best;
    for (const auto& c : candidates_) {
      if (!names_limit(class_of(c)) || !is_live(c) || is_over(c)) continue;
      if (is_conversation(message_of(c).region) && (!word || class_of(c) != class_of(*word))) {
        say(c, "refused: something else is said below it");
        continue;
      }
      const auto rank = [this](const Candidate& x) {
        return std::pair(class_of(x) == Verdict::exhausted ? 0 : 1, x.rule);
      };
      if (!best || rank(c) < rank(*best) || (rank(c) == rank(*best) && says_no_less(c, *best))) {
        best = c;
      }
    }
    return best;
  }

  std::optional<Candidate> decide(const std::optional<Candidate>& limit) {
    for (std::size_t i = candidates_.size(); i-- > 0;) {
      const Candidate& c = candidates_[i];
      if (class_of(c) != Verdict::server_error || !is_conversation(message_of(c).region)) continue;
      decided(c, "a server error vetoes the turn");
      return c;
    }
    if (limit) {
      decided(*limit, "the last live word on a limit");
      return limit;
    }
    std::optional<Candidate> best = last_word();
    for (const auto& c : candidates_) {
      if (names_limit(class_of(c)) || is_conversation(message_of(c).region)) continue;
      const bool says_more = !best || class_of(*best) == Verdict::clear;
      if (says_more && class_of(c) != Verdict::server_error) best = c;
    }
    if (best) decided(*best, "the last live word");
    return best;
  }

  void decided(const Candidate& candidate, std::string_view reason) {
    if (findings_ == nullptr) return;
    assert(std::ranges::none_of(*findings_, &RuleFinding::decided));
    auto& finding = (*findings_)[candidate.finding];
    finding.decided = true;
    finding.reason = reason;
    for (auto& other : *findings_) {
      if (other.reason.empty()) other.reason = fmt::format("refused: {} decides", finding.rule);
    }
  }

  // How long the limit can last, from its own words, if the rule does not say.
  static std::optional<Milliseconds> period_of(std::string_view text) {
    using std::chrono::days;
    static constexpr auto periods = std::to_array<std::pair<std::string_view, days>>(
        {{"daily", days{1}}, {"weekly", days{8}}, {"7-day", days{8}}, {"monthly", days{32}}});
    for (const auto& [word, longest] : periods) {
      if (contains_ignoring_case(text, word)) return longest;
    }
    return std::nullopt;
  }

  // The identity of the message across redraws: its words up to the reset that it names. Wrapping
  // decides whether a hint after that belongs to the message.
  void read_limit(Reading& reading, const Candidate& limit) {
    const Rule& rule = rule_of(limit);
    std::string_view text = message_of(limit).normalised.text;
    if (auto located = rule.own_reset ? locate_reset(text) : std::nullopt) {
      reading.reset = std::move(located->reset);
      text = text.substr(0, located->end);
    }
    // On a plain screen, the reset may be anywhere in the block (A4).
    if (!reading.reset && rule.own_reset && screen_.kind == ScreenKind::plain) {
      reading.reset = find_usual_reset(screen_.block.text);
    }
    if (reading.reset && !reading.reset->zone) reading.reset->zone = rule.zone;
    // What no rule knows is not known well enough to tell its time wrong.
    const bool by_shape = rule.id == limit_by_shape;
    reading.window = rule.window || by_shape ? rule.window : period_of(message_of(limit).normalised.text);
    std::string identity;
    append_identity(identity, text);
    reading.limit = Occurrence{Fingerprint::of(identity), trace_of(screen_, rules_)};
  }

  void read_candidate(Reading& reading, const Candidate& candidate) const {
    const Rule& rule = rule_of(candidate);
    reading.verdict = rule.verdict;
    reading.rule = rule.id;
    reading.scope = rule.scope;
    if (rule.id == limit_by_shape && names_model(message_of(candidate).normalised.text))
      reading.scope = LimitScope::model;
    reading.counts = rule.counts;
    reading.row = row_of(message_of(candidate), candidate.begin);
    assert(reading.row >= 1 && reading.row <= screen_.rows.size());
    reading.line = screen_.rows[reading.row - 1];
    reading.snippet = make_snippet(reading.line);
    if (rule.verdict != Verdict::warning) return;
    reading.near = read_near_limit(message_of(candidate).normalised.text.substr(candidate.begin));
    if (reading.near->reset && !reading.near->reset->zone) reading.near->reset->zone = rule.zone;
  }

  // An unknown wording about a limit, in a region that counts.
  void read_near(Reading& reading) const {
    for (std::size_t i = 0; i < screen_.messages.size(); ++i) {
      const Message& message = screen_.messages[i];
      const bool counts = message.voice == Voice::program || (message.voice == Voice::shared && !message.more);
      const bool live = message.region != RegionKind::turn || !last_activity_ || i >= *last_activity_;
      if (!counts || !live || rules_.is_aside(message.normalised.text)) continue;
      if (rules_.is_near(message)) reading.unrecognised = message.normalised.text;
    }
  }

  // The last word of the program, if it speaks of limits and no rule knows it.
  void read_murmur(Reading& reading) const {
    for (std::size_t i = screen_.messages.size(); i-- > 0;) {
      const Message& message = screen_.messages[i];
      const bool program = message.voice == Voice::program || message.flush;
      if (!is_conversation(message.region) || message.decoration || !program) continue;
      if (rules_.is_aside(message.normalised.text)) continue;
      const bool known = std::ranges::any_of(candidates_, [&](const Candidate& c) { return c.message == i; });
      const bool live = !last_activity_ || i >= *last_activity_;
      if (!known && live && rules_.mentions_limit(message)) reading.murmur = message.normalised.text;
      return;
    }
  }

  const Screen& screen_;
  Ruleset& rules_;
  const std::string_view text_;
  std::vector<RuleFinding>* const findings_;
  std::vector<Candidate> candidates_;
  std::optional<std::size_t> last_activity_;
  std::size_t last_said_ = 0;
};

}  // namespace

Reading weigh(const Screen& screen, Ruleset& rules, std::string_view text, std::vector<RuleFinding>* findings) {
  return Weighing(screen, rules, text, findings).weigh();
}

}  // namespace quotawatch
