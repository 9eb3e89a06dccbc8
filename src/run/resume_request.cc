#include "run/resume_request.h"

#include <nlohmann/json.hpp>

#include "base/json_document.h"

namespace quotawatch {

std::string to_json(const ResumeRequest& request) {
  return dump_line(nlohmann::ordered_json{
      {"ask", "resume"}, {"session", request.session}, {"valid_until", format_wall(request.valid_until)}});
}

ResumeRequest read_resume_request(const JsonValue& question) {
  const auto object = question.object({"ask", "session", "valid_until"});
  return {object.require("session").string(), object.require("valid_until").wall_time()};
}

std::optional<CommandAnswer> command_resume(const Config& config, const std::string& session) {
  return command_monitor(config, [&](WallTime valid_until) { return to_json(ResumeRequest{session, valid_until}); });
}

}  // namespace quotawatch
