// The texts of a page, each stored once and referred to by number. All text from panes, files and
// hooks goes through here, which escapes control characters.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/text.h"

namespace quotawatch {

class PageTexts {
 public:
  std::size_t index(std::string_view text) {
    const auto [entry, added] = indices_.emplace(escape_controls(text), indices_.size());
    if (added) {
      list_.push_back(entry->first);
      bytes_ += entry->first.size();
    }
    return entry->second;
  }

  // The size of all texts, in bytes.
  std::size_t bytes() const { return bytes_; }

  nlohmann::ordered_json take() { return std::move(list_); }

 private:
  std::map<std::string, std::size_t> indices_;
  nlohmann::ordered_json list_ = nlohmann::ordered_json::array();
  std::size_t bytes_ = 0;
};

}  // namespace quotawatch
