#include "bench/live_fleet.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "bench/process_use.h"
#include "bench/screens.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::bench {
namespace {

constexpr int columns = 120;
constexpr int rows = 40;

// Of ten sessions, six do not mention limits, three talk about them on every row, and one has hit
// its own.
Scene scene_of(std::size_t session) {
  constexpr std::size_t sessions = 10;
  constexpr std::size_t quiet = 6;
  const std::size_t place = session % sessions;
  if (place < quiet) return Scene::quiet;
  return place + 1 < sessions ? Scene::talk : Scene::hit;
}

// The last rows of a screen, as many as a pane has.
std::string bottom(const std::string& text) {
  std::size_t begin = text.size() - 1;
  for (int row = 0; row < rows && begin != std::string::npos && begin > 0; ++row) {
    begin = text.rfind('\n', begin - 1);
  }
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

}  // namespace

LiveFleet::LiveFleet(int sessions) {
  tmux_.start();
  server_ = std::stoi(tmux_.run({"display-message", "-p", "#{pid}"}));
  for (int i = 0; i < sessions; ++i) {
    names_.push_back(fmt::format("ccl-auto-{}", i));
    tmux_.run({"new-session", "-d", "-s", names_.back(), "-x", std::to_string(columns), "-y", std::to_string(rows),
               "exec sleep 3600"});
    terminals_.push_back(tmux_.run({"display-message", "-p", "-t", "=" + names_.back() + ":", "#{pane_tty}"}));
    terminals_.back().pop_back();
  }
  for (std::size_t i = 0; i < names_.size(); ++i) draw(i);
}

void LiveFleet::draw() {
  const std::size_t third = names_.size() / 3;
  for (std::size_t i = 0; i < third; ++i) draw(drawn_ % names_.size());
}

// Writes to the pane's terminal, like the agent in it.
void LiveFleet::draw(std::size_t session) {
  ++drawn_;
  std::string text = bottom(full_screen(scene_of(session)));
  text.pop_back();
  const std::string sign = "Cooked for 12s";
  text.replace(text.find(sign), sign.size(), fmt::format("Cooked for {}s", drawn_));
  const os::FileDescriptor terminal(::open(terminals_[session].c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  const auto [error, written] = os::write_all(terminal.get(), "\033[H\033[2J" + text);
  if (error != 0) throw std::runtime_error("a pane cannot be drawn on");
}

void LiveFleet::draw_for(Milliseconds interval, int times) {
  for (int i = 0; i < times; ++i) {
    draw();
    loop_.run_until([] { return false; }, interval);
  }
}

std::vector<std::string> LiveFleet::run_arguments(const std::string& program, Milliseconds interval) {
  const std::string config = path("config.json");
  os::testing_support::write_file(config, fmt::format(R"({{"pool": {{"autonomous": {{"max": {}}}}},
                               "accounts": [{{"name": "a"}}, {{"name": "b"}}], "active_account": "a",
                               "quota": {{"poll_interval": "{}ms"}}, "switch": {{"command": ["true"]}},
                               "tmux": {{"socket_name": "{}"}}}})",
                                                      names_.size(), interval.count(), socket_name()));
  return {program, "run", "--config", config, "--journal", path("journal.jsonl")};
}

LiveMonitor::LiveMonitor(LiveFleet& fleet, std::vector<std::string> arguments) : loop_(fleet.loop()) {
  const auto before = children_of(::getpid());
  process_ = std::make_unique<os::ChildProcess>(
      loop_, os::ChildProcess::Command{std::move(arguments), {}, ""},
      os::ChildProcess::Handlers{[](std::string_view) {}, [this](std::string_view bytes) { messages_ += bytes; },
                                 [](const os::ChildEnd&) {}});
  if (!process_->failure().empty()) throw std::runtime_error(process_->failure());
  for (const int child : children_of(::getpid())) {
    if (std::ranges::find(before, child) == before.end()) process_id_ = child;
  }
}

LiveMonitor::~LiveMonitor() {
  process_->end_group();
  loop_.run_until([this] { return process_->end().has_value() && process_->group_gone(); }, std::chrono::seconds{10});
}

}  // namespace quotawatch::bench
