#include "judge/rules/progress.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "judge/screen/normalise.h"

namespace quotawatch {
namespace {

// Programs reword such messages when they redraw, and add hints.
bool is_about_limits(std::string_view text) {
  static constexpr auto words = {"limit", "usage", "quota", "credit"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return contains_ignoring_case(text, word); });
}

// The normalised text of a part of the conversation; empty for what is no activity: a local command, unless it was
// refused, and what the program says of limits.
std::optional<std::string> part_text(const Said& said, const Ruleset& rules) {
  if (said.kind == Said::Kind::question) return std::nullopt;
  const bool other = said.kind == Said::Kind::other;
  if (other && is_about_limits(said.text)) return std::nullopt;
  const bool local = !other && !said.text.empty() && said.text.front() == '/' && !said.answer.empty();
  if (local && !is_about_limits(said.answer)) return std::nullopt;
  auto text = normalise(said.text).text;
  if (other && rules.is_aside(text)) return std::nullopt;
  return text;
}

}  // namespace

ConversationTrace trace_of(const Screen& screen, const Ruleset& rules) {
  ConversationTrace trace;
  std::string identity;
  if (screen.kind == ScreenKind::plain) {
    append_identity(identity, screen.block.text);
    return {{Fingerprint::of(identity).low}, true, true};
  }
  trace.whole = screen.whole;
  for (auto at = screen.said.rbegin(); at != screen.said.rend(); ++at) {
    const auto text = part_text(*at, rules);
    if (!text) continue;
    if (trace.parts.size() == ConversationTrace::most_parts) {
      trace.whole = false;
      break;
    }
    identity.clear();
    append_identity(identity, *text);
    trace.parts.push_back(Fingerprint::of(identity).low);
  }
  return trace;
}

Progress progress_of(const Screen& screen, const Ruleset& rules) {
  const auto last = std::find_if(screen.said.rbegin(), screen.said.rend(),
                                 [&](const Said& said) { return part_text(said, rules).has_value(); });
  return {trace_of(screen, rules), last != screen.said.rend() && last->kind == Said::Kind::other};
}

Context context_of(const Screen& screen) {
  if (screen.kind == ScreenKind::plain) return Context::block;
  return screen.said.empty() ? Context::start : Context::conversation;
}

}  // namespace quotawatch
