#include "quotawatch/session_patterns.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"

namespace quotawatch {
namespace {

constexpr std::size_t most_found = 10'000;

// Takes one character, which may be several bytes.
void drop_character(std::string_view& text) {
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; };
  std::size_t length = 1;
  while (length < text.size() && continues(text[length])) ++length;
  text.remove_prefix(length);
}

bool matches_any(const Config& group, const std::string& name) {
  return std::ranges::any_of(group.session_patterns,
                             [&](const std::string& pattern) { return matches_pattern(pattern, name); });
}

// With a colon or a dot in its name, it could not be distinguished from a pane.
bool can_be_watched(const std::string& name) {
  return !name.empty() && !has_controls(name) && name.find_first_of(":.") == std::string::npos;
}

template <typename Use>
void visit_groups(Config& config, Use use) {
  if (config.groups.empty()) use(config);
  for (auto& group : config.groups) use(group);
}

}  // namespace

bool has_patterns(const Config& config) {
  return !config.session_patterns.empty() || std::ranges::any_of(config.groups, has_patterns);
}

bool matches_pattern(std::string_view pattern, std::string_view name) {
  std::string_view after_star;  // what must follow the last star, if one was passed
  std::string_view retry;       // the name behind what that star stands for
  bool starred = false;
  while (!name.empty()) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      starred = true;
      after_star = pattern;
      retry = name;
    } else if (!pattern.empty() && pattern.front() == '?') {
      pattern.remove_prefix(1);
      drop_character(name);
    } else if (!pattern.empty() && pattern.front() == name.front()) {
      pattern.remove_prefix(1);
      name.remove_prefix(1);
    } else if (starred) {
      drop_character(retry);
      pattern = after_star;
      name = retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

Config with_found(Config config, std::vector<std::string> names) {
  visit_groups(config, [](Config& group) { group.found.clear(); });
  if (!has_patterns(config)) return config;
  const auto named = session_names(config);
  std::set<std::string> taken(named.begin(), named.end());
  std::ranges::sort(names);
  visit_groups(config, [&](Config& group) {
    for (const auto& name : names) {
      if (group.found.size() == most_found || !can_be_watched(name) || !matches_any(group, name)) continue;
      if (taken.insert(name).second) group.found.push_back(name);
    }
  });
  return config;
}

std::vector<std::string> found_sessions(const Config& config) {
  std::vector<std::string> found = config.found;
  for (const auto& group : config.groups) found.insert(found.end(), group.found.begin(), group.found.end());
  return found;
}

}  // namespace quotawatch
