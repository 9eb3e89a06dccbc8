// Reads what state_writer.cc wrote, and what older versions did.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_reader.h"
#include "base/text.h"
#include "decide/state/state_format.h"
#include "quotawatch/duration.h"
#include "quotawatch/resume.h"
#include "quotawatch/state.h"

namespace quotawatch {
namespace {

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
  if (version <= state_version) return version;
  throw NewerStateError(origin, value.line(),
                        fmt::format("was written by a newer quotawatch (format {}, this one reads "
                                    "{}); run that one, or name another state.path",
                                    version, state_version));
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

UntakenSwitch read_untaken(const JsonValue& value) {
  const auto object = value.object({"from", "to", "reset_at", "requested_again", "given_up", "activated_at"});
  UntakenSwitch untaken{object.require("from").string(), object.require("to").string(),
                        object.require("reset_at").wall_time()};
  if (const auto again = object.find("requested_again")) untaken.requested_again = again->boolean();
  if (const auto given_up = object.find("given_up")) untaken.given_up = given_up->boolean();
  if (const auto at = object.find("activated_at")) untaken.activated_at = at->wall_time();
  return untaken;
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
  std::int64_t version = state_version;
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
