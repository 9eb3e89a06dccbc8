#include <nlohmann/json.hpp>

#include "decide/state/state_format.h"
#include "quotawatch/duration.h"
#include "quotawatch/state.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

Json write_request(const SwitchRequest& request) {
  Json json = to_json(request);
  if (!request.reset_at) json.erase("reset_at");
  return json;
}

Json write_occurrence(const Occurrence& shown) {
  Json json{{"message", shown.message.hex()}, {"conversation", shown.conversation.text()}};
  if (shown.refused_at) json["refused_at"] = format_wall_ms(*shown.refused_at);
  return json;
}

Json write_memory(const SessionMemory& memory) {
  Json json = Json::object();
  if (memory.sighting) {
    const Sighting& sighting = *memory.sighting;
    json = write_occurrence(sighting.what);
    json["first_seen"] = format_wall(sighting.first_seen);
    if (!sighting.during_switch.empty()) json["during_switch"] = sighting.during_switch;
    if (sighting.seen_coming) json["seen_coming"] = true;
    if (!sighting.charged_to.empty()) json["charged_to"] = sighting.charged_to;
    if (sighting.charged) json["charged"] = true;
    if (sighting.again) json["again"] = true;
  }
  if (memory.shown_at_request) json["shown_at_request"] = write_occurrence(*memory.shown_at_request);
  if (memory.shown_at_switch) json["shown_at_switch"] = write_occurrence(*memory.shown_at_switch);
  if (memory.stale_reported) json["stale_reported"] = true;
  if (memory.stopped_at_switch) json["stopped_at_switch"] = true;
  return json;
}

Json write_resumption(const Resumption& resumption) {
  Json json{{"cause", resumption.cause}, {"reason", resumption.reason}, {"account", resumption.account}};
  json["attempts"] = resumption.attempts;
  if (resumption.tried_at) json["tried_at"] = format_wall_ms(*resumption.tried_at);
  if (resumption.failed) json["failed"] = true;
  if (resumption.went_on) json["went_on"] = true;
  if (resumption.to_type) json["to_type"] = true;
  if (resumption.text_left) json["text_left"] = true;
  if (resumption.text_sent) json["text_sent"] = true;
  if (!resumption.held.empty()) json["held"] = resumption.held;
  return json;
}

Json write_done(const DoneSwitch& done) {
  Json json{{"id", done.id}, {"from", done.from}, {"to", done.to}, {"done_at", format_wall(done.done_at)}};
  if (done.reset_at) json["reset_at"] = format_wall(*done.reset_at);
  if (done.took) json["took"] = true;
  if (done.ineffective) json["ineffective"] = true;
  return json;
}

Json write_use(const KnownUse& use) {
  Json json{{"window", format_duration(use.window)}, {"percent", use.percent}};
  if (use.reset_at) json["reset_at"] = format_wall_ms(*use.reset_at);
  json["at"] = format_wall_ms(use.at);
  for (const auto end : use.left_until) json["left_until"].push_back(format_wall_ms(end));
  return json;
}

Json write_untaken(const UntakenSwitch& untaken) {
  Json json{{"from", untaken.from}, {"to", untaken.to}, {"reset_at", format_wall(untaken.reset_at)}};
  if (untaken.requested_again) json["requested_again"] = true;
  if (untaken.given_up) json["given_up"] = true;
  if (untaken.activated_at) json["activated_at"] = format_wall_ms(*untaken.activated_at);
  return json;
}

Json write_shared(const Shared& shared) {
  Json json{{"generation", shared.generation}};
  if (shared.unpublished) json["unpublished"] = true;
  const PoolRow& row = shared.row;
  json["row"] = {{"generation", row.generation}, {"active_account", row.active_account}};
  json["row"]["limited_until"] = Json::object();
  for (const auto& [account, until] : row.limited_until) json["row"]["limited_until"][account] = format_wall_ms(until);
  json["row"]["switched_at"] = format_wall_ms(row.switched_at);
  json["row"]["switched_by"] = row.switched_by;
  return json;
}

Json write_group(const State& state) {
  Json json{{"active_account", state.active_account}, {"activation_order", state.activation_order}};
  json["limited_until"] = Json::object();
  for (const auto& [account, until] : state.limited_until) {
    json["limited_until"][account] = format_wall(until);
  }
  json["activations"] = Json::array();
  for (const auto& active : state.activations) {
    json["activations"].push_back({{"from", active.from}, {"to", active.to}, {"since", format_wall(active.since)}});
  }
  if (state.last_switch) json["last_switch"] = write_done(*state.last_switch);
  if (state.untaken) json["untaken"] = write_untaken(*state.untaken);
  if (state.in_flight) json["in_flight"] = write_request(*state.in_flight);
  json["switches_asked"] = state.switches_asked;
  if (state.pause) {
    json["pause"] = Json::object();
    if (state.pause->until) json["pause"]["until"] = format_wall(*state.pause->until);
  }
  json["exhaustion_reported"] = state.exhaustion_reported;
  json["sessions"] = Json::object();
  for (const auto& [session, memory] : state.sessions) {
    json["sessions"][session] = write_memory(memory);
  }
  for (const auto& [session, resumption] : state.resumptions) {
    json["resumptions"][session] = write_resumption(resumption);
  }
  for (const auto& [session, program] : state.programs) {
    json["programs"][session] = {{"account", program.account}};
    if (program.started) json["programs"][session]["started"] = format_wall(*program.started);
  }
  for (const auto& [account, windows] : state.use) {
    for (const auto& use : windows) json["use"][account].push_back(write_use(use));
  }
  for (const auto& [session, warning] : state.warnings) {
    json["warnings"][session] = {{"percent", warning.percent},
                                 {"window", format_duration(warning.window)},
                                 {"first_seen", format_wall_ms(warning.first_seen)}};
  }
  if (state.shared) json["shared"] = write_shared(*state.shared);
  return json;
}

Json write_state(const State& state) {
  Json json{{"quotawatch_state", state.groups.empty() ? state_version_without_groups : state_version}};
  json.update(write_group(state));
  for (const auto& [name, group] : state.groups) json["groups"][name] = write_group(group);
  return json;
}

}  // namespace

std::string to_json(const State& state) {
  return write_state(state).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_json_line(const State& state) {
  return write_state(state).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace quotawatch
