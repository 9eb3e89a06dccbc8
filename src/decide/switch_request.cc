#include <nlohmann/json.hpp>

#include "base/json_reader.h"
#include "quotawatch/switcher.h"

namespace quotawatch {

nlohmann::ordered_json to_json(const SwitchRequest& request) {
  nlohmann::ordered_json json{{"id", request.id},
                              {"from", request.from},
                              {"to", request.to},
                              {"session", request.session},
                              {"reset_text", request.reset_text},
                              {"reset_at", nullptr},
                              {"asked_at", format_wall(request.asked_at)}};
  if (request.reset_at) json["reset_at"] = format_wall(*request.reset_at);
  if (!request.group.empty()) json["group"] = request.group;
  if (request.generation > 0) json["generation"] = request.generation;
  if (request.proposed) json["proposed"] = true;
  return json;
}

SwitchRequest read_switch_request(const JsonValue& value, bool brief) {
  const auto object = value.object(
      {"id", "from", "to", "session", "reset_text", "reset_at", "asked_at", "group", "generation", "proposed"});
  const auto text = [&](const char* key) {
    const auto found = brief ? object.find(key) : std::optional(object.require(key));
    return found ? found->string() : "";
  };
  SwitchRequest request;
  request.id = object.require("id").string();
  request.from = object.require("from").string();
  request.to = object.require("to").string();
  request.session = text("session");
  request.reset_text = text("reset_text");
  if (const auto reset = object.find("reset_at")) request.reset_at = reset->wall_time();
  request.asked_at = object.require("asked_at").wall_time();
  if (const auto group = object.find("group")) request.group = group->string();
  if (const auto generation = object.find("generation")) {
    request.generation = static_cast<std::uint64_t>(generation->integer(0, INT64_MAX));
  }
  if (const auto proposed = object.find("proposed")) request.proposed = proposed->boolean();
  if (request.id.empty()) object.require("id").fail("is empty");
  return request;
}

}  // namespace quotawatch
