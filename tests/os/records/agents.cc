#include "tests/os/records/agents.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "os/loop/process_status.h"

namespace quotawatch::os::testing_support {
namespace {

using Json = nlohmann::json;
using Says = Testimony::Says;

// The first recorded entry that is wanted.
Json recorded(const std::string& name, const std::function<bool(const Json&)>& wanted) {
  std::ifstream file(std::string(FIXTURES) + "/witness/records/" + name);
  for (std::string line; std::getline(file, line);) {
    Json entry = Json::parse(line);
    if (wanted(entry)) return entry;
  }
  ADD_FAILURE() << "nothing of the kind in " << name;
  return {};
}

std::string at(Json entry, WallTime when) {
  entry["timestamp"] = format_wall_ms(when);
  return entry.dump();
}

std::int64_t seconds_of(std::optional<WallTime> time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.value_or(WallTime()).time_since_epoch()).count();
}

Json limit_entry() {
  return recorded("claude-code.jsonl", [](const Json& entry) {
    return entry.contains("quotaLimits") && entry["quotaLimits"]["rateLimitType"] == "five_hour";
  });
}

}  // namespace

PaneCapture Agents::start(const std::string& session, std::vector<std::string> arguments,
                          const std::vector<std::pair<std::string, std::string>>& variables) {
  std::string output;
  processes_[session] = std::make_unique<ChildProcess>(
      loop_, ChildProcess::Command{std::move(arguments), {variables.begin(), variables.end()}, ""},
      ChildProcess::Handlers{[&](std::string_view bytes) { output += bytes; }, {}, {}});
  EXPECT_TRUE(eventually([&] { return output.find("ready") != std::string::npos; }, &loop_));
  PaneCapture pane;
  pane.status = PaneCapture::Status::screen;
  pane.pane = fmt::format("%{}", processes_.size());
  pane.program_process = process(session);
  return pane;
}

PaneCapture Agents::start_claude_code(const std::string& session) {
  return start(session, {"sh", "-c", "cd /; echo ready; exec sleep 60"}, {{"CLAUDE_CONFIG_DIR", folder_.path()}});
}

void Agents::list(const std::string& session, const std::string& conversation) {
  std::filesystem::create_directories(folder_ / "sessions");
  std::filesystem::create_directories(folder_ / "projects/-home-dev");
  write_file(folder_ / fmt::format("sessions/{}.json", process(session)),
             Json{{"pid", process(session)},
                  {"sessionId", conversation},
                  {"cwd", "/home/dev"},
                  {"procStart", std::to_string(read_process_status(process(session))->started_ticks)},
                  {"status", "idle"}}
                 .dump());
}

std::string Agents::conversation_file(const std::string& conversation) const {
  return folder_ / fmt::format("projects/-home-dev/{}.jsonl", conversation);
}

std::string claude_code_line(const Testimony& testimony) {
  if (testimony.says == Says::under_way) {
    return at({{"type", "user"}, {"message", {{"role", "user"}, {"content", "go on"}}}}, testimony.at);
  }
  if (testimony.says == Says::fine) {
    return at({{"type", "assistant"}, {"message", {{"stop_reason", "end_turn"}}}}, testimony.at);
  }
  if (testimony.says == Says::refused) {
    Json entry = limit_entry();
    entry["quotaLimits"]["resetsAt"] = seconds_of(testimony.reset_at);
    return at(std::move(entry), testimony.at);
  }
  return at(recorded("claude-code.jsonl", [](const Json& entry) { return entry.value("error", "") == "server_error"; }),
            testimony.at);
}

std::vector<std::string> codex_lines(const Testimony& testimony) {
  const auto event = [&](const Json& payload) {
    return at({{"type", "event_msg"}, {"payload", payload}}, testimony.at);
  };
  if (testimony.says == Says::under_way) return {event({{"type", "task_started"}})};
  if (testimony.says == Says::fine) return {event({{"type", "task_complete"}})};
  const bool refused = testimony.says == Says::refused;
  const Json ended = recorded("codex.jsonl", [&](const Json& entry) {
    const Json& payload = entry["payload"];
    if (payload.value("type", "") != "task_complete" || !payload.contains("error")) return false;
    return (payload["error"]["codex_error_info"] == "usage_limit_exceeded") == refused;
  });
  if (!refused) return {at(ended, testimony.at)};
  const Json window{{"used_percent", 100}, {"window_minutes", 300}, {"resets_at", seconds_of(testimony.reset_at)}};
  return {event({{"type", "token_count"}, {"rate_limits", {{"primary", window}}}}), at(ended, testimony.at)};
}

void append(const std::string& path, const std::string& line) {
  std::ofstream(path, std::ios::app | std::ios::binary) << line << '\n';
}

}  // namespace quotawatch::os::testing_support
