#include "tests/soak/soak_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "quotawatch/input_error.h"
#include "tests/soak/lives.h"

namespace quotawatch::soak {
namespace {

using Json = nlohmann::json;

constexpr std::size_t largest_file = std::size_t{1} << 30U;

// Each line of a file as an object.
std::vector<Json> read_objects(const std::string& path) {
  const std::string text = read_file(path, largest_file);
  std::vector<Json> objects;
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    if (trim(line).empty()) continue;
    try {
      objects.push_back(Json::parse(line));
    } catch (const Json::exception& error) {
      throw InputError(path, number, fmt::format("is no JSON object: {}", error.what()));
    }
  }
  return objects;
}

WallTime time_of(const Json& object) { return WallTime{Milliseconds{object.at("at").get<std::int64_t>()}}; }

std::vector<HookNote> read_hook(const std::string& path) {
  std::vector<HookNote> notes;
  if (!std::filesystem::exists(path)) return notes;
  for (const auto& object : read_objects(path)) {
    notes.push_back(
        {object.at("life"), time_of(object), object.at("id"), object.at("from"), object.at("to"), object.at("what")});
  }
  return notes;
}

std::vector<TypedKeys> read_typed(const std::string& path) {
  std::vector<TypedKeys> typed;
  if (!std::filesystem::exists(path)) return typed;
  for (const auto& object : read_objects(path)) {
    typed.push_back({time_of(object), object.at("session"), object.at("keys")});
  }
  return typed;
}

// Each life gets the part of the journal up to the beginning of the next one.
std::vector<Life> read_lives(const std::string& path, const std::string& journal) {
  std::vector<Life> lives;
  std::vector<std::size_t> begins;
  for (const auto& object : read_objects(path)) {
    Life life{object.at("life"), time_of(object), object.at("whole"), std::nullopt, ""};
    if (!object.at("state").is_null()) life.state = object.at("state").get<std::string>();
    lives.push_back(std::move(life));
    begins.push_back(std::min(object.at("journal").get<std::size_t>(), journal.size()));
  }
  if (lives.empty()) throw InputError(path, 0, "tells of no life");
  begins.push_back(journal.size());
  for (std::size_t i = 0; i < lives.size(); ++i) {
    lives[i].journal = journal.substr(begins[i], begins[i + 1] - begins[i]);
  }
  return lives;
}

void set(std::optional<std::string>& into, const Json& value) { into = value.get<std::string>(); }
void set(std::optional<int>& into, const Json& value) { into = value.get<int>(); }
void set(std::optional<bool>& into, const Json& value) { into = value.get<bool>(); }
void set(std::optional<WallTime>& into, const Json& value) {
  into = parse_wall(value.get<std::string>());
  if (!into) throw std::invalid_argument("no time");
}

Event to_event(const Json& object) {
  const auto at = parse_wall(object.at("at").get<std::string>());
  const auto kind = find_event(object.at("event").get<std::string>());
  if (!at || !kind) throw std::invalid_argument("no time, or no event that anybody knows");
  Event event = make_event(*kind, *at);
  const auto take = [&](const char* name, auto& into) {
    if (const auto found = object.find(name); found != object.end()) set(into, *found);
  };
  take("session", event.session);
  take("verdict", event.verdict);
  take("reset_at", event.reset_at);
  take("id", event.id);
  take("from", event.from);
  take("to", event.to);
  take("pool", event.pool);
  take("interactive", event.interactive);
  take("confirmed", event.confirmed);
  take("why", event.why);
  take("reason", event.reason);
  take("retry_at", event.retry_at);
  take("attempt", event.attempt);
  return event;
}

}  // namespace

std::optional<Event> read_event(std::string_view line) {
  try {
    return to_event(Json::parse(line));
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

Soak read_soak(const std::string& folder) {
  const auto path = [&](const char* name) { return folder + "/" + name; };
  Soak soak;
  soak.config = load_config(path("config.json"));
  try {
    soak.lives = read_lives(path("lives.jsonl"), read_file(path("journal.jsonl"), largest_file));
    soak.hook = read_hook(path("hook.jsonl"));
    soak.typed = read_typed(path("typed.jsonl"));
  } catch (const Json::exception& error) {
    throw InputError(folder, 0, fmt::format("is not what a soak leaves: {}", error.what()));
  }
  return soak;
}

}  // namespace quotawatch::soak
