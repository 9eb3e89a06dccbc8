#include "os/records/conversation_entry.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json_document.h"
#include "base/text.h"

namespace quotawatch::os {
namespace {

using Json = nlohmann::json;
using Says = Testimony::Says;

const Json& part_of(const Json& object, const char* key) {
  static const Json nothing = Json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : nothing;
}

bool is_set(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// A count of seconds since 1970, as far as it can be one.
std::optional<WallTime> instant_of(const Json& object, const char* key) {
  constexpr std::int64_t largest = 32'503'680'000;  // the year 3000
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  const auto seconds = found->get<std::int64_t>();
  if (seconds <= 0 || seconds > largest) return std::nullopt;
  return WallTime(std::chrono::seconds{seconds});
}

std::optional<Testimony> testimony_of(const Json& entry, Says says) {
  const auto at = parse_wall(text_of(entry, "timestamp"));
  if (!at) return std::nullopt;
  return Testimony{says, *at};
}

// The limits of one model or feature leave the account usable.
bool is_of_account(std::string_view kind) {
  static constexpr auto kinds =
      std::to_array<std::string_view>({"", "five_hour", "seven_day", "overage", "seven_day_oauth_apps"});
  return std::ranges::find(kinds, kind) != kinds.end();
}

// A 429 of the moment has the same error and no limits.
std::optional<Testimony> read_refusal(const Json& entry) {
  const Json& limits = part_of(entry, "quotaLimits");
  const bool refused = text_of(entry, "error") == "rate_limit" && text_of(limits, "status") == "rejected" &&
                       is_of_account(text_of(limits, "rateLimitType"));
  auto testimony = testimony_of(entry, refused ? Says::refused : Says::failed);
  if (testimony && refused) testimony->reset_at = instant_of(limits, "resetsAt");
  return testimony;
}

// What the program writes for itself into the user's place: commands of its own and their output.
bool is_own_command(const Json& message) {
  const std::string text = text_of(message, "content");
  return text.starts_with("<command-") || text.starts_with("<local-command");
}

bool ends_in_call(const Json& message) {
  const auto content = message.find("content");
  if (content == message.end() || !content->is_array() || content->empty()) return false;
  return content->back().is_object() && text_of(content->back(), "type") == "tool_use";
}

bool is_interruption(const Json& message) {
  const auto content = message.find("content");
  if (content == message.end() || !content->is_array() || content->empty() || !content->front().is_object()) {
    return false;
  }
  return text_of(content->front(), "text").starts_with("[Request interrupted");
}

std::optional<Testimony> read_codex_event(const Json& entry, const Json& payload) {
  const std::string type = text_of(payload, "type");
  if (type == "task_started" || type == "user_message") return testimony_of(entry, Says::under_way);
  if (type == "turn_aborted") return testimony_of(entry, Says::failed);
  const bool error = type == "error";
  if (!error && type != "task_complete") return std::nullopt;
  const Json& failure = error ? payload : part_of(payload, "error");
  if (!error && failure.empty()) return testimony_of(entry, Says::fine);
  const bool limit = text_of(failure, "codex_error_info") == "usage_limit_exceeded";
  return testimony_of(entry, limit ? Says::refused : Says::failed);
}

// Told by their length: which of the two comes first has changed.
std::vector<WindowUse> read_codex_use(const Json& limits) {
  constexpr std::int64_t longest_min = 60 * 24 * 366;
  std::vector<WindowUse> use;
  for (const char* window : {"primary", "secondary"}) {
    const Json& one = part_of(limits, window);
    const auto used = one.find("used_percent");
    const auto length = one.find("window_minutes");
    if (used == one.end() || !used->is_number() || length == one.end() || !length->is_number_integer()) continue;
    const auto minutes = length->get<std::int64_t>();
    const double percent = used->get<double>();
    if (minutes <= 0 || minutes > longest_min || !(percent >= 0 && percent <= 1000)) continue;
    use.push_back(
        {std::chrono::minutes{minutes}, std::min(static_cast<int>(percent), 100), instant_of(one, "resets_at")});
  }
  return use;
}

std::optional<WallTime> read_codex_reset(const Json& limits) {
  std::optional<WallTime> latest;
  for (const char* window : {"primary", "secondary"}) {
    const Json& one = part_of(limits, window);
    const auto used = one.find("used_percent");
    if (used == one.end() || !used->is_number() || used->get<double>() < 100) continue;
    latest = std::max(latest, instant_of(one, "resets_at"));
  }
  return latest;
}

}  // namespace

std::optional<Testimony> read_claude_code_entry(std::string_view line) {
  const Json entry = Json::parse(line, nullptr, false);
  if (!entry.is_object() || is_set(entry, "isSidechain") || is_set(entry, "isMeta")) return std::nullopt;
  const std::string type = text_of(entry, "type");
  const Json& message = part_of(entry, "message");
  if (type == "user") {
    if (is_own_command(message)) return std::nullopt;
    return testimony_of(entry, is_interruption(message) ? Says::failed : Says::under_way);
  }
  if (type != "assistant") return std::nullopt;
  if (is_set(entry, "isApiErrorMessage")) return read_refusal(entry);
  const bool goes_on = text_of(message, "stop_reason") == "tool_use" || ends_in_call(message);
  return testimony_of(entry, goes_on ? Says::under_way : Says::fine);
}

CodexLine read_codex_line(std::string_view line) {
  const Json entry = Json::parse(line, nullptr, false);
  if (!entry.is_object()) return {};
  const Json& payload = part_of(entry, "payload");
  const Json& limits = part_of(payload, "rate_limits");
  CodexLine read{text_of(entry, "type") == "event_msg" ? read_codex_event(entry, payload) : std::nullopt,
                 read_codex_reset(limits)};
  const auto at = parse_wall(text_of(entry, "timestamp"));
  if (at) read.use = read_codex_use(limits);
  if (at) read.use_at = *at;
  return read;
}

bool codex_says_how_turns_end(std::string_view line) {
  const Json entry = Json::parse(line, nullptr, false);
  if (!entry.is_object()) return false;
  const std::string version = text_of(part_of(entry, "payload"), "cli_version");
  std::string_view rest = version;
  const auto major = take_until(rest, '.');
  const auto minor = take_until(rest, '.');
  const auto number = [](std::string_view digits) {
    const bool whole = !digits.empty() && digits.size() <= 6 && std::ranges::all_of(digits, is_digit);
    return whole ? std::stoi(std::string(digits)) : -1;
  };
  return number(major) > 0 || (number(major) == 0 && number(minor) >= 120);
}

}  // namespace quotawatch::os
