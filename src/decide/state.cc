#include "quotawatch/state.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/json_reader.h"
#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/resume.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

// Only states of several groups need the newest.
constexpr std::int64_t format_version = 4;
constexpr std::int64_t version_without_groups = 3;

auto saved_part(const State& state) {
  return std::tie(state.active_account, state.activation_order, state.limited_until, state.activations,
                  state.last_switch, state.untaken, state.in_flight, state.switches_asked, state.exhaustion_reported,
                  state.sessions, state.programs, state.resumptions, state.pause, state.use, state.warnings,
                  state.shared);
}

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

Resumption read_resumption(const JsonValue& value) {
  const auto object = value.object({"cause", "reason", "account", "attempts", "tried_at", "failed", "went_on",
                                    "to_type", "held", "text_left", "text_sent"});
  Resumption resumption{object.require("cause").string(), object.require("reason").string(),
                        object.require("account").string(),
                        static_cast<int>(object.require("attempts").integer(0, most_resume_attempts))};
  if (const auto tried = object.find("tried_at")) resumption.tried_at = tried->wall_time();
  if (const auto failed = object.find("failed")) resumption.failed = failed->boolean();
  if (const auto went_on = object.find("went_on")) resumption.went_on = went_on->boolean();
  if (const auto to_type = object.find("to_type")) resumption.to_type = to_type->boolean();
  if (const auto text = object.find("text_left")) resumption.text_left = text->boolean();
  if (const auto sent = object.find("text_sent")) resumption.text_sent = sent->boolean();
  if (const auto held = object.find("held")) resumption.held = held->strings();
  return resumption;
}

Fingerprint read_fingerprint(const JsonValue& value) {
  const auto fingerprint = Fingerprint::from_hex(value.string());
  if (!fingerprint) value.fail("should be 32 hexadecimal digits");
  return *fingerprint;
}

ConversationTrace read_trace(const JsonValue& value) {
  const auto trace = ConversationTrace::from_text(value.string());
  if (!trace) {
    value.fail("should be \"whole\", \"tail\" or \"block\", then parts of 16 hexadecimal digits");
  }
  return *trace;
}

Occurrence read_occurrence(const JsonValue& value) {
  const auto object = value.object({"message", "conversation", "refused_at"});
  Occurrence shown{read_fingerprint(object.require("message")), read_trace(object.require("conversation"))};
  if (const auto refused = object.find("refused_at")) shown.refused_at = refused->wall_time();
  return shown;
}

Sighting read_sighting(const JsonObject& object, const JsonValue& message, std::int64_t version) {
  Sighting sighting{{read_fingerprint(message), ConversationTrace::unknown()},
                    object.require("first_seen").wall_time()};
  if (version > 1) sighting.what.conversation = read_trace(object.require("conversation"));
  if (const auto refused = object.find("refused_at")) sighting.what.refused_at = refused->wall_time();
  if (const auto during = object.find("during_switch")) sighting.during_switch = during->string();
  if (const auto seen = object.find("seen_coming")) sighting.seen_coming = seen->boolean();
  if (const auto account = object.find("charged_to")) sighting.charged_to = account->string();
  if (const auto charged = object.find("charged")) sighting.charged = charged->boolean();
  if (const auto again = object.find("again")) sighting.again = again->boolean();
  return sighting;
}

// Format 1 identified a conversation by a fingerprint, which cannot be compared any more: it is
// assumed to be the conversation in which the message is seen next.
std::optional<Occurrence> read_shown(const JsonValue& value, const SessionMemory& memory, std::int64_t version) {
  if (version > 1) return read_occurrence(value);
  read_fingerprint(value);
  return memory.sighting ? std::optional(memory.sighting->what) : std::nullopt;
}

SessionMemory read_memory(const JsonValue& value, std::int64_t version) {
  const auto object =
      value.object({"message", "conversation", "refused_at", "first_seen", "during_switch", "seen_coming", "charged_to",
                    "charged", "again", "shown_at_request", "shown_at_switch", "stale_reported", "stopped_at_switch"});
  SessionMemory memory;
  if (const auto message = object.find("message")) {
    memory.sighting = read_sighting(object, *message, version);
  }
  if (const auto shown = object.find("shown_at_request")) {
    memory.shown_at_request = read_shown(*shown, memory, version);
  }
  if (const auto shown = object.find("shown_at_switch")) {
    memory.shown_at_switch = read_shown(*shown, memory, version);
  }
  if (const auto reported = object.find("stale_reported")) {
    memory.stale_reported = reported->boolean();
  }
  if (const auto stopped = object.find("stopped_at_switch")) memory.stopped_at_switch = stopped->boolean();
  return memory;
}

std::int64_t read_version(const JsonValue& value, const std::string& origin) {
  const auto version = value.integer(1, INT64_MAX);
  if (version <= format_version) return version;
  throw NewerStateError(origin, value.line(),
                        fmt::format("was written by a newer quotawatch (format {}, this one reads "
                                    "{}); run that one, or name another state.path",
                                    version, format_version));
}

DoneSwitch read_done(const JsonValue& value) {
  const auto object = value.object({"id", "from", "to", "done_at", "reset_at", "took", "ineffective"});
  DoneSwitch done{object.require("id").string(), object.require("from").string(), object.require("to").string(),
                  object.require("done_at").wall_time(), std::nullopt};
  if (const auto reset = object.find("reset_at")) done.reset_at = reset->wall_time();
  if (const auto took = object.find("took")) done.took = took->boolean();
  if (const auto ineffective = object.find("ineffective")) done.ineffective = ineffective->boolean();
  return done;
}

Json write_done(const DoneSwitch& done) {
  Json json{{"id", done.id}, {"from", done.from}, {"to", done.to}, {"done_at", format_wall(done.done_at)}};
  if (done.reset_at) json["reset_at"] = format_wall(*done.reset_at);
  if (done.took) json["took"] = true;
  if (done.ineffective) json["ineffective"] = true;
  return json;
}

UntakenSwitch read_untaken(const JsonValue& value) {
  const auto object = value.object({"from", "to", "reset_at", "requested_again", "given_up", "activated_at"});
  UntakenSwitch untaken{object.require("from").string(), object.require("to").string(),
                        object.require("reset_at").wall_time()};
  if (const auto again = object.find("requested_again")) untaken.requested_again = again->boolean();
  if (const auto given_up = object.find("given_up")) untaken.given_up = given_up->boolean();
  if (const auto at = object.find("activated_at")) untaken.activated_at = at->wall_time();
  return untaken;
}

Json write_use(const KnownUse& use) {
  Json json{{"window", format_duration(use.window)}, {"percent", use.percent}};
  if (use.reset_at) json["reset_at"] = format_wall_ms(*use.reset_at);
  json["at"] = format_wall_ms(use.at);
  for (const auto end : use.left_until) json["left_until"].push_back(format_wall_ms(end));
  return json;
}

KnownUse read_use(const JsonValue& value) {
  const auto object = value.object({"window", "percent", "reset_at", "at", "left_until", "left"});
  KnownUse use;
  use.window = object.require("window").duration(Milliseconds{0});
  use.percent = static_cast<int>(object.require("percent").integer(0, 100));
  if (const auto reset = object.find("reset_at")) use.reset_at = reset->wall_time();
  use.at = object.require("at").wall_time();
  // Written before 0.1.0: one window alone.
  if (object.find("left") && use.reset_at) use.left_until.insert(*use.reset_at);
  if (const auto left = object.find("left_until")) {
    for (const auto& end : left->array()) use.left_until.insert(end.wall_time());
  }
  return use;
}

SeenWarning read_warning(const JsonValue& value) {
  const auto object = value.object({"percent", "window", "first_seen"});
  return {static_cast<int>(object.require("percent").integer(0, 100)),
          object.require("window").duration(Milliseconds{0}), object.require("first_seen").wall_time()};
}

Json write_untaken(const UntakenSwitch& untaken) {
  Json json{{"from", untaken.from}, {"to", untaken.to}, {"reset_at", format_wall(untaken.reset_at)}};
  if (untaken.requested_again) json["requested_again"] = true;
  if (untaken.given_up) json["given_up"] = true;
  if (untaken.activated_at) json["activated_at"] = format_wall_ms(*untaken.activated_at);
  return json;
}

Activation read_activation(const JsonValue& value) {
  const auto object = value.object({"from", "to", "since"});
  return {object.require("from").string(), object.require("to").string(), object.require("since").wall_time()};
}

// Formats 1 and 2 know no more than the last switch.
std::vector<Activation> read_activations(const JsonObject& root, const State& state) {
  std::vector<Activation> activations;
  if (const auto list = root.find("activations")) {
    for (const auto& item : list->array()) activations.push_back(read_activation(item));
  } else if (const auto& last = state.last_switch) {
    activations.push_back({last->from, last->to, last->done_at});
  }
  return activations;
}

Program read_program(const JsonValue& value) {
  const auto object = value.object({"account", "started"});
  Program program{object.require("account").string(), std::nullopt};
  if (const auto started = object.find("started")) program.started = started->wall_time();
  return program;
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

std::uint64_t read_generation(const JsonObject& object) {
  return static_cast<std::uint64_t>(object.require("generation").integer(0, INT64_MAX));
}

Shared read_shared(const JsonValue& value) {
  const auto object = value.object({"generation", "unpublished", "row"});
  Shared shared;
  shared.generation = read_generation(object);
  if (const auto unpublished = object.find("unpublished")) shared.unpublished = unpublished->boolean();
  const auto row =
      object.require("row").object({"generation", "active_account", "limited_until", "switched_at", "switched_by"});
  shared.row.generation = read_generation(row);
  shared.row.active_account = row.require("active_account").string();
  for (const auto& [account, until] : row.require("limited_until").members()) {
    shared.row.limited_until[account] = until.wall_time();
  }
  shared.row.switched_at = row.require("switched_at").wall_time();
  shared.row.switched_by = row.require("switched_by").string();
  return shared;
}

}  // namespace

bool is_limited(const State& state, const std::string& account, WallTime now) {
  const auto limited = state.limited_until.find(account);
  return limited != state.limited_until.end() && now < limited->second;
}

bool is_consistent(const State& state) {
  const State::Run& run = state.run;
  const bool cooldown_has_switch = !run.cooldown_since || state.last_switch;
  const bool nothing_suspected_in_flight = !state.in_flight || !run.suspicion;
  const bool flight_has_id = !state.in_flight || !state.in_flight->id.empty();
  const bool failures_are_waited_out = run.retry_at.has_value() == (run.failures_in_a_row > 0);
  return cooldown_has_switch && nothing_suspected_in_flight && flight_has_id && failures_are_waited_out;
}

void rename_sessions(State& state, const std::map<std::string, std::string>& names) {
  // All are taken out before one is put back: two may have changed places.
  const auto rename = [&](auto& sessions) {
    auto renamed = std::decay_t<decltype(sessions)>{};
    for (const auto& [from, to] : names) {
      auto entry = sessions.extract(from);
      if (entry.empty()) continue;
      entry.key() = to;
      [[maybe_unused]] const auto inserted = renamed.insert(std::move(entry));
      assert(inserted.inserted);
    }
    for (auto& [session, memory] : renamed) sessions.insert_or_assign(session, std::move(memory));
  };
  rename(state.sessions);
  rename(state.programs);
  rename(state.resumptions);
  rename(state.warnings);
  rename(state.run.last_looks);
  rename(state.run.resumed_at);
  for (auto& session : state.run.hits) {
    if (const auto renamed = names.find(session); renamed != names.end()) session = renamed->second;
  }
}

bool same_saved(const State& a, const State& b) {
  return saved_part(a) == saved_part(b) &&
         std::ranges::equal(a.groups, b.groups, [](const auto& one, const auto& other) {
           return one.first == other.first && same_saved(one.second, other.second);
         });
}

namespace {

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
  Json json{{"quotawatch_state", state.groups.empty() ? version_without_groups : format_version}};
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

namespace {

const std::vector<std::string>& group_keys() {
  static const std::vector<std::string> keys{"active_account",
                                             "activation_order",
                                             "limited_until",
                                             "activations",
                                             "last_switch",
                                             "untaken",
                                             "in_flight",
                                             "switches_asked",
                                             "exhaustion_reported",
                                             "sessions",
                                             "programs",
                                             "resumptions",
                                             "pause",
                                             "use",
                                             "warnings",
                                             "shared"};
  return keys;
}

State read_group(const JsonObject& root, std::int64_t version) {
  State state;
  state.active_account = root.require("active_account").string();
  state.activation_order = root.require("activation_order").strings();
  for (const auto& [account, until] : root.require("limited_until").members()) {
    state.limited_until[account] = until.wall_time();
  }
  if (const auto done = root.find("last_switch")) state.last_switch = read_done(*done);
  state.activations = read_activations(root, state);
  if (const auto untaken = root.find("untaken")) state.untaken = read_untaken(*untaken);
  if (const auto request = root.find("in_flight")) state.in_flight = read_switch_request(*request);
  state.switches_asked = static_cast<std::uint64_t>(root.require("switches_asked").integer(0, INT64_MAX));
  if (const auto paused = root.find("pause")) {
    state.pause.emplace();
    if (const auto until = paused->object({"until"}).find("until")) state.pause->until = until->wall_time();
  }
  state.exhaustion_reported = root.require("exhaustion_reported").boolean();
  for (const auto& [session, memory] : root.require("sessions").members()) {
    state.sessions[session] = read_memory(memory, version);
  }
  if (const auto resumptions = root.find("resumptions")) {
    for (const auto& [session, resumption] : resumptions->members()) {
      state.resumptions[session] = read_resumption(resumption);
    }
  }
  if (const auto use = root.find("use")) {
    for (const auto& [account, windows] : use->members()) {
      for (const auto& window : windows.array()) state.use[account].push_back(read_use(window));
    }
  }
  if (const auto warnings = root.find("warnings")) {
    for (const auto& [session, warning] : warnings->members()) state.warnings[session] = read_warning(warning);
  }
  if (const auto shared = root.find("shared")) state.shared = read_shared(*shared);
  if (const auto programs = root.find("programs")) {
    for (const auto& [session, program] : programs->members()) state.programs[session] = read_program(program);
  }
  return state;
}

}  // namespace

State parse_state(std::string_view text, const std::string& origin, std::size_t first_line) {
  check_text(text, origin);
  const JsonDocument document(text, origin, first_line);
  std::int64_t version = format_version;
  for (const auto& [key, value] : JsonValue(document).members()) {
    if (key == "quotawatch_state") version = read_version(value, origin);
  }
  auto keys = group_keys();
  keys.insert(keys.end(), {"quotawatch_state", "groups"});
  const auto root = JsonValue(document).object(keys);
  root.require("quotawatch_state");
  State state = read_group(root, version);
  if (const auto groups = root.find("groups")) {
    for (const auto& [name, group] : groups->members()) {
      state.groups[name] = read_group(group.object(group_keys()), version);
      state.groups[name].group = name;
    }
  }
  return state;
}

}  // namespace quotawatch
