#include "run/pause_request.h"

#include <nlohmann/json.hpp>

#include "base/json_document.h"
#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

constexpr std::int64_t longest_ms = 100LL * 366 * 24 * 3600 * 1000;

}  // namespace

std::string to_json(const PauseRequest& request) {
  nlohmann::ordered_json json{{"ask", "pause"}, {"valid_until", format_wall(request.valid_until)}};
  if (request.command.length) json["milliseconds"] = request.command.length->count();
  return dump_line(json);
}

PauseRequest read_pause_request(const JsonValue& question) {
  const auto object = question.object({"ask", "milliseconds", "valid_until"});
  PauseRequest request{{}, object.require("valid_until").wall_time()};
  if (const auto length = object.find("milliseconds")) {
    request.command.length = Milliseconds{length->integer(0, longest_ms)};
  }
  return request;
}

std::optional<CommandAnswer> command_pause(const Config& config, const PauseCommand& command) {
  return command_monitor(config, [&](WallTime valid_until) { return to_json(PauseRequest{command, valid_until}); });
}

}  // namespace quotawatch
