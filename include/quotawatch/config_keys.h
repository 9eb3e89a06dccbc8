// All keys of the config in one table.
//
// It provides the keys and ranges that the config reader accepts, the numbers of a recorded config,
// the simulator's knobs that are numbers of the config, and the tables of docs/configuration.md
// (kept up to date by tests/config/config_keys_test.cc). The defaults are those of struct Config.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "quotawatch/config.h"

namespace quotawatch {

// Where a number of a config is stored.
using ConfigPlace =
    std::variant<Milliseconds*, Percent*, int*, std::int64_t*, std::size_t*, bool*, std::optional<bool>*>;

struct ConfigKey {
  std::string_view section = {};  // "quota", "pool.autonomous", "accounts[]"; empty: the top level
  std::string_view name = {};
  std::string_view what = {};  // for the documentation, in Markdown

  // For a number; nullptr: config.cc reads this key itself.
  ConfigPlace (*place)(Config&) = nullptr;
  std::int64_t least = 0;  // for a count
  std::int64_t most = 0;
  bool may_be_zero = false;  // for a duration or a percentage: 0 means never

  // The documentation of keys that are not numbers.
  std::string_view type = {};
  std::string_view usual = {};  // the default as JSON; empty: there is none
};

inline constexpr Milliseconds shortest_config_duration{1};

std::span<const ConfigKey> config_keys();

// The names of a section's keys.
std::vector<std::string> key_names(std::string_view section);

// The key of a number, which must exist.
const ConfigKey& number_key(std::string_view section, std::string_view name);

// The functions below are for keys of numbers only.
enum class NumberKind { duration, percentage, count, flag };
NumberKind kind_of(const ConfigKey& key);

// A duration in milliseconds, a percentage, a count, or 0 or 1 for a flag; empty if it is not set.
std::optional<std::int64_t> get_number(const ConfigKey& key, Config config);
void set_number(const ConfigKey& key, std::int64_t number, Config& config);

// The number as JSON; empty if it is not set.
std::string number_text(const ConfigKey& key, const Config& config);

// The numbers of a section that differ from the default, as a JSON object.
std::string changed_numbers(std::string_view section, const Config& config);

}  // namespace quotawatch
