#include "quotawatch/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/enum_names.h"
#include "base/json_document.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

constexpr EnumNames<EventKind::store_up> event_kind_names{"suspect",
                                                          "clear",
                                                          "switch",
                                                          "switch_done",
                                                          "switch_failed",
                                                          "switch_resumed",
                                                          "switch_ineffective",
                                                          "switch_beaten",
                                                          "exhausted_everywhere",
                                                          "resume",
                                                          "resumed",
                                                          "resume_held",
                                                          "resume_failed",
                                                          "typed",
                                                          "verdict",
                                                          "skip",
                                                          "stale",
                                                          "unrecognised",
                                                          "reset",
                                                          "account",
                                                          "pause",
                                                          "stopped",
                                                          "tmux_down",
                                                          "tmux_up",
                                                          "disagree",
                                                          "no_agent",
                                                          "found",
                                                          "lost",
                                                          "near_limit",
                                                          "store_down",
                                                          "store_up"};

Json value(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }
Json value(const std::vector<std::string>& list) { return list.empty() ? Json() : Json(list); }
Json value(const std::optional<int>& number) { return number ? Json(*number) : Json(); }
Json value(const std::optional<std::uint64_t>& number) { return number ? Json(*number) : Json(); }
Json value(const std::optional<bool>& yes) { return yes ? Json(*yes) : Json(); }
Json value(const std::optional<WallTime>& time) { return time ? Json(format_wall(*time)) : Json(); }

// The only list of fields: names, order and formats.
struct Field {
  std::string_view name;
  Json (*get)(const Event&);
};

constexpr auto fields = std::to_array<Field>({
    {"group", [](const Event& e) { return value(e.group); }},
    {"session", [](const Event& e) { return value(e.session); }},
    {"sessions", [](const Event& e) { return value(e.sessions); }},
    {"verdict", [](const Event& e) { return value(e.verdict); }},
    {"rule", [](const Event& e) { return value(e.rule); }},
    {"snippet", [](const Event& e) { return value(e.snippet); }},
    {"reset_text", [](const Event& e) { return value(e.reset_text); }},
    {"reset_at", [](const Event& e) { return value(e.reset_at); }},
    {"percent", [](const Event& e) { return value(e.percent); }},
    {"window", [](const Event& e) { return value(e.window); }},
    {"id", [](const Event& e) { return value(e.id); }},
    {"from", [](const Event& e) { return value(e.from); }},
    {"to", [](const Event& e) { return value(e.to); }},
    {"generation", [](const Event& e) { return value(e.generation); }},
    {"host", [](const Event& e) { return value(e.host); }},
    {"account", [](const Event& e) { return value(e.account); }},
    {"pool", [](const Event& e) { return value(e.pool); }},
    {"interactive", [](const Event& e) { return value(e.interactive); }},
    {"confirmed", [](const Event& e) { return value(e.confirmed); }},
    {"how", [](const Event& e) { return value(e.how); }},
    {"text", [](const Event& e) { return value(e.text); }},
    {"attempt", [](const Event& e) { return value(e.attempt); }},
    {"after", [](const Event& e) { return value(e.after); }},
    {"dry_run", [](const Event& e) { return value(e.dry_run); }},
    {"why", [](const Event& e) { return value(e.why); }},
    {"reason", [](const Event& e) { return value(e.reason); }},
    {"retry_at", [](const Event& e) { return value(e.retry_at); }},
});

}  // namespace

std::string_view event_name(EventKind kind) { return event_kind_names.name(kind); }

std::optional<EventKind> find_event(std::string_view name) { return event_kind_names.find(name); }

bool is_decision(EventKind kind) { return kind < EventKind::verdict; }

bool is_about_resuming(EventKind kind) { return kind >= EventKind::resume && kind <= EventKind::typed; }

std::vector<std::string> event_names() {
  auto names = event_kind_names.all();
  std::erase(names, event_name(EventKind::typed));  // nobody names it: in transcripts it has a form of its own
  return names;
}

Event make_event(EventKind kind, WallTime at) {
  Event event;
  event.at = at;
  event.kind = kind;
  return event;
}

std::string to_json(const Event& event) {
  std::string line = fmt::format(R"({{"at":"{}","event":"{}")", format_wall_ms(event.at), event_name(event.kind));
  for (const auto& field : fields) {
    const Json set = field.get(event);
    if (!set.is_null()) line += fmt::format(R"(,"{}":{})", field.name, dump_line(set));
  }
  return line + '}';
}

void add_fields(const Event& event, nlohmann::ordered_json& object) {
  for (const auto& field : fields) {
    if (auto set = field.get(event); !set.is_null()) object[std::string(field.name)] = std::move(set);
  }
}

std::optional<std::string> field_text(const Event& event, std::string_view name) {
  const auto* const field =
      std::find_if(fields.begin(), fields.end(), [name](const Field& known) { return known.name == name; });
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
