#include "report/journal_log.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/event.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& event, const char* field) {
  const auto found = event.find(field);
  if (found == event.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) return found->dump();
  std::string list;
  for (const auto& item : *found) {
    if (item.is_string()) list += (list.empty() ? "" : ", ") + item.get<std::string>();
  }
  return list;
}

// Decisions, and the observations that a person would call events.
bool is_shown(const std::string& name) {
  const auto kind = find_event(name);
  return kind && *kind != EventKind::verdict && *kind != EventKind::skip;
}

// "work -> spare", the session, the account: whatever of it the event has.
std::string about(const Json& event) {
  std::string words = text_of(event, "session");
  const auto add = [&](const std::string& more) {
    if (!more.empty()) words += (words.empty() ? "" : "  ") + more;
  };
  add(text_of(event, "sessions"));
  const std::string from = text_of(event, "from");
  const std::string to = text_of(event, "to");
  if (!from.empty() || !to.empty()) add(fmt::format("{} -> {}", from.empty() ? "?" : from, to.empty() ? "?" : to));
  if (from.empty()) add(text_of(event, "account"));
  add(text_of(event, "verdict"));
  add(text_of(event, "reason"));
  return words;
}

std::string rough(Milliseconds time) {
  using namespace std::chrono;
  return format_duration(time < minutes{1} ? duration_cast<Milliseconds>(floor<seconds>(time))
                                           : duration_cast<Milliseconds>(floor<minutes>(time)));
}

bool stops(const std::string& verdict) { return verdict == "exhausted" || verdict == "throttled"; }

WallTime at_clock(const Zone& zone, LocalDay day, int hour, int minute, int days_later = 0) {
  return zone.instant(day, days_later, std::chrono::hours{hour} + std::chrono::minutes{minute});
}

}  // namespace

std::string JournalLog::local_time(const Zone& zone, WallTime time) {
  constexpr std::size_t clock_begins = 16;  // of "Mon 23 Nov 2026 20:00 CET"
  const LocalDay day = zone.day_of(time);
  const auto second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() % 60;
  return fmt::format("{:04}-{:02}-{:02} {}:{:02}", day.year, day.month, day.day,
                     zone.format_local(time).substr(clock_begins, 5), second);
}

bool JournalLog::is_asked_for(const Json& event, WallTime at) const {
  if (filter_.since && at < *filter_.since) return false;
  if (filter_.until && at > *filter_.until) return false;
  if (filter_.session.empty()) return true;
  if (text_of(event, "session") == filter_.session) return true;
  const auto list = event.find("sessions");
  return list != event.end() && list->is_array() && std::ranges::find(*list, Json(filter_.session)) != list->end();
}

void JournalLog::count(const Json& event, WallTime at) {
  const std::string name = text_of(event, "event");
  ++counts_[name];
  if (!first_) first_ = at;
  last_ = std::max(at, last_.value_or(at));
  if (name != "verdict" && name != "resumed") return;
  Stay& stay = sessions_[text_of(event, "session")];
  const bool stands = name == "verdict" && stops(text_of(event, "verdict"));
  if (stands == stay.since.has_value()) return;
  if (stands) {
    stay.since = at;
  } else {
    stay.stood += std::max(Milliseconds{0}, at - *std::exchange(stay.since, std::nullopt));
  }
}

std::string JournalLog::take(std::string_view line) {
  const Json event = Json::parse(line, nullptr, false);
  const auto at = event.is_object() ? parse_wall(text_of(event, "at")) : std::nullopt;
  if (!at) {
    if (!trim(line).empty()) ++unreadable_;
    return "";
  }
  if (!is_asked_for(event, *at)) return "";
  count(event, *at);
  const std::string name = text_of(event, "event");
  const bool shown = is_shown(name) || (name == "verdict" && !filter_.session.empty());
  if (filter_.json) return escape_in_json(std::string(line)) + "\n";
  if (!shown) return "";
  std::string out = fmt::format("{}  {:<20} {}", local_time(zone_, *at), escape_controls(name), about(event));
  if (const auto snippet = text_of(event, "snippet"); !snippet.empty()) out += "  " + snippet;
  if (const auto why = text_of(event, "why"); !why.empty()) out += "  (" + why + ")";
  if (const auto again = parse_wall(text_of(event, "retry_at"))) out += "  until " + local_time(zone_, *again);
  return escape_controls(out.substr(0, out.find_last_not_of(' ') + 1)) + "\n";
}

std::string JournalLog::summary() const {
  if (!first_) return "nothing was journalled\n";
  const auto times = [&](const char* name) {
    const auto found = counts_.find(name);
    return found == counts_.end() ? 0 : found->second;
  };
  const WallTime begin = filter_.since.value_or(*first_);
  std::string out = fmt::format("{} to {}, {}\n", local_time(zone_, begin), local_time(zone_, *last_),
                                rough(std::max(Milliseconds{0}, *last_ - begin)));
  out +=
      fmt::format("switches   {} done, {} failed, {} without effect; all accounts out {} times\n", times("switch_done"),
                  times("switch_failed"), times("switch_ineffective"), times("exhausted_everywhere"));
  out += fmt::format("resumed    {} of {} attempts, {} given up\n", times("resumed"), times("resume"),
                     times("resume_failed"));
  std::string stood;
  for (const auto& [session, stay] : sessions_) {
    const Milliseconds open = stay.since ? std::max(Milliseconds{0}, *last_ - *stay.since) : Milliseconds{0};
    if (stay.stood + open <= Milliseconds{0}) continue;
    stood += fmt::format("{}{} {}{}", stood.empty() ? "" : ", ", escape_controls(session), rough(stay.stood + open),
                         stay.since ? " (still)" : "");
  }
  return out + "stood still " + (stood.empty() ? "none" : stood) + "\n";
}

WallTime moment_of_option(const char* option, const std::string& text, const Zone& zone, WallTime now) {
  if (const auto moment = parse_wall(text)) return *moment;
  LocalDay day{};
  int hour = 0;
  int minute = 0;
  static const RE2 clock(R"((\d{1,2}):(\d{2}))");
  static const RE2 date(R"((\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2}))?)");
  if (RE2::FullMatch(text, clock, &hour, &minute) && hour < 24 && minute < 60) {
    const LocalDay today = zone.day_of(now);
    const WallTime moment = at_clock(zone, today, hour, minute);
    return moment <= now ? moment : at_clock(zone, today, hour, minute, -1);
  }
  std::string hours;
  std::string minutes;
  if (RE2::FullMatch(text, date, &day.year, &day.month, &day.day, &hours, &minutes) && day.month >= 1 &&
      day.month <= 12 && day.day >= 1 && day.day <= 31) {
    return at_clock(zone, day, hours.empty() ? 0 : std::stoi(hours), minutes.empty() ? 0 : std::stoi(minutes));
  }
  try {
    return now - parse_duration(text);
  } catch (const std::invalid_argument&) {
    throw InputError(option, 0,
                     fmt::format("{} is no time; write 22:00, 8h (ago), 2026-11-30, \"2026-11-30 22:00\" or "
                                 "2026-11-30T22:00:00Z",
                                 in_quotes(text)));
  }
}

}  // namespace quotawatch
