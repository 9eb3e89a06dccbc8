#include "os/host/host_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_zone_file = 1 << 20;

std::optional<std::string> read_text(const std::string& path) {
  try {
    return read_file(path, largest_zone_file);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool is_zone_file(std::string_view text) { return text.starts_with("TZif"); }

// The POSIX rule in the last line of a compiled zone file, version 2 or later.
std::optional<Zone> rules_of_zone_file(std::string_view text) {
  if (text.size() < 5 || text[4] < '2' || !text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  return Zone::from_rules(text.substr(text.rfind('\n') + 1));
}

// The part of `path` below `folder`; empty if it is elsewhere.
std::string name_below(const fs::path& folder, const fs::path& path) {
  const auto name = path.lexically_relative(folder).string();
  return name.starts_with("..") ? "" : name;
}

// A zone found in a file, and how it was identified, as the end of "from TZ".
struct Held {
  Zone zone;
  std::string how;
};

class ZoneFiles {
 public:
  explicit ZoneFiles(const ZonePlaces& places) : places_(places) {}

  // `preferred`: which of several identical zones to name.
  std::optional<Held> zone_in(const std::string& path, const std::string& preferred) const {
    if (auto zone = zone_at(places_.database, path)) return Held{std::move(*zone), ""};
    std::error_code error;
    const auto real = fs::canonical(path, error);
    if (error) return std::nullopt;
    const auto database = fs::canonical(places_.database, error);
    if (auto zone = zone_at(database, real)) return Held{std::move(*zone), ""};
    if (!fs::is_regular_file(real, error)) return std::nullopt;
    const auto text = read_text(real.string());
    if (!text || !is_zone_file(*text)) return std::nullopt;
    if (auto zone = same_as(*text, preferred)) return Held{std::move(*zone), ", a copy of it"};
    auto zone = rules_of_zone_file(*text);
    return zone ? std::optional(Held{std::move(*zone), ", its rules"}) : std::nullopt;
  }

 private:
  // Zones below right/ also count leap seconds; otherwise they are the same.
  static std::optional<Zone> zone_at(const fs::path& database, const fs::path& path) {
    constexpr std::string_view with_leap_seconds = "right/";
    auto name = name_below(database, path);
    if (name.starts_with(with_leap_seconds)) name.erase(0, with_leap_seconds.size());
    return name.empty() ? std::nullopt : Zone::find(name);
  }

  bool is_same(const std::string& name, const std::string& text) const {
    const auto path = fs::path(places_.database) / name;
    std::error_code error;
    return fs::file_size(path, error) == text.size() && read_text(path.string()) == text;
  }

  std::optional<Zone> same_as(const std::string& text, const std::string& preferred) const {
    if (!preferred.empty() && is_same(preferred, text)) {
      if (auto zone = Zone::find(preferred)) return zone;
    }
    for (const auto& name : own_names()) {
      if (!is_same(name, text)) continue;
      if (auto zone = Zone::find(name)) return zone;
    }
    return std::nullopt;
  }

  // All zones that are not aliases of another, in alphabetical order.
  std::vector<std::string> own_names() const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::recursive_directory_iterator at(places_.database, error), end; at != end; at.increment(error)) {
      if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
      names.push_back(name_below(places_.database, at->path()));
    }
    std::ranges::sort(names);
    return names;
  }

  const ZonePlaces& places_;
};

HostZone zone_of_variable(const std::string& variable, const ZonePlaces& places) {
  std::string name = variable;
  if (name.starts_with(':')) name.erase(0, 1);
  if (name.empty()) return {Zone::utc(), "for TZ is empty"};
  if (auto zone = Zone::find(name)) return {std::move(*zone), "from TZ"};
  const std::string path = (fs::path(places.database) / name).string();  // `name` if absolute
  if (auto held = ZoneFiles(places).zone_in(path, "")) {
    return {std::move(held->zone), fmt::format("from TZ={}{}", in_quotes(variable), held->how)};
  }
  if (auto zone = Zone::from_rules(name)) return {std::move(*zone), "from TZ"};
  return {Zone::utc(), fmt::format("for TZ={} is no zone", in_quotes(variable)),
          fmt::format("TZ={} is no zone, so programs here take UTC, and so does quotawatch{}", in_quotes(variable),
                      Zone::suggest(name))};
}

std::string first_line(const std::string& path) {
  const auto text = read_text(path).value_or("");
  return std::string(trim(std::string_view(text).substr(0, text.find('\n'))));
}

HostZone zone_of_local_time(const ZonePlaces& places) {
  const std::string& path = places.local_time;
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) {
    return {Zone::utc(), fmt::format("for there are neither TZ nor {}", path)};
  }
  if (auto held = ZoneFiles(places).zone_in(path, first_line(places.local_name))) {
    return {std::move(held->zone), fmt::format("from {}{}", path, held->how)};
  }
  return {Zone::utc(), fmt::format("for {} holds no zone", path),
          fmt::format("{} holds no zone, so reset times without one are read in UTC; set TZ, or "
                      "timezone in the config",
                      path)};
}

}  // namespace

ZonePlaces own_zone_places() {
  ZonePlaces places;
  const char* variable = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe): one thread
  if (variable != nullptr) places.variable = variable;
  return places;
}

HostZone read_host_zone(const ZonePlaces& places) {
  Zone::require_database();
  return places.variable ? zone_of_variable(*places.variable, places) : zone_of_local_time(places);
}

}  // namespace quotawatch::os
