#include "run/drill/drill.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "os/files/file_state_store.h"
#include "os/files/output_file.h"
#include "os/files/trusted_command.h"
#include "os/host/system_clock.h"
#include "os/loop/process_status.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/judge.h"
#include "run/drill/drill_agent.h"
#include "run/exit_code.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::seconds;

constexpr const char* session = "drill";
constexpr const char* socket_name = "drill";
constexpr Milliseconds look_again_ms{50};
constexpr Milliseconds until_drawn = seconds{10};
constexpr Milliseconds until_decided = seconds{15};
constexpr std::size_t longest_file = std::size_t{16} << 20U;

std::string make_folder() {
  const char* const place = std::getenv("TMPDIR");
  std::string folder = fmt::format("{}/quotawatch-drill-XXXXXX", place != nullptr && *place != '\0' ? place : "/tmp");
  if (::mkdtemp(folder.data()) == nullptr) {
    throw InputError("drill", 0,
                     fmt::format("no private folder can be made: {}", std::generic_category().message(errno)));
  }
  return folder;
}

// The account that the real run uses now, from its state.
std::string account_in_use(const Config& config) {
  os::FileStateStore store(config.state_path, os::FileStateStore::Access::read_only, [](std::string_view) {});
  const auto state = store.load();
  const bool known = state && std::ranges::count(config.accounts, state->active_account) > 0;
  return known ? state->active_account : config.active_account;
}

// Packs of other programs would not know the drill's agent.
std::string pack_of(const Config& config) {
  return config.pack == "codex" || config.pack == "gemini" ? "auto" : config.pack;
}

// How sessions are asked to go on: all of them, or else the first that has a way of its own.
ResumeWay way_of(const Config& config) {
  ResumeWay way = config.resume.usual;
  for (const auto& [name, own] : config.resume.sessions) {
    if (way.how == ResumeHow::off) way = own;
  }
  if (way.how == ResumeHow::off || way.how == ResumeHow::type) way.command.clear();
  return way;
}

// Runs the events command, given as further arguments, and keeps its exit status.
constexpr std::string_view events_script = R"(status=0
"$@" || status=$?
echo "$status" >> "${0%/*}/events-status"
exit "$status"
)";

}  // namespace

Drill::Drill(std::string config)
    : config_path_(std::move(config)),
      config_(load_config(config_path_)),
      way_(way_of(config_)),
      folder_(make_folder()),
      agent_{os::own_program(), "drill-agent", reset_after(os::read_system_clock().wall)} {}

Drill::~Drill() {
  if (monitor_) end_monitor();
  tmux({"kill-server"});
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

bool Drill::say(std::string_view step, const std::string& problem, const std::string& note) {
  failed_ = failed_ || !problem.empty();
  const std::string result = problem.empty() ? "ok" : "failed: " + escape_controls(problem);
  fmt::print("{:<32}{}{}\n", step, result, note.empty() ? "" : fmt::format(" ({})", escape_controls(note)));
  std::fflush(stdout);
  return problem.empty();
}

int Drill::run() {
  say("config loads", "", config_path_);
  check_command("switch.command", config_.switch_command, "is not set; name the program that switches accounts");
  if (!config_.events.command.empty()) check_command("events.command", config_.events.command, "");
  const bool can_resume = way_.command.empty() || check_command("resume.command", way_.command, "");
  ::setenv("TMUX_TMPDIR", folder_.c_str(), 1);
  ::setenv("QUOTAWATCH_DRILL", "1", 1);
  ::unsetenv("TMUX");
  if (start_tmux() && recognise()) {
    start_monitor();
    if (follow_switch()) {
      if (can_resume) follow_resume();
      follow_events();
    }
    end_monitor();
  }
  fmt::print("{}\n", failed_ ? "the chain does not work yet" : "the chain works");
  return failed_ ? exit_failed : exit_fine;
}

bool Drill::check_command(std::string_view key, const std::vector<std::string>& command, const std::string& if_none) {
  const std::string step = fmt::format("{} can be run", key);
  if (command.empty()) return say(step, if_none);
  try {
    os::trusted_command(command, config_path_, key);
  } catch (const InputError& error) {
    return say(step, error.problem());
  }
  const std::string why = os::why_not_runnable(command);
  return say(step, why.empty() ? "" : why + "; correct its path, or chmod +x it", command.front());
}

bool Drill::start_tmux() {
  std::vector<std::string> command{"new-session", "-d",
                                   "-s",          session,
                                   "-x",          std::to_string(DrillAgent::columns),
                                   "-y",          std::to_string(DrillAgent::rows),
                                   "--"};
  command.insert(command.end(), agent_.begin(), agent_.end());
  tmux(std::move(command));
  return say("tmux starts", tmux_trouble_.empty() ? "" : tmux_trouble_ + "; install tmux, and see that it starts");
}

bool Drill::recognise() {
  std::string screen;
  const auto drawn = [&] {
    screen = tmux({"capture-pane", "-p", "-t", fmt::format("={}:", session)});
    return screen.find("bypass permissions") != std::string::npos;
  };
  wait_until(drawn, until_drawn);
  JudgeCache judges;
  const Reading reading = judges.find(pack_of(config_)).read(screen);
  const bool good = reading.verdict == Verdict::exhausted;
  return say("the screen is recognised",
             good ? ""
                  : fmt::format("pack {} judges Claude Code's limit as {}; `quotawatch patterns lint` checks a pack",
                                in_quotes(config_.pack), verdict_name(reading.verdict)),
             good ? reading.snippet : "");
}

// The user's config, with everything replaced that the real run uses.
std::string Drill::drill_config() const {
  Json json = Json::parse(read_file(config_path_, longest_file), nullptr, true, true);
  json["quota"] = {{"poll_interval", "1s"}};
  json["pool"] = {{"dedicated", Json::array({{{"name", session}}})}};
  json["pack"] = pack_of(config_);
  json["tmux"] = {{"socket_name", socket_name}, {"timeout", format_duration(config_.tmux_timeout)}};
  json["state"] = {{"path", path("state.json")}};
  json["journal"] = {{"path", path("journal.jsonl")}};
  json.erase("recorder");
  Json resume = json.value("resume", Json::object());
  resume.erase("sessions");
  resume["how"] = resume_how_name(way_.how);
  resume["text"] = way_.text;
  // The real agent would begin a conversation here.
  if (!way_.command.empty()) resume["command"] = way_.how == ResumeHow::restart ? agent_ : way_.command;
  json["resume"] = std::move(resume);
  if (!config_.accounts.empty()) json["active_account"] = account_in_use(config_);
  if (!config_.events.command.empty()) {
    Json command = {"/bin/sh", path("events-command")};
    for (const auto& word : config_.events.command) command.push_back(word);
    json["events"]["command"] = std::move(command);
    json["events"]["on"] = {"switch_done", "switch_failed"};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

void Drill::start_monitor() {
  os::write_output(path("quotawatch.json"), drill_config());
  os::write_output(path("events-command"), events_script);
  const auto listen = [this](std::string_view bytes) { monitor_log_ += bytes; };
  monitor_ = std::make_unique<os::ChildProcess>(
      loop_, os::ChildProcess::Command{{os::own_program(), "run", "--config", path("quotawatch.json")}, {}, ""},
      os::ChildProcess::Handlers{listen, listen, [this](const os::ChildEnd& end) { monitor_end_ = end; }});
}

bool Drill::follow_switch() {
  const auto decided = wait_for({"switch", "exhausted_everywhere"}, until_decided);
  if (!say("exhausted is decided", decided ? "" : "nothing was decided; " + monitor_trouble())) return false;
  const bool asked = (*decided)["event"] == "switch";
  if (!say("a switch is asked for", asked ? "" : "there is no account to switch to; a switch needs two in `accounts`",
           asked ? fmt::format("{} -> {}", decided->value("from", ""), decided->value("to", "")) : "")) {
    return false;
  }
  if (config_.switch_command.empty()) return false;
  const auto ended = wait_for({"switch_done", "switch_failed"}, config_.switch_timeout + seconds{5});
  std::string why = ended ? ended->value("why", "") : "no end of it was journalled";
  if (!why.empty()) {
    why += fmt::format("; it has to end with 0 within {} (switch.timeout). What was logged:\n{}",
                       format_duration(config_.switch_timeout), monitor_log_);
  }
  failed_ = failed_ || !why.empty();
  fmt::print("{:<32}{}\n", "the hook ends with 0", why.empty() ? "ok" : "failed: " + why);
  return why.empty();
}

void Drill::follow_resume() {
  constexpr std::string_view step = "the session is asked to go on";
  if (way_.how == ResumeHow::off) {
    fmt::print("{:<32}skipped: resume.how is off, so stopped sessions stay stopped\n", step);
    return;
  }
  if (way_.how == ResumeHow::type && config_.switch_reaches == SwitchReach::restarted) {
    say(step, "typing reaches no program that runs since before the switch; set resume.how to restart");
    return;
  }
  const auto& resume = config_.resume;
  const auto asked = wait_for({"resume"}, until_decided + resume.settle + resume.spacing);
  if (!asked) {
    const auto held = wait_for({"resume_held"}, Milliseconds{0});
    say(step, held ? held->value("why", "") : "it was not; " + monitor_trouble());
    return;
  }
  say(step, "", asked->value("how", ""));
  const auto ended = wait_for({"resumed", "resume_failed"}, resume.patience + until_decided);
  const auto held = wait_for({"resume_held"}, Milliseconds{0});
  const bool went_on = ended && (*ended)["event"] == "resumed";
  const auto& said = ended && !went_on ? ended : held;
  say("the session goes on",
      went_on ? ""
      : said  ? said->value("why", "")
              : "it did not; " + monitor_trouble(),
      went_on ? "after " + ended->value("after", "") : "");
}

void Drill::follow_events() {
  if (config_.events.command.empty()) {
    fmt::print("{:<32}skipped: it is not set, so no event is sent\n", "events.command is run");
    return;
  }
  const std::string file = path("events-status");
  std::string status;
  const auto has_ended = [&] {
    if (std::filesystem::exists(file)) status = trim(read_file(file, longest_file));
    return !status.empty();
  };
  std::string problem = "it did not end; events.timeout is " + format_duration(config_.events.timeout);
  if (wait_until(has_ended, config_.events.timeout + seconds{1})) {
    problem = status == "0" ? "" : fmt::format("exit status {} for the event switch_done; it has to be 0", status);
  }
  say("events.command is run", problem);
}

void Drill::end_monitor() {
  if (!monitor_end_ && monitor_->failure().empty()) {
    ::kill(monitor_->process_id(), SIGTERM);
    loop_.run_until([this] { return monitor_end_.has_value(); }, seconds{5});
  }
  monitor_.reset();
}

std::string Drill::monitor_trouble() const {
  if (monitor_end_) return fmt::format("the monitor ended ({}): {}", monitor_end_->text(), monitor_log_);
  return monitor_log_.empty() ? "the monitor says nothing" : monitor_log_;
}

std::string Drill::tmux(std::vector<std::string> arguments) {
  std::string output;
  std::string trouble;
  std::optional<os::ChildEnd> ended;
  std::vector<std::string> command{"tmux", "-u", "-L", socket_name, "-f", "/dev/null"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const os::ChildProcess process(
      loop_, {std::move(command), {{"TMUX_TMPDIR", folder_}}, ""},
      {[&](std::string_view bytes) { output += bytes; }, [&](std::string_view bytes) { trouble += bytes; },
       [&](const os::ChildEnd& end) { ended = end; }});
  tmux_trouble_ = process.failure();
  if (!tmux_trouble_.empty()) return "";
  loop_.run_until([&] { return ended.has_value(); }, config_.tmux_timeout);
  if (!ended) tmux_trouble_ = "tmux does not answer";
  if (ended && !ended->good()) tmux_trouble_ = trouble.empty() ? ended->text() : std::string(trim(trouble));
  return output;
}

std::vector<Drill::Line> Drill::journal() const {
  std::vector<Line> lines;
  if (!std::filesystem::exists(path("journal.jsonl"))) return lines;
  std::string text = read_file(path("journal.jsonl"), longest_file);
  text.resize(text.rfind('\n') + 1);  // the rest is being written
  for (const auto row : split_lines(text)) {
    if (!row.empty()) lines.push_back(Line::parse(row));
  }
  return lines;
}

std::optional<Drill::Line> Drill::wait_for(const std::vector<std::string>& events, Milliseconds most) {
  std::optional<Line> found;
  const auto is_over = [&] {
    for (auto& line : journal()) {
      if (std::ranges::count(events, line.value("event", "")) == 0) continue;
      found = std::move(line);
      break;
    }
    return found || monitor_end_;
  };
  wait_until(is_over, most);
  return found;
}

bool Drill::wait_until(const std::function<bool()>& condition, Milliseconds most) {
  const SteadyTime end = os::read_system_clock().steady + most;
  for (;;) {
    if (condition()) return true;
    if (os::read_system_clock().steady >= end) return false;
    loop_.run_until([] { return false; }, look_again_ms);
  }
}

}  // namespace quotawatch
