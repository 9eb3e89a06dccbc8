#include "judge/rules/shape.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "judge/resets/reset_time_forms.h"
#include "quotawatch/reset_time.h"

namespace quotawatch {
namespace {

// No banner is longer.
constexpr std::size_t longest_banner = 400;

// What may stand before the words that say that a limit is reached.
constexpr std::size_t longest_lead = 100;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

bool finds(std::string_view text, const RE2& expression) { return RE2::PartialMatch(piece(text), expression); }

// What limits an account.
const std::string family =
    R"((?:limits?|usage|quotas?|caps?|credits?|allowances?|allocations?|budgets?|balance|overages?)\b)";

// What an account has so much of, if it is said that none is left.
const std::string stock =
    R"((?:limits?|usage|quotas?|credits?|allowances?|allocations?|budgets?|balance|plan|messages|requests|prompts|funds)\b)";

// Up to so many words, with nothing but a space between them.
std::string words(int most) { return R"((?:[\w$'./%-]+ ){0,)" + std::to_string(most) + "}?"; }

// "You've hit your weekly limit", "out of Claude usage".
std::string reached_before() {
  return R"((?:\b(?:hit|reached|reaches|exceeded|exhausted|maxed out|consumed|depleted|drained|used up|used (?:all|100%)(?: of)?)"
         R"(|spent(?: all)?(?: of)?|burn(?:ed|t) through|gone (?:over|through|past)|went (?:over|past)|(?:run|ran) through|passed|crossed)"
         R"(|(?:are|is|'re|'s) (?:now )?(?:at|over|past)) )" +
         words(5) + family + R"(|\b(?:out of|used up|exhausted|used all(?: of)?|spent) )" + words(4) + stock + ")";
}

// "Usage limit reached", "Your session limit has been reached", "Included usage spent".
std::string reached_behind() {
  const std::string state =
      R"((?:reached|hit|exceeded|exhausted|used(?: up)?|spent|maxed out|consumed|depleted|drained|gone|full|over|finished|empty|ended|expired)"
      R"(|paused|suspended|blocked|on hold|(?:ran|run|running) out|at (?:100%|zero|\$?0)|set to (?:\$0|zero))\b)";
  return family + " " + words(5) + state +
         R"(|\b(?:plan|window|subscription|session|account|access|work|messages|requests)\b )" + words(4) +
         R"((?:used up|exhausted|spent|maxed out|depleted|full|paused|suspended|on hold|blocked)\b|\b(?:account|organi[sz]ation|org|team|plan|session) (?:is|are) (?:now )?(?:rate[- ])?limited\b)";
}

// "No messages left until 8pm", "0 credits remaining".
std::string none_left() {
  return R"(\b(?:no|zero|0|\$0|\$0\.00)(?: more| remaining| further| of \d+)? )" + words(3) + stock + " " + words(3) +
         R"((?:left|remain(?:ing|s)?|available)\b|\b)" + family + R"([^.?!%]{0,20}\b100%|\b)" + family +
         R"([: ]+(?:0|none|zero|no) (?:left|remaining)\b|\bno (?:more|remaining|further) (?:[\w'-]+ )?(?:usage|credits?|allowance|quota)\b|\bnothing left (?:of|in|on|for) )" +
         words(3) + stock + R"(|\bpaused\b[^.?!]{0,40}\b)" + family + "|" + R"(\b)" + family +
         R"([^.?!]{0,20}\bpaused\b)";
}

const RE2& reached() {
  static const RE2 expression("(?i)(" + reached_before() + "|" + reached_behind() + "|" + none_left() + ")");
  return expression;
}

// When it is over, whether or not that time can be read.
const RE2& time_words() {
  static const RE2 expression(
      R"((?i)\b(?:resets?|renew(?:s|al)?|refills?|refresh(?:es)?|replenish(?:es|ed)?|returns?|unlocks?|reopens?|back|again|until)"
      R"(|continu(?:es|ing)|resum(?:es|ing)|next (?:window|reset|period|cycle|session)|starts? (?:over|again)|opens? again|lifts?|wait|regain)\b[^.?!]{0,40}?)"
      R"((?:\d|\b(?:tomorrow|tonight|midnight|noon|next|shortly|soon|later|hour|day|week|month|year|cycle|period)"
      R"(|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b))");
  return expression;
}

// What helps but waiting.
const RE2& remedy() {
  static const RE2 expression(
      R"((?i)(?:^|[ (])/(?:upgrade|usage|usage-credits|extra-usage|login|model|rate-limit-options|add-credits|buy)\b)"
      R"(|\b(?:add|buy|purchase|get|top up|refill|load)\b[^.?!]{0,30}\b(?:funds?|credits?|usage|balance|quota)\b)"
      R"(|\bupgrade\b|\b(?:ask|contact|see|speak to|talk to|reach out to|message)\b[^.?!]{0,30}\b(?:admin\w*|owner|manager|support|billing)\b)"
      R"(|\b(?:raise|increase|lift|extend|request)\b[^.?!]{0,30}\b(?:limits?|cap|quota|budget|increase|more|it)\b)"
      R"(|\bswitch (?:to|accounts?|models?|plans?)\b|\b(?:enable|turn on)\b[^.?!]{0,20}\b(?:usage|overages?|credits)\b)"
      R"(|\b(?:to (?:keep going|continue)|check your plan|more credits)\b)");
  return expression;
}

// What limits something else than an account.
const RE2& other_things() {
  static const RE2 expression(
      R"((?i)\b(?:context|conversations?|\d[\d,.]*[km]? (?:\w+ )?tokens?|(?:input|max(?:imum)?) tokens?|turns?|steps?|iterations?|depth|nesting|recursion|memory|heap|stack|disks?)"
      R"(|storage|inodes?|space|files?|images?|pdfs?|pages?|attach\w*|uploads?|downloads?|bytes|\d* ?[kmgt]i?b|lines?|rows?|columns?)"
      R"(|char(?:acter)?s?|too (?:long|large|big|many (?:lines|pages))|lengths?|sizes?|results?|search(?:es)?|quer(?:y|ies)|records?|nodes?|mcp|servers?|tools?|hooks?)"
      R"(|sub-?agents?|jobs?|schedul\w+|wakeups?|todos?|shells?|commands?|timeouts?|time limit|retry|retries|attempts?|connections?|sockets?|threads?)"
      R"(|process(?:es)?|cpu|gpu|ram|network|bandwidth|git|lfs|github|gitlab|npm|pypi|docker|registry|repositor(?:y|ies)|branch(?:es)?)"
      R"(|commits?|webhooks?|smtp|databases?|postgres|redis|s3|buckets?|sandbox|fast(?: mode)?|thinking|output|response|answer)"
      R"(|parameters?|offset|functions?|loops?|tests?|speed|history|clipboard|paste[ds]?|schema|regex|patterns?|fetch(?:es)?)"
      R"(|urls?|domains?|crawl|per (?:second|minute|request|call)|concurren(?:t|cy)|parallel|simultaneous(?:ly)?|rate limit\w* (?:in|of|by) \S+|polls?|workers?)"
      R"(|breakpoints?|windows? size|zoom|undo|scroll\w*|buffer|cache|log|logs|journal)\b)");
  return expression;
}

// A limit that is only talked about: a condition, a question, a setting.
const RE2& not_reached() {
  static const RE2 expression(
      R"((?i)\b(?:if|when|whenever|once|unless|would|could|should|might|how|why|which|not|isn't|aren't|wasn't|hasn't|haven't|don't|doesn't)"
      R"(|never|without|will (?:be|hit|reach|run|need|stop)|renamed)\b|[?"`{}=])");
  return expression;
}

// Not reached yet, or no longer; or the program goes on anyway.
const RE2& not_out() {
  static const RE2 expression(
      R"((?i)\b(?:almost|nearly|near|nearing|close to|approach\w*|about to|soon|early|increased?|increases|raised|was sent)\b)"
      R"(|(?:^|[^\d.])\d{1,2}(?:\.\d+)?% ?(?:of|used|left|remaining|full)?\b|\b[1-9]\d*(?: [\w-]+){0,2} (?:left|remaining)\b)"
      R"(|\b(?:now using|continuing (?:on|with|now|in)|switched to|switching to|fall(?:ing|s)? back|fell back|lower priority)"
      R"(|(?:is|are) now (?:on|using)|turned on|(?:has|have|was|were|been) (?:reset|restored|renewed|refilled|raised|increased|lifted|removed))"
      R"(|available again ·|limit reset)\b)");
  return expression;
}

// "Notification limit", "Skill budget": what is not known to limit an account may limit anything.
bool names_other_limit(std::string_view head) {
  static const RE2 qualified(R"((?i)([\w$'-]+) (?:limits?|caps?|quotas?|budgets?|allowances?)\b)");
  static const RE2 known(
      R"((?i)(?:usage|plan|session|rate|weekly|daily|monthly|hourly|yearly|annual|quarterly|\d+-?(?:h|hours?|days?|d|weeks?)|hours?|days?|weeks?|months?)"
      R"(|\w+'s|this|your|the|a|its|their|all|any|spend|spending|messages?|requests?|prompts?|account|team|org|organi[sz]ation|workspace|group)"
      R"(|seat|user|individual|personal|pro|max|plus|ultra|go|free|trial|tier|enterprise|business|claude|codex|gemini|opus|sonnet|haiku|fable|gpt|[\d.]+)"
      R"(|tokens?|credits?|included|overall|total|maximum|current|fair-use|use|api|subscription|billing|extra|overage|model|no|of|hit|reached|and|or|per)"
      R"(|more|remaining|available|full|pooled|at|over|daily|period|cost|money|dollar|\$?[\d.,]+|out|used|up))");
  std::string word;
  re2::StringPiece rest = piece(head);
  while (RE2::FindAndConsume(&rest, qualified, &word)) {
    if (!RE2::FullMatch(word, known)) return true;
  }
  return false;
}

// Somebody speaks of himself, or of a banner: no banner does.
const RE2& somebody() {
  static const RE2 expression(
      R"((?i)\b(?:i|i'm|i've|i'll|i'd|we|we've|we'll|let's|let me|my|our)\b)"
      R"(|\b(?:says?|said|shows?|prints?|reads?|means?|banner|messages? (?:is|says)|texts?|strings?|words?|examples?)\b)");
  return expression;
}

std::size_t find_in(std::string_view text, const RE2& expression) {
  re2::StringPiece found;
  if (!expression.Match(piece(text), 0, text.size(), RE2::UNANCHORED, &found, 1)) return std::string_view::npos;
  return static_cast<std::size_t>(found.data() - text.data());
}

// A wait so short is a throttle's.
bool is_moment(std::string_view text) {
  constexpr auto longest_moment = std::chrono::minutes{5};
  static const RE2 retry(R"((?i)\b(?:try again|retry\w*|wait)\b)");
  const auto reset = find_reset(text);
  return reset && reset->after && *reset->after < longest_moment && finds(text, retry);
}

// Where the model writes too: a few words, the limit, and then notes of the kind that banners have.
bool is_nothing_else(std::string_view text, std::size_t begin, std::size_t end) {
  static const RE2 lead(R"((?:[A-Z0-9$][\w$'-]*(?:\.\d+)? (?:[\w$'-]+(?:\.\d+)? ){0,4})?)");
  static const RE2 notes(
      R"x((?i)(?: (?:for|of|in|on|this|your|\(?100%\)?|[\w'-]+)){0,5}?(?:(?: ?[·|;,.:(!-]{1,2} ?| (?:and |or )?))x"
      R"x((?:(?:(?:it|they|limits?|access|usage|work) )?(?:will )?(?:resets?|renews?|refills?|refreshes|back|try again|available again)x"
      R"x(|again|until|continues|resumes|starts over|next (?:window|reset)|wait):?(?: (?:until|at|in|on|and|by|after|utc|gmt\S*|[a-z]{2,4}t)x"
      R"x(|\d[\d:.,/hmsdrint+-]*(?:am|pm|st|nd|rd|th|z)?,?|[ap]\.?m\.?,?|days?|hours?|minutes?|mins?|hrs?|seconds?|secs?|midnight|noon|tomorrow)x"
      R"x(|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*,?|\([^)"]*\)|…))+)x"
      R"x(|(?:/[a-z-]+|upgrade|add|buy|purchase|ask|contact|visit|see|run|switch to|progress saved)\b[^.·|;"?]{0,70}))+[).!…]*)x");
  // "The limit is reached; …", "… is what it looks for".
  static const RE2 sentence(R"((?i)(?:the|this|that|it|there|a|an|so|and|but)\b.*[.,;:-] .*)");
  static const RE2 prose(R"((?i)\b(?:is|are|was|were|what|when|which|that|who)\b)");
  const auto rest = text.substr(end);
  return !finds(text, somebody()) && RE2::FullMatch(piece(text.substr(0, begin)), lead) && !finds(rest, prose) &&
         !RE2::FullMatch(piece(text), sentence) && RE2::FullMatch(piece(rest), notes);
}

}  // namespace

bool names_model(std::string_view text) {
  static const RE2 model(
      R"((?i)\b(?:opus|sonnet|haiku|fable|mythos|gpt-[\w.]+|gemini-[\w.]+|(?:this|selected) model)\b)");
  return finds(text, model);
}

Shape shape_of(std::string_view text, Voice voice) {
  static const RE2 speaks(
      R"((?i)\b(?:plan|paused|window|messages|requests|prompts|limited|resets?|renews?|refills?)\b|\b)" + family);
  if (text.size() > longest_banner || !finds(text, speaks)) return Shape::none;
  re2::StringPiece match;
  const bool out = reached().Match(piece(text), 0, text.size(), RE2::UNANCHORED, &match, 1);
  const std::size_t begin = out ? static_cast<std::size_t>(match.data() - text.data()) : 0;
  const std::size_t end = begin + match.size();
  const std::string_view rest = text.substr(end);
  const auto behind = std::min(find_in(rest, time_words()), find_in(rest, remedy()));
  const auto head = text.substr(0, behind == std::string_view::npos ? text.size() : end + behind);
  if (finds(head, other_things()) || finds(text, not_out())) return Shape::other;
  if (begin > longest_lead || finds(head, not_reached()) || is_moment(text)) return Shape::mentions;
  if (!out) return find_usual_reset(text) ? Shape::part : Shape::mentions;
  if (behind == std::string_view::npos && !find_reset(rest)) return Shape::part;
  if (names_other_limit(head)) return Shape::part;
  return voice == Voice::program || is_nothing_else(text, begin, end) ? Shape::whole : Shape::part;
}

const std::vector<std::string>& shape_words() {
  static const std::vector<std::string> all{"limit", "usage", "quota", "credit",  "allowance", "budget",
                                            "reset", "renew", "until", "exhaust", "reached"};
  return all;
}

}  // namespace quotawatch
