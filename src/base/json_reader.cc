#include "base/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

// "/quota/dedicated/0/name" in the form used in messages: quota.dedicated[0].name
std::string readable(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    const bool index =
        !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    path += index ? fmt::format("[{}]", part) : (path.empty() ? "" : ".") + escape_controls(part);
  }
  return path;
}

std::string describe(const nlohmann::json& value) {
  if (value.is_structured()) return fmt::format("an {}", value.type_name());
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  constexpr std::size_t longest = 40;
  if (text.size() > longest) return fmt::format("a {}", value.type_name());
  return escape_controls(text);
}

}  // namespace

void JsonValue::fail(const std::string& problem) const {
  const std::string path = readable(pointer_);
  throw InputError(document_->origin(), line(), path.empty() ? problem : path + ": " + problem);
}

void JsonValue::fail_type(std::string_view wanted) const {
  fail(fmt::format("should be {}, not {}", wanted, describe(*value_)));
}

JsonValue JsonValue::child(const std::string& key) const { return {*document_, value_->at(key), pointer_ + "/" + key}; }

std::string JsonValue::string() const {
  if (!value_->is_string()) fail_type("a text in quotes");
  return value_->get<std::string>();
}

bool JsonValue::boolean() const {
  if (!value_->is_boolean()) fail_type("true or false");
  return value_->get<bool>();
}

std::int64_t JsonValue::integer(std::int64_t least, std::int64_t most) const {
  const auto wanted = fmt::format("a whole number from {} to {}", least, most);
  if (!value_->is_number_integer()) fail_type(wanted);
  if (value_->is_number_unsigned() && value_->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    fail_type(wanted);
  }
  const auto number = value_->get<std::int64_t>();
  if (number < least || number > most) fail_type(wanted);
  return number;
}

std::uint64_t JsonValue::unsigned_integer() const {
  if (!value_->is_number_unsigned()) fail_type("a whole number, not below 0");
  return value_->get<std::uint64_t>();
}

double JsonValue::number(double least, double most) const {
  const double number = value_->is_number() ? value_->get<double>() : std::nan("");
  if (!(number >= least && number <= most)) fail_type(fmt::format("a number from {} to {}", least, most));
  return number;
}

Milliseconds JsonValue::duration(Milliseconds least) const {
  if (!value_->is_string()) fail_type("a duration such as \"30s\" or \"1h30m\"");
  try {
    const auto duration = parse_duration(value_->get_ref<const std::string&>());
    if (duration < least)
      fail(fmt::format("{} is too short; at least {} is needed", describe(*value_), format_duration(least)));
    return duration;
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
}

WallTime JsonValue::wall_time() const {
  if (value_->is_string()) {
    if (const auto time = parse_wall(value_->get_ref<const std::string&>())) return *time;
  }
  fail_type("a time such as \"2026-11-23T19:51:05Z\"");
}

std::vector<JsonValue> JsonValue::array() const {
  if (!value_->is_array()) fail_type("a list in [ ]");
  std::vector<JsonValue> items;
  for (std::size_t i = 0; i < value_->size(); ++i) {
    items.push_back(JsonValue(*document_, (*value_)[i], fmt::format("{}/{}", pointer_, i)));
  }
  return items;
}

std::vector<std::string> JsonValue::strings() const {
  std::vector<std::string> texts;
  for (const auto& item : array()) texts.push_back(item.string());
  return texts;
}

JsonObject JsonValue::object(const std::vector<std::string>& known) const { return {*this, known}; }

std::vector<std::pair<std::string, JsonValue>> JsonValue::members() const {
  if (!value_->is_object()) fail_type("an object in { }");
  std::vector<std::pair<std::string, JsonValue>> members;
  for (const auto& [key, value] : value_->items()) members.emplace_back(key, child(key));
  return members;
}

JsonObject::JsonObject(JsonValue value, const std::vector<std::string>& known) : value_(std::move(value)) {
  for (const auto& [key, member] : value_.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      member.fail("unknown key" + suggest(key, known));
    }
  }
}

std::optional<JsonValue> JsonValue::find(const std::string& key) const {
  if (!value_->is_object()) fail_type("an object in { }");
  if (!value_->contains(key)) return std::nullopt;
  return child(key);
}

JsonValue JsonValue::require(const std::string& key) const {
  if (auto value = find(key)) return *value;
  fail(fmt::format("the key {} is missing", in_quotes(key)));
}

std::optional<JsonValue> JsonObject::find(const std::string& key) const { return value_.find(key); }

JsonValue JsonObject::require(const std::string& key) const { return value_.require(key); }

}  // namespace quotawatch
