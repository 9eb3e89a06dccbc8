// The texts of a page, each once: what it names by number. Everything that came from a
// pane, a file or a hook goes through here and comes out without control characters.
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

  // How much they take up together.
  std::size_t bytes() const { return bytes_; }

  nlohmann::ordered_json take() { return std::move(list_); }

 private:
  std::map<std::string, std::size_t> indices_;
  nlohmann::ordered_json list_ = nlohmann::ordered_json::array();
  std::size_t bytes_ = 0;
};

}  // namespace quotawatch
