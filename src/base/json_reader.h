// Strict access to JSON values: types and ranges are checked and unknown keys refused.
//
// Loaders read a JsonDocument with these. Every refusal is an InputError that names file, line,
// key, what is wrong and what would be right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "quotawatch/time.h"

namespace quotawatch {

class JsonObject;

// One value in a document.
class JsonValue {
 public:
  explicit JsonValue(const JsonDocument& document) : JsonValue(document, document.root(), "") {}

  [[noreturn]] void fail(const std::string& problem) const;
  std::size_t line() const { return document_->line_of(pointer_); }
  bool is_null() const { return value_->is_null(); }
  bool is_string() const { return value_->is_string(); }
  bool is_zero() const { return *value_ == 0; }

  std::string string() const;
  bool boolean() const;
  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  std::uint64_t unsigned_integer() const;
  double number(double least, double most) const;
  Milliseconds duration(Milliseconds least) const;
  WallTime wall_time() const;
  std::vector<JsonValue> array() const;
  std::vector<std::string> strings() const;

  // The value as an object whose keys are all in `known`.
  JsonObject object(const std::vector<std::string>& known) const;

  // A member of an object of others, of which little is expected.
  std::optional<JsonValue> find(const std::string& key) const;
  JsonValue require(const std::string& key) const;

  // The members of an object that is used as a map.
  std::vector<std::pair<std::string, JsonValue>> members() const;

 private:
  friend class JsonObject;
  JsonValue(const JsonDocument& document, const nlohmann::json& value, std::string pointer)
      : document_(&document), value_(&value), pointer_(std::move(pointer)) {}
  JsonValue child(const std::string& key) const;
  [[noreturn]] void fail_type(std::string_view wanted) const;

  const JsonDocument* document_;
  const nlohmann::json* value_;
  std::string pointer_;
};

class JsonObject {
 public:
  JsonObject(JsonValue value, const std::vector<std::string>& known);

  std::optional<JsonValue> find(const std::string& key) const;
  JsonValue require(const std::string& key) const;
  const JsonValue& value() const { return value_; }

 private:
  JsonValue value_;
};

}  // namespace quotawatch
