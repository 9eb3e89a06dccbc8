// The JSON form of a status report, for `status --json` and the monitor's socket; docs/guide.md lists
// the fields. One list of fields for each struct serves the writer, the reader and the check for
// unknown keys.
#include <concepts>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/enum_names.h"
#include "base/json_document.h"
#include "base/json_reader.h"
#include "quotawatch/duration.h"
#include "run/status/status_report.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

enum class Presence {
  required,
  written,  // always written, but may be missing
  if_set,   // written unless empty, 0 or false
  omitted,  // not written now
};

template <typename T, typename Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

void each_field(Is<StatusReport::Timezone> auto& timezone, auto&& field) {
  field("name", timezone.name, Presence::required);
  field("why", timezone.why, Presence::required);
}

void each_field(Is<StatusReport::MonitorHealth> auto& monitor, auto&& field) {
  field("running", monitor.running, Presence::required);
  field("answers", monitor.answers, Presence::required);
  field("process", monitor.process, Presence::if_set);
  field("why", monitor.why, Presence::if_set);
  const auto written = monitor.answers ? Presence::written : Presence::omitted;
  const auto if_set = monitor.answers ? Presence::if_set : Presence::omitted;
  field("since", monitor.since, if_set);
  field("dry_run", monitor.dry_run, written);
  field("poll_interval", monitor.poll_interval, if_set);
  field("polled_at", monitor.polled_at, if_set);
  field("next_poll_at", monitor.next_poll_at, if_set);
  field("failures_in_a_row", monitor.failures_in_a_row, written);
  field("retry_at", monitor.retry_at, if_set);
  field("paused", monitor.paused, Presence::if_set);
  field("paused_until", monitor.paused_until, Presence::if_set);
  field("poll_took_ms", monitor.poll_took_ms, if_set);
  field("tmux_took_ms", monitor.tmux_took_ms, if_set);
}

void each_field(Is<GroupStatus::Account> auto& account, auto&& field) {
  field("name", account.name, Presence::required);
  field("active", account.active, Presence::required);
  field("limited_until", account.limited_until, Presence::if_set);
  field("reserve", account.reserve, Presence::if_set);
  field("used_percent", account.used_percent, Presence::if_set);
}

void each_field(Is<GroupStatus::Suspected> auto& suspicion, auto&& field) {
  field("since", suspicion.since, Presence::required);
  field("confirmed", suspicion.confirmed, Presence::required);
}

void each_field(Is<DoneSwitch> auto& done, auto&& field) {
  field("id", done.id, Presence::required);
  field("from", done.from, Presence::required);
  field("to", done.to, Presence::required);
  field("done_at", done.done_at, Presence::required);
  field("reset_at", done.reset_at, Presence::if_set);
}

void each_field(Is<GroupStatus::Hits> auto& hits, auto&& field) {
  field("pool", hits.pool, Presence::written);
  field("pool_threshold", hits.pool_threshold, Presence::written);
  field("interactive", hits.interactive, Presence::written);
  field("interactive_threshold", hits.interactive_threshold, Presence::written);
}

void each_field(Is<StatusReport::TmuxHealth> auto& tmux, auto&& field) {
  field("up", tmux.up, Presence::required);
  field("since", tmux.since, Presence::required);
  field("why", tmux.why, Presence::if_set);
  field("asked_by", tmux.asked_by, Presence::if_set);
}

void each_field(Is<StatusReport::StoreHealth> auto& store, auto&& field) {
  field("up", store.up, Presence::required);
  field("down_since", store.down_since, Presence::if_set);
  field("why", store.why, Presence::if_set);
}

void each_field(Is<GroupStatus::Session> auto& session, auto&& field) {
  field("name", session.name, Presence::required);
  field("pool", session.pool, Presence::required);
  field("verdict", session.verdict, Presence::if_set);
  field("rule", session.rule, Presence::if_set);
  field("snippet", session.snippet, Presence::if_set);
  field("reset_text", session.reset_text, Presence::if_set);
  field("reset_at", session.reset_at, Presence::if_set);
  field("why", session.why, Presence::if_set);
  field("since", session.since, Presence::if_set);
  field("message_since", session.message_since, Presence::if_set);
  field("unchanged_since_switch", session.unchanged_since_switch, Presence::written);
  field("hit", session.hit, Presence::if_set);
  field("why_uncounted", session.why_uncounted, Presence::if_set);
  field("account", session.account, Presence::if_set);
  field("pane", session.pane, Presence::if_set);
  field("window_pane", session.window_pane, Presence::if_set);
  field("program", session.program, Presence::if_set);
  field("no_agent", session.no_agent, Presence::if_set);
  field("stand_in", session.stand_in, Presence::if_set);
  field("witness", session.witness, Presence::if_set);
  field("witness_at", session.witness_at, Presence::if_set);
  field("waits_for", session.waits_for, Presence::if_set);
  field("waits_since", session.waits_since, Presence::if_set);
  field("evidence", session.evidence, Presence::if_set);
  field("attempts", session.attempts, Presence::if_set);
}

// What a group and a report without groups both say.
void each_group_field(auto& status, auto&& field) {
  field("active_account", status.active_account, Presence::if_set);
  field("accounts", status.accounts, Presence::required);
  field("cooldown_until", status.cooldown_until, Presence::if_set);
  field("suspicion", status.suspicion, Presence::if_set);
  field("in_flight", status.in_flight, Presence::if_set);
  field("last_switch", status.last_switch, Presence::if_set);
  field("hits", status.hits, Presence::if_set);
}

void each_field(Is<GroupStatus> auto& status, auto&& field) {
  field("group", status.group, Presence::required);
  each_group_field(status, field);
  field("failures_in_a_row", status.failures_in_a_row, Presence::if_set);
  field("retry_at", status.retry_at, Presence::if_set);
  field("sessions", status.sessions, Presence::required);
}

void each_field(Is<StatusReport> auto& report, auto&& field) {
  field("at", report.at, Presence::required);
  std::string source = report.monitor.answers ? "monitor" : "state";  // for people; not read
  field("source", source, Presence::written);
  field("monitor", report.monitor, Presence::required);
  field("timezone", report.timezone, report.timezone.name.empty() ? Presence::omitted : Presence::written);
  each_group_field(report, field);
  field("tmux", report.tmux, Presence::if_set);
  field("store", report.store, Presence::if_set);
  field("sessions", report.sessions, Presence::required);
  field("groups", report.groups, Presence::if_set);
  field("notes", report.notes, Presence::if_set);
}

constexpr EnumNames<HitStatus::charged> hit_names{"none", "uncounted", "fresh", "stale", "charged"};

// Writing: one overload for each kind of value.
Json write(bool flag) { return flag; }
Json write(int number) { return number; }
Json write(const std::string& text) { return text; }
Json write(WallTime time) { return format_wall(time); }
Json write(Milliseconds duration) { return format_duration(duration); }
Json write(Verdict verdict) { return verdict_name(verdict); }
Json write(HitStatus hit) { return hit_names.name(hit); }
Json write(const SwitchRequest& request) {
  Json object = to_json(request);
  if (request.session.empty()) object.erase("session");
  if (request.reset_text.empty()) object.erase("reset_text");
  if (!request.reset_at) object.erase("reset_at");
  return object;
}

template <typename T>
bool is_set(const T& value) {
  return value != T{};
}

struct Writer {
  template <typename T>
  Json any(const T& value) const {
    if constexpr (requires { write(value); }) {
      return write(value);
    } else {
      Json object = Json::object();
      each_field(value, [&](const char* key, const auto& member, Presence presence) {
        if (presence == Presence::omitted || (presence == Presence::if_set && !is_set(member))) return;
        object[key] = any(member);
      });
      return object;
    }
  }
  template <typename T>
  Json any(const std::optional<T>& value) const {
    return any(*value);
  }
  template <typename T>
  Json any(const std::vector<T>& values) const {
    Json list = Json::array();
    for (const auto& value : values) list.push_back(any(value));
    return list;
  }
};

void read(const JsonValue& json, bool& flag) { flag = json.boolean(); }
void read(const JsonValue& json, int& number) { number = static_cast<int>(json.integer(0, INT32_MAX)); }
void read(const JsonValue& json, std::string& text) { text = json.string(); }
void read(const JsonValue& json, WallTime& time) { time = json.wall_time(); }
void read(const JsonValue& json, Milliseconds& duration) { duration = json.duration(Milliseconds{1}); }
void read(const JsonValue& json, SwitchRequest& request) { request = read_switch_request(json, true); }
void read(const JsonValue& json, Verdict& verdict) {
  const auto found = find_verdict(json.string());
  if (!found) json.fail("is no verdict");
  verdict = *found;
}
void read(const JsonValue& json, HitStatus& hit) {
  const auto found = hit_names.find(json.string());
  if (!found || *found == HitStatus::none) json.fail("should be uncounted, fresh, stale or charged");
  hit = *found;
}

struct Reader {
  template <typename T>
  void any(const JsonValue& json, T& value) const {
    if constexpr (requires { read(json, value); }) {
      read(json, value);
    } else {
      std::vector<std::string> keys;
      each_field(value, [&](const char* key, const auto&, Presence) { keys.emplace_back(key); });
      if constexpr (std::same_as<T, StatusReport>) keys.emplace_back("error");
      const JsonObject object = json.object(keys);
      if constexpr (std::same_as<T, StatusReport>) {
        if (const auto error = object.find("error")) error->fail(error->string());
      }
      each_field(value, [&](const char* key, auto& member, Presence presence) {
        if (presence == Presence::required) {
          any(object.require(key), member);
        } else if (const auto found = object.find(key)) {
          any(*found, member);
        }
      });
    }
  }
  template <typename T>
  void any(const JsonValue& json, std::optional<T>& value) const {
    any(json, *(value = T()));  // emplace() does not compile with clang 14 for a struct within a struct
  }
  template <typename T>
  void any(const JsonValue& json, std::vector<T>& values) const {
    for (const auto& element : json.array()) any(element, values.emplace_back());
  }
};

}  // namespace

std::string to_json(const StatusReport& report) { return dump_line(Writer().any(report)); }

StatusReport parse_status(std::string_view text, const std::string& origin) {
  const JsonDocument document(text, origin);
  StatusReport report;
  Reader().any(JsonValue(document), report);
  return report;
}

}  // namespace quotawatch
