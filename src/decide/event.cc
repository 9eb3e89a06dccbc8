#include "quotawatch/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/json_document.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

struct EventName {
  EventKind kind;
  std::string_view name;
  bool decision;
};

constexpr std::array<EventName, 15> names{{
    {EventKind::suspect, "suspect", true},
    {EventKind::clear, "clear", true},
    {EventKind::switch_, "switch", true},
    {EventKind::switch_done, "switch_done", true},
    {EventKind::switch_failed, "switch_failed", true},
    {EventKind::switch_resumed, "switch_resumed", true},
    {EventKind::exhausted_everywhere, "exhausted_everywhere", true},
    {EventKind::verdict, "verdict", false},
    {EventKind::skip, "skip", false},
    {EventKind::stale, "stale", false},
    {EventKind::unrecognised, "unrecognised", false},
    {EventKind::reset, "reset", false},
    {EventKind::account, "account", false},
    {EventKind::tmux_down, "tmux_down", false},
    {EventKind::tmux_up, "tmux_up", false},
}};

const EventName& entry(EventKind kind) {
  const auto* const found = std::find_if(names.begin(), names.end(),
                                         [kind](const auto& name) { return name.kind == kind; });
  return *found;
}

Json value(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }
Json value(const std::vector<std::string>& list) { return list.empty() ? Json() : Json(list); }
Json value(const std::optional<int>& number) { return number ? Json(*number) : Json(); }
Json value(const std::optional<bool>& yes) { return yes ? Json(*yes) : Json(); }
Json value(const std::optional<WallTime>& time) { return time ? Json(format_wall(*time)) : Json(); }

// The one list of fields: their names, their order, how each is written.
struct Field {
  std::string_view name;
  Json (*get)(const Event&);
};

constexpr std::array<Field, 18> fields{{
    {"session", [](const Event& e) { return value(e.session); }},
    {"sessions", [](const Event& e) { return value(e.sessions); }},
    {"verdict", [](const Event& e) { return value(e.verdict); }},
    {"rule", [](const Event& e) { return value(e.rule); }},
    {"snippet", [](const Event& e) { return value(e.snippet); }},
    {"reset_text", [](const Event& e) { return value(e.reset_text); }},
    {"reset_at", [](const Event& e) { return value(e.reset_at); }},
    {"id", [](const Event& e) { return value(e.id); }},
    {"from", [](const Event& e) { return value(e.from); }},
    {"to", [](const Event& e) { return value(e.to); }},
    {"account", [](const Event& e) { return value(e.account); }},
    {"pool", [](const Event& e) { return value(e.pool); }},
    {"interactive", [](const Event& e) { return value(e.interactive); }},
    {"confirmed", [](const Event& e) { return value(e.confirmed); }},
    {"dry_run", [](const Event& e) { return value(e.dry_run); }},
    {"why", [](const Event& e) { return value(e.why); }},
    {"reason", [](const Event& e) { return value(e.reason); }},
    {"retry_at", [](const Event& e) { return value(e.retry_at); }},
}};

}  // namespace

std::string_view event_name(EventKind kind) { return entry(kind).name; }

std::optional<EventKind> find_event(std::string_view name) {
  const auto* const found = std::find_if(names.begin(), names.end(),
                                         [name](const auto& known) { return known.name == name; });
  return found == names.end() ? std::nullopt : std::optional(found->kind);
}

bool is_decision(EventKind kind) { return entry(kind).decision; }

std::vector<std::string> event_names() {
  std::vector<std::string> all;
  all.reserve(names.size());
  for (const auto& known : names) all.emplace_back(known.name);
  return all;
}

Event make_event(EventKind kind, WallTime at) {
  Event event;
  event.at = at;
  event.kind = kind;
  return event;
}

std::string to_json(const Event& event) {
  std::string line =
      fmt::format(R"({{"at":"{}","event":"{}")", format_wall_ms(event.at), event_name(event.kind));
  for (const auto& field : fields) {
    const Json set = field.get(event);
    if (!set.is_null()) line += fmt::format(R"(,"{}":{})", field.name, dump_line(set));
  }
  return line + '}';
}

void add_fields(const Event& event, nlohmann::ordered_json& object) {
  for (const auto& field : fields) {
    if (auto set = field.get(event); !set.is_null())
      object[std::string(field.name)] = std::move(set);
  }
}

std::optional<std::string> field_text(const Event& event, std::string_view name) {
  const auto* const field = std::find_if(fields.begin(), fields.end(),
                                         [name](const Field& known) { return known.name == name; });
  if (field == fields.end()) throw std::out_of_range("no event has this field");
  const Json set = field->get(event);
  if (set.is_null()) return std::nullopt;
  if (set.is_array()) return fmt::format("{}", fmt::join(set.get<std::vector<std::string>>(), ","));
  return set.is_string() ? set.get<std::string>() : dump_line(set);
}

std::vector<std::string> field_names() {
  std::vector<std::string> all;
  all.reserve(fields.size());
  for (const auto& field : fields) all.emplace_back(field.name);
  return all;
}

}  // namespace quotawatch
