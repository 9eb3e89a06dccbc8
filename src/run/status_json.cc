// The JSON form of a status report, for `status --json` and the monitor's socket. Unset fields are
// left out; docs/guide.md lists them all.
#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/enum_names.h"
#include "base/json_document.h"
#include "base/json_reader.h"
#include "quotawatch/duration.h"
#include "run/status_report.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void put(Json& object, const char* key, const std::optional<WallTime>& time) {
  if (time) object[key] = format_wall(*time);
}

void take(const JsonObject& object, const char* key, std::string& text) {
  if (const auto value = object.find(key)) text = value->string();
}

void take(const JsonObject& object, const char* key, bool& flag) {
  if (const auto value = object.find(key)) flag = value->boolean();
}

void take(const JsonObject& object, const char* key, int& number) {
  if (const auto value = object.find(key)) number = static_cast<int>(value->integer(0, INT32_MAX));
}

void take(const JsonObject& object, const char* key, std::optional<WallTime>& time) {
  if (const auto value = object.find(key)) time = value->wall_time();
}

Json write_timezone(const StatusReport::Timezone& timezone) { return {{"name", timezone.name}, {"why", timezone.why}}; }

StatusReport::Timezone read_timezone(const JsonValue& value) {
  const auto object = value.object({"name", "why"});
  return {object.require("name").string(), object.require("why").string()};
}

Json write_monitor(const StatusReport::MonitorHealth& monitor) {
  Json object{{"running", monitor.running}, {"answers", monitor.answers}};
  if (monitor.process > 0) object["process"] = monitor.process;
  put(object, "why", monitor.why);
  if (!monitor.answers) return object;
  put(object, "since", monitor.since);
  object["dry_run"] = monitor.dry_run;
  if (monitor.poll_interval) object["poll_interval"] = format_duration(*monitor.poll_interval);
  put(object, "polled_at", monitor.polled_at);
  put(object, "next_poll_at", monitor.next_poll_at);
  object["failures_in_a_row"] = monitor.failures_in_a_row;
  put(object, "retry_at", monitor.retry_at);
  return object;
}

StatusReport::MonitorHealth read_monitor(const JsonValue& value) {
  const auto object = value.object({"running", "answers", "process", "why", "since", "dry_run", "poll_interval",
                                    "polled_at", "next_poll_at", "failures_in_a_row", "retry_at"});
  StatusReport::MonitorHealth monitor;
  monitor.running = object.require("running").boolean();
  monitor.answers = object.require("answers").boolean();
  take(object, "process", monitor.process);
  take(object, "why", monitor.why);
  take(object, "since", monitor.since);
  take(object, "dry_run", monitor.dry_run);
  if (const auto interval = object.find("poll_interval")) {
    monitor.poll_interval = interval->duration(Milliseconds{1});
  }
  take(object, "polled_at", monitor.polled_at);
  take(object, "next_poll_at", monitor.next_poll_at);
  take(object, "failures_in_a_row", monitor.failures_in_a_row);
  take(object, "retry_at", monitor.retry_at);
  return monitor;
}

Json write_account(const StatusReport::Account& account) {
  Json object{{"name", account.name}, {"active", account.active}};
  put(object, "limited_until", account.limited_until);
  return object;
}

StatusReport::Account read_account(const JsonValue& value) {
  const auto object = value.object({"name", "active", "limited_until"});
  StatusReport::Account account{object.require("name").string(), object.require("active").boolean()};
  take(object, "limited_until", account.limited_until);
  return account;
}

Json write_request(const SwitchRequest& request) {
  Json object = to_json(request);
  if (request.session.empty()) object.erase("session");
  if (request.reset_text.empty()) object.erase("reset_text");
  if (!request.reset_at) object.erase("reset_at");
  return object;
}

Json write_done(const DoneSwitch& done) {
  Json object{{"id", done.id}, {"from", done.from}, {"to", done.to}, {"done_at", format_wall(done.done_at)}};
  put(object, "reset_at", done.reset_at);
  return object;
}

DoneSwitch read_done(const JsonValue& value) {
  const auto object = value.object({"id", "from", "to", "done_at", "reset_at"});
  DoneSwitch done{object.require("id").string(), object.require("from").string(), object.require("to").string(),
                  object.require("done_at").wall_time()};
  take(object, "reset_at", done.reset_at);
  return done;
}

Json write_tmux(const StatusReport::TmuxHealth& tmux) {
  Json object{{"up", tmux.up}, {"since", format_wall(tmux.since)}};
  put(object, "why", tmux.why);
  put(object, "asked_by", tmux.asked_by);
  return object;
}

StatusReport::TmuxHealth read_tmux(const JsonValue& value) {
  const auto object = value.object({"up", "since", "why", "asked_by"});
  StatusReport::TmuxHealth tmux{object.require("up").boolean(), object.require("since").wall_time()};
  take(object, "why", tmux.why);
  take(object, "asked_by", tmux.asked_by);
  return tmux;
}

Json write_hits(const StatusReport::Hits& hits) {
  return {{"pool", hits.pool},
          {"pool_threshold", hits.pool_threshold},
          {"interactive", hits.interactive},
          {"interactive_threshold", hits.interactive_threshold}};
}

StatusReport::Hits read_hits(const JsonValue& value) {
  const auto object = value.object({"pool", "pool_threshold", "interactive", "interactive_threshold"});
  StatusReport::Hits hits;
  take(object, "pool", hits.pool);
  take(object, "pool_threshold", hits.pool_threshold);
  take(object, "interactive", hits.interactive);
  take(object, "interactive_threshold", hits.interactive_threshold);
  return hits;
}

constexpr EnumNames<HitStatus::charged> hit_names{"none", "uncounted", "fresh", "stale", "charged"};

HitStatus read_hit(const JsonValue& value) {
  const auto hit = hit_names.find(value.string());
  if (!hit || *hit == HitStatus::none) value.fail("should be uncounted, fresh, stale or charged");
  return *hit;
}

Json write_session(const StatusReport::Session& session) {
  Json object{{"name", session.name}, {"pool", session.pool}};
  if (session.verdict) object["verdict"] = verdict_name(*session.verdict);
  put(object, "rule", session.rule);
  put(object, "snippet", session.snippet);
  put(object, "reset_text", session.reset_text);
  put(object, "reset_at", session.reset_at);
  put(object, "why", session.why);
  put(object, "since", session.since);
  put(object, "message_since", session.message_since);
  object["unchanged_since_switch"] = session.unchanged_since_switch;
  if (session.hit != HitStatus::none) object["hit"] = hit_names.name(session.hit);
  put(object, "why_uncounted", session.why_uncounted);
  put(object, "account", session.account);
  put(object, "pane", session.pane);
  put(object, "window_pane", session.window_pane);
  put(object, "program", session.program);
  if (session.no_agent) object["no_agent"] = true;
  if (session.stand_in) object["stand_in"] = true;
  return object;
}

StatusReport::Session read_session(const JsonValue& value) {
  const auto object = value.object({"name", "pool", "verdict", "rule", "snippet", "reset_text", "reset_at", "why",
                                    "since", "message_since", "unchanged_since_switch", "hit", "why_uncounted",
                                    "account", "pane", "window_pane", "program", "no_agent", "stand_in"});
  StatusReport::Session session{object.require("name").string(), object.require("pool").boolean()};
  if (const auto verdict = object.find("verdict")) {
    session.verdict = find_verdict(verdict->string());
    if (!session.verdict) verdict->fail("is no verdict");
  }
  take(object, "rule", session.rule);
  take(object, "snippet", session.snippet);
  take(object, "reset_text", session.reset_text);
  take(object, "reset_at", session.reset_at);
  take(object, "why", session.why);
  take(object, "since", session.since);
  take(object, "message_since", session.message_since);
  take(object, "unchanged_since_switch", session.unchanged_since_switch);
  take(object, "account", session.account);
  take(object, "pane", session.pane);
  take(object, "window_pane", session.window_pane);
  take(object, "program", session.program);
  take(object, "no_agent", session.no_agent);
  take(object, "stand_in", session.stand_in);
  if (const auto hit = object.find("hit")) session.hit = read_hit(*hit);
  take(object, "why_uncounted", session.why_uncounted);
  return session;
}

template <typename Items, typename Write>
Json write_list(const Items& items, Write write) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(write(item));
  return list;
}

}  // namespace

std::string to_json(const StatusReport& report) {
  Json object{{"at", format_wall(report.at)},
              {"source", report.monitor.answers ? "monitor" : "state"},
              {"monitor", write_monitor(report.monitor)}};
  if (!report.timezone.name.empty()) object["timezone"] = write_timezone(report.timezone);
  put(object, "active_account", report.active_account);
  object["accounts"] = write_list(report.accounts, write_account);
  put(object, "cooldown_until", report.cooldown_until);
  if (const auto& suspicion = report.suspicion) {
    object["suspicion"] = {{"since", format_wall(suspicion->since)}, {"confirmed", suspicion->confirmed}};
  }
  if (report.in_flight) object["in_flight"] = write_request(*report.in_flight);
  if (report.last_switch) object["last_switch"] = write_done(*report.last_switch);
  if (report.hits) object["hits"] = write_hits(*report.hits);
  if (report.tmux) object["tmux"] = write_tmux(*report.tmux);
  object["sessions"] = write_list(report.sessions, write_session);
  if (!report.notes.empty()) object["notes"] = report.notes;
  return dump_line(object);
}

StatusReport parse_status(std::string_view text, const std::string& origin) {
  const JsonDocument document(text, origin);
  const auto root = JsonValue(document).object({"at", "source", "monitor", "timezone", "active_account", "accounts",
                                                "cooldown_until", "suspicion", "in_flight", "last_switch", "hits",
                                                "tmux", "sessions", "notes", "error"});
  if (const auto error = root.find("error")) error->fail(error->string());
  StatusReport report;
  report.at = root.require("at").wall_time();
  report.monitor = read_monitor(root.require("monitor"));
  if (const auto timezone = root.find("timezone")) report.timezone = read_timezone(*timezone);
  take(root, "active_account", report.active_account);
  for (const auto& account : root.require("accounts").array()) {
    report.accounts.push_back(read_account(account));
  }
  take(root, "cooldown_until", report.cooldown_until);
  if (const auto suspicion = root.find("suspicion")) {
    const auto object = suspicion->object({"since", "confirmed"});
    report.suspicion = {object.require("since").wall_time(), object.require("confirmed").boolean()};
  }
  if (const auto request = root.find("in_flight")) report.in_flight = read_switch_request(*request, true);
  if (const auto done = root.find("last_switch")) report.last_switch = read_done(*done);
  if (const auto hits = root.find("hits")) report.hits = read_hits(*hits);
  if (const auto tmux = root.find("tmux")) report.tmux = read_tmux(*tmux);
  for (const auto& session : root.require("sessions").array()) {
    report.sessions.push_back(read_session(session));
  }
  if (const auto notes = root.find("notes")) report.notes = notes->strings();
  return report;
}

}  // namespace quotawatch
