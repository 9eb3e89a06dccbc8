// A poll of real tmux: over one lasting connection and in one process, against the two
// processes a session (has-session, capture-pane) that the original monitor started.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "bench/screens.h"
#include "os/child_process.h"
#include "os/event_loop.h"
#include "os/tmux_client.h"
#include "tests/os/tmux_server.h"

namespace quotawatch::bench {
namespace {

constexpr Milliseconds timeout{std::chrono::seconds{10}};

// A server with sessions that show a full screen, kept for all benchmarks.
class Server {
 public:
  static Server& with(int sessions) {
    static Server server;
    const std::string screen = full_screen(Scene::quiet);
    const int rows = static_cast<int>(std::count(screen.begin(), screen.end(), '\n'));
    for (int i = static_cast<int>(server.names_.size()); i < sessions; ++i) {
      server.names_.push_back(fmt::format("bench-{}", i));
      server.tmux_.show(server.names_.back(), screen, 120, rows);
    }
    return server;
  }

  std::vector<std::string> first(int sessions) const {
    return {names_.begin(), names_.begin() + sessions};
  }
  const std::string& socket() const { return tmux_.socket_name(); }

 private:
  Server() { tmux_.start(); }

  os::testing_support::TmuxServer tmux_;
  std::vector<std::string> names_;
};

void one_poll(benchmark::State& state, bool keep_connection) {
  const auto sessions = static_cast<int>(state.range(0));
  const Server& server = Server::with(sessions);
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
  const os::ChildProcess child(
      loop, {std::move(arguments), {}, ""},
      {[&bytes](std::string_view output) { bytes += output.size(); }, {}, {}});
  loop.run_until([&child] { return child.end().has_value(); }, timeout);
  return bytes;
}

void two_processes(benchmark::State& state) {
  const auto sessions = static_cast<int>(state.range(0));
  const Server& server = Server::with(sessions);
  os::EventLoop loop;
  for (auto _ : state) {
    for (const auto& name : server.first(sessions)) {
      run_tmux(loop, {"-L", server.socket(), "has-session", "-t", "=" + name});
      benchmark::DoNotOptimize(
          run_tmux(loop, {"-L", server.socket(), "capture-pane", "-p", "-t", "=" + name + ":"}));
    }
  }
}

[[maybe_unused]] const bool registered = [] {
  for (const int sessions : {1, 12, 100}) {
    const std::string name = fmt::format("poll of {} sessions", sessions);
    for (const bool keep_connection : {true, false}) {
      const std::string way = keep_connection ? "/quotawatch" : "/quotawatch, a process a poll";
      benchmark::RegisterBenchmark((name + way).c_str(), one_poll, keep_connection)
          ->Arg(sessions)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
    benchmark::RegisterBenchmark((name + "/baseline: two processes a session").c_str(),
                                 two_processes)
        ->Arg(sessions)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace quotawatch::bench

BENCHMARK_MAIN();
