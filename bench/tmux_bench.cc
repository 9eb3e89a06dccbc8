// A poll of real tmux, over one lasting connection and in one process, compared with the two
// processes per session (has-session, capture-pane) of the original monitor. Must be run in the
// project's folder, which has the recorded screens.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bench/screens.h"
#include "os/loop/child_process.h"
#include "os/loop/event_loop.h"
#include "os/tmux/tmux_client.h"
#include "tests/os/tmux/tmux_server.h"
#include "transcript/transcript.h"

namespace quotawatch::bench {
namespace {

constexpr Milliseconds timeout{std::chrono::seconds{10}};

struct Screen {
  std::string text;
  int columns = 0;
  int rows = 0;
};

// The last screens of real agents.
std::vector<Screen> recorded_screens() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("fixtures/captures")) {
    if (entry.path().extension() == ".transcript") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Screen> screens;
  for (const auto& path : paths) {
    for (const auto& event : load_transcript(path).events | std::views::reverse) {
      const auto* const shown = std::get_if<ShowScreen>(&event.action);
      if (shown == nullptr) continue;
      screens.push_back({"", shown->columns, shown->rows});
      for (int row = 0; row < shown->rows; ++row) {
        const auto line = static_cast<std::size_t>(row);
        screens.back().text += (line < shown->lines.size() ? shown->lines[line] : "") + "\n";
      }
      break;
    }
  }
  return screens;
}

// Larger than in practice: each row filled to its end.
std::vector<Screen> full_screens() {
  const std::string text = full_screen(Scene::quiet);
  return {{text, 120, static_cast<int>(std::count(text.begin(), text.end(), '\n'))}};
}

// A server whose sessions show these screens in turn; it is reused until other screens are needed.
class Server {
 public:
  explicit Server(bool full) : screens_(full ? full_screens() : recorded_screens()), full_(full) { tmux_.start(); }

  static Server& with(int sessions, bool full) {
    static std::unique_ptr<Server> kept;
    if (kept && kept->full_ != full) kept.reset();
    if (!kept) kept = std::make_unique<Server>(full);
    Server& server = *kept;
    for (std::size_t i = server.names_.size(); i < static_cast<std::size_t>(sessions); ++i) {
      const Screen& screen = server.screens_[i % server.screens_.size()];
      server.names_.push_back(fmt::format("bench-{}", i));
      server.tmux_.show(server.names_.back(), screen.text, screen.columns, screen.rows);
    }
    return server;
  }

  std::vector<std::string> first(int sessions) const { return {names_.begin(), names_.begin() + sessions}; }
  const std::string& socket() const { return tmux_.socket_name(); }

 private:
  os::testing_support::TmuxServer tmux_;
  std::vector<Screen> screens_;
  bool full_;
  std::vector<std::string> names_;
};

void one_poll(benchmark::State& state, bool full, bool keep_connection) {
  const auto sessions = static_cast<int>(state.range(0));
  const Server& server = Server::with(sessions, full);
  os::EventLoop loop;
  os::TmuxClient client(loop, {server.socket(), timeout, keep_connection}, [](auto) {});
  const auto names = server.first(sessions);
  for (auto _ : state) {
    const auto capture = client.capture(names);
    if (!capture.server_up) state.SkipWithError(capture.why.c_str());
  }
}

std::size_t run_tmux(os::EventLoop& loop, std::vector<std::string> arguments) {
  std::size_t bytes = 0;
  arguments.insert(arguments.begin(), "tmux");
  const os::ChildProcess child(loop, {std::move(arguments), {}, ""},
                               {[&bytes](std::string_view output) { bytes += output.size(); }, {}, {}});
  loop.run_until([&child] { return child.end().has_value(); }, timeout);
  return bytes;
}

void two_processes(benchmark::State& state, bool full) {
  const auto sessions = static_cast<int>(state.range(0));
  const Server& server = Server::with(sessions, full);
  os::EventLoop loop;
  for (auto _ : state) {
    for (const auto& name : server.first(sessions)) {
      run_tmux(loop, {"-L", server.socket(), "has-session", "-t", "=" + name});
      benchmark::DoNotOptimize(run_tmux(loop, {"-L", server.socket(), "capture-pane", "-p", "-t", "=" + name + ":"}));
    }
  }
}

template <typename Run, typename... Arguments>
void add(const std::string& name, int sessions, Run run, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), run, arguments...)
      ->Arg(sessions)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool registered = [] {
  for (const int sessions : {1, 12, 100}) {
    for (const bool full : {false, true}) {
      if (full && sessions < 100) continue;
      const std::string name = fmt::format("poll of {} {}", sessions, full ? "sessions, screens all full" : "sessions");
      add(name + "/quotawatch", sessions, one_poll, full, true);
      add(name + "/quotawatch, a process a poll", sessions, one_poll, full, false);
      add(name + "/baseline: two processes a session", sessions, two_processes, full);
    }
  }
  return true;
}();

}  // namespace
}  // namespace quotawatch::bench

BENCHMARK_MAIN();
