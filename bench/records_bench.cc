// What it costs to ask the records of a hundred sessions at one poll.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "os/loop/child_process.h"
#include "os/loop/process_status.h"
#include "os/records/program_records.h"
#include "tests/os/support.h"

namespace quotawatch::bench {
namespace {

using os::testing_support::write_file;

constexpr std::size_t sessions = 100;

// Agents that list themselves, each with a conversation of a megabyte.
class Agents {
 public:
  Agents() {
    std::filesystem::create_directories(folder_ / "sessions");
    std::filesystem::create_directories(folder_ / "projects/-home-dev");
    for (std::size_t i = 0; i < sessions; ++i) start(i);
  }

  const std::vector<PaneCapture>& panes() const { return panes_; }

  void go_on(std::size_t index) {
    std::ofstream(conversation(index), std::ios::app | std::ios::binary)
        << R"({"type":"assistant","timestamp":"2026-11-29T18:59:00Z","message":{"stop_reason":"tool_use","content":")"
        << std::string(4000, 'x') << "\"}}\n";
  }

 private:
  void start(std::size_t index) {
    processes_.push_back(std::make_unique<os::ChildProcess>(
        loop_, os::ChildProcess::Command{{"sleep", "600"}, {{"CLAUDE_CONFIG_DIR", folder_.path()}}, ""},
        os::ChildProcess::Handlers{{}, {}, {}}));
    const int process = processes_.back()->process_id();
    write_file(folder_ / fmt::format("sessions/{}.json", process),
               fmt::format(R"({{"pid":{},"sessionId":"{}","cwd":"/home/dev","procStart":"{}","status":"idle"}})",
                           process, id_of(index), os::read_process_status(process)->started_ticks));
    write_file(conversation(index), "{\"type\":\"summary\",\"text\":\"" + std::string(1U << 20U, 'x') + "\"}\n");
    go_on(index);
    PaneCapture pane;
    pane.status = PaneCapture::Status::screen;
    pane.pane = fmt::format("%{}", index);
    pane.program_process = process;
    panes_.push_back(pane);
  }
  static std::string id_of(std::size_t index) { return fmt::format("a70db2c2-72fb-4342-a87f-{:012}", index); }
  std::string conversation(std::size_t index) const {
    return folder_ / fmt::format("projects/-home-dev/{}.jsonl", id_of(index));
  }

  os::testing_support::TemporaryFolder folder_;
  os::EventLoop loop_;
  std::vector<std::unique_ptr<os::ChildProcess>> processes_;
  std::vector<PaneCapture> panes_;
};

// One poll. `changed` of a hundred conversations have gone on since the last one.
void ask_records(benchmark::State& state) {
  Agents agents;
  os::ProgramRecords records({"claude-code"}, "default", [](std::string_view /*line*/) {});
  for (auto _ : state) {
    state.PauseTiming();
    for (std::int64_t i = 0; i < state.range(0); ++i) agents.go_on(static_cast<std::size_t>(i));
    state.ResumeTiming();
    for (const auto& pane : agents.panes()) benchmark::DoNotOptimize(records.ask("main", pane));
  }
}
BENCHMARK(ask_records)->Arg(0)->Arg(33)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace quotawatch::bench
