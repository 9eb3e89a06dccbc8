// JSON with the line number of each value, so that errors can name file and line.
//
// All loaders (config, pack, state, screens) parse with it: comments are allowed, duplicate keys
// and excessive nesting are refused.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace quotawatch {

class JsonDocument {
 public:
  // Throws InputError with the line, counted from `first_line`.
  JsonDocument(std::string_view text, std::string origin, std::size_t first_line = 1);

  const nlohmann::json& root() const { return root_; }
  const std::string& origin() const { return origin_; }

  // The line of the value at a JSON pointer ("/quota/poll_interval").
  std::size_t line_of(const std::string& pointer) const;

 private:
  nlohmann::json root_;
  std::string origin_;
  std::size_t first_line_;
  std::map<std::string, std::size_t> lines_;
};

// The text at `key`; empty if there is none. For JSON of others, of which little is expected.
std::string text_of(const nlohmann::json& object, std::string_view key);

// One line, with every string valid UTF-8 and safe to print.
std::string dump_line(const nlohmann::ordered_json& value);

}  // namespace quotawatch
