#include "judge/rules/progress.h"

#include <algorithm>
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

// A local command is no activity, unless it was refused.
bool is_part(const Said& said, const Ruleset& rules) {
  if (said.kind == Said::Kind::question) return false;
  if (said.kind == Said::Kind::other) {
    return !is_about_limits(said.text) && !rules.is_aside(normalise(said.text).text);
  }
  return said.text.empty() || said.text.front() != '/' || said.answer.empty() || is_about_limits(said.answer);
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
    const Said& said = *at;
    if (!is_part(said, rules)) continue;
    if (trace.parts.size() == ConversationTrace::most_parts) {
      trace.whole = false;
      break;
    }
    identity.clear();
    append_identity(identity, normalise(said.text).text);
    trace.parts.push_back(Fingerprint::of(identity).low);
  }
  return trace;
}

Progress progress_of(const Screen& screen, const Ruleset& rules) {
  const auto last =
      std::find_if(screen.said.rbegin(), screen.said.rend(), [&](const Said& said) { return is_part(said, rules); });
  return {trace_of(screen, rules), last != screen.said.rend() && last->kind == Said::Kind::other};
}

Context context_of(const Screen& screen) {
  if (screen.kind == ScreenKind::plain) return Context::block;
  return screen.said.empty() ? Context::start : Context::conversation;
}

}  // namespace quotawatch
