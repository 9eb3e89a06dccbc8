#include "transcript/expectation.h"

#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "transcript/transcript_lines.h"

namespace quotawatch {
namespace {

// The fields to pin for each decision.
std::vector<std::string_view> blessed_fields(EventKind kind) {
  switch (kind) {
    case EventKind::suspect:
      return {"session"};
    case EventKind::clear:
      return {"reason"};
    case EventKind::switch_:
      return {"from", "to", "reset_at"};
    case EventKind::switch_failed:
      return {"why", "retry_at"};
    case EventKind::switch_ineffective:
      return {"from", "to", "sessions"};
    case EventKind::exhausted_everywhere:
      return {"from", "retry_at"};
    case EventKind::verdict:
      return {"session", "verdict"};
    case EventKind::skip:
      return {"reason"};
    case EventKind::stale:
      return {"session"};
    case EventKind::resume:
      return {"session", "account", "reason", "how", "attempt"};
    case EventKind::resumed:
      return {"session", "after"};
    case EventKind::resume_held:
    case EventKind::resume_failed:
      return {"session", "why"};
    case EventKind::typed:
      return {"session", "how", "text"};
    case EventKind::reset:
      return {"sessions", "reset_at"};
    default:
      return {"from", "to"};
  }
}

}  // namespace

Event typed_event(const Stroke& stroke, WallTime at) {
  Event event = make_event(EventKind::typed, at);
  event.session = stroke.session;
  constexpr EnumNames<Stroke::Kind::command> names{"type", "key", "restart", "command"};
  event.how = names.name(stroke.kind);
  std::string text = stroke.text;
  for (const auto& argument : stroke.arguments) text += (text.empty() ? "" : " ") + quote_word(argument);
  event.text = std::move(text);
  return event;
}

Expectation expectation_of(Milliseconds offset, const Event& event) {
  Expectation expectation{offset, event.kind, {}, 0};
  for (const auto name : blessed_fields(event.kind)) {
    if (auto value = field_text(event, name)) {
      expectation.fields.emplace_back(name, std::move(*value));
    }
  }
  return expectation;
}

bool field_holds(const std::pair<std::string, std::string>& field, const Event& got) {
  const auto& [name, expected] = field;
  const std::string value = field_text(got, name).value_or("");
  if (expected == value) return true;
  const bool instant = name == "reset_at" || name == "retry_at";
  return instant && !expected.empty() && parse_wall(expected) == parse_wall(value);
}

}  // namespace quotawatch
