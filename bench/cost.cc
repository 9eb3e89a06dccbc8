// The cost of watching a hundred sessions, compared with its limits.
//
//     cost live QUOTAWATCH STAMPING_TMUX    # the shipped program on real tmux
//     cost month                            # its parts for a month of virtual time
//
// Two processes, because what one leaves in the heap would distort the other's measurement;
// tools/cost.sh runs both. Exit code 1 if a limit is exceeded.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/live_fleet.h"
#include "bench/process_use.h"
#include "os/host/memory.h"
#include "tests/endurance/long_run.h"

namespace quotawatch::bench {
namespace {

constexpr int sessions = 100;
constexpr double poll_interval_ms = 30'000;

// The limits.
constexpr double most_core_percent = 0.05;
constexpr double most_resident_mib = 12;
constexpr double most_start_ms = 50;

// Polls come faster here than in production, to finish in less than a minute.
constexpr Milliseconds live_interval{200};
constexpr int live_polls = 100;
constexpr int first_polls = 5;  // warm-up, in which every screen is new
constexpr int starts = 20;

bool all_within = true;

void print_row(const std::string& what, const std::string& measured, const std::string& limit) {
  fmt::print("{:<58} {:>10}  {}\n", what, measured, limit);
}

void print_limited(const std::string& what, double measured, double most, const std::string& unit) {
  const bool within = measured <= most;
  all_within = all_within && within;
  print_row(what, fmt::format("{:.3g} {}", measured, unit),
            fmt::format("{:<7} {}", fmt::format("{:.3g} {}", most, unit), within ? "kept" : "EXCEEDED"));
}

void print_resident(const std::string& when, double mib) {
  print_limited("resident memory " + when, mib, most_resident_mib, "MiB");
}

std::string in_ms(double ms) { return fmt::format("{:.3g} ms", ms); }

double cpu_ms_of_us_and_children() {
  double ms = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage use{};
    ::getrusage(who, &use);
    constexpr double ms_a_second = 1e3;
    constexpr double us_a_ms = 1e3;
    for (const auto& time : {use.ru_utime, use.ru_stime}) {
      ms += static_cast<double>(time.tv_sec) * ms_a_second + static_cast<double>(time.tv_usec) / us_a_ms;
    }
  }
  return ms;
}

struct Cost {
  double client_ms = 0;  // of the client and the tmux processes that it starts
  double server_ms = 0;

  double together() const { return client_ms + server_ms; }
};

// Per poll, without startup. Drawing costs the server CPU as well: its share without a monitor is
// subtracted.
Cost measure_polls(LiveFleet& fleet, const std::string& program) {
  const double before_drawing = cpu_ms(fleet.server());
  fleet.draw_for(live_interval, live_polls);
  const double drawing = cpu_ms(fleet.server()) - before_drawing;

  const LiveMonitor monitor(fleet, fleet.run_arguments(program, live_interval));
  fleet.draw_for(live_interval, first_polls);
  const Cost before{cpu_ms(monitor.process()), cpu_ms(fleet.server())};
  const auto began = std::chrono::steady_clock::now();
  fleet.draw_for(live_interval, live_polls);
  if (!monitor.runs()) throw std::runtime_error("the monitor has ended: " + monitor.messages());
  const auto polls = static_cast<double>((std::chrono::steady_clock::now() - began) / live_interval);
  const double drawn_longer = polls / live_polls;
  const Cost cost{(cpu_ms(monitor.process()) - before.client_ms) / polls,
                  (cpu_ms(fleet.server()) - before.server_ms - drawing * drawn_longer) / polls};
  print_resident(fmt::format("after {:.0f} polls of real tmux", polls), resident_mib(monitor.process()));
  double children_mib = 0;
  for (const int child : children_of(monitor.process())) children_mib += resident_mib(child);
  if (children_mib > 0) {
    print_row("  and of its tmux, a process of its own", fmt::format("{:.3g} MiB", children_mib), "none");
  }
  return cost;
}

// The method of the original monitor: has-session and capture-pane for each session.
Cost measure_two_processes(LiveFleet& fleet) {
  constexpr int rounds = 3;
  const Cost before{cpu_ms_of_us_and_children(), cpu_ms(fleet.server())};
  const auto run_tmux = [&](std::vector<std::string> arguments) {
    const std::vector<std::string> tmux{"tmux", "-L", fleet.socket_name()};
    arguments.insert(arguments.begin(), tmux.begin(), tmux.end());
    const os::ChildProcess child(fleet.loop(), {std::move(arguments), {}, ""},
                                 {[](std::string_view) {}, [](std::string_view) {}, [](const os::ChildEnd&) {}});
    fleet.loop().run_until([&child] { return child.end().has_value(); }, std::chrono::seconds{10});
  };
  for (int i = 0; i < rounds; ++i) {
    for (const auto& name : fleet.names()) {
      run_tmux({"has-session", "-t", "=" + name});
      run_tmux({"capture-pane", "-p", "-t", "=" + name + ":"});
    }
  }
  return {(cpu_ms_of_us_and_children() - before.client_ms) / rounds,
          (cpu_ms(fleet.server()) - before.server_ms) / rounds};
}

std::string find_tmux() {
  std::istringstream path(std::getenv("PATH"));
  for (std::string folder; std::getline(path, folder, ':');) {
    const std::string candidate = folder + "/tmux";
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  throw std::runtime_error("there is no tmux");
}

// From just before the program is started until it first captures a screen.
double measure_start(LiveFleet& fleet, const std::string& program, const std::string& stamping_tmux) {
  const std::string folder = fleet.path("bin");
  std::filesystem::create_directory(folder);
  std::filesystem::create_symlink(stamping_tmux, folder + "/tmux");
  auto arguments = fleet.run_arguments(program, live_interval);
  arguments.emplace_back("--once");
  const std::string stamp = fleet.path("stamp");
  const std::string real = find_tmux();
  const std::string path = folder + ":" + std::getenv("PATH");
  std::vector<double> times_ms;
  for (int i = 0; i < starts; ++i) {
    std::filesystem::remove(stamp);
    const auto began = std::chrono::steady_clock::now().time_since_epoch();
    const os::ChildProcess child(fleet.loop(),
                                 {arguments, {{"PATH", path}, {"STAMPING_TMUX", real}, {"STAMPING_FILE", stamp}}, ""},
                                 {[](std::string_view) {}, [](std::string_view) {}, [](const os::ChildEnd&) {}});
    fleet.loop().run_until([&child] { return child.end().has_value(); }, std::chrono::seconds{10});
    const std::string text = os::testing_support::read_file(stamp);
    if (text.empty()) throw std::runtime_error("no screen was asked for");
    const std::chrono::duration<double, std::milli> took = std::chrono::nanoseconds{std::stoll(text)} - began;
    times_ms.push_back(took.count());
  }
  std::ranges::sort(times_ms);
  return times_ms[times_ms.size() / 2];
}

void measure_live(const std::string& program, const std::string& stamping_tmux) {
  LiveFleet fleet(sessions);
  const Cost polls = measure_polls(fleet, program);
  const Cost two_processes = measure_two_processes(fleet);
  print_row("CPU a poll: the monitor and its tmux", in_ms(polls.client_ms), "");
  print_limited("  of a core, at a poll each 30 s", polls.client_ms / poll_interval_ms * 100, most_core_percent, "%");
  print_row("  the tmux server, beside", in_ms(polls.server_ms), "none");
  print_row("CPU a poll: two processes a session, and the server", in_ms(two_processes.together()),
            fmt::format("none    {:.0f} times as much", two_processes.together() / polls.together()));
  print_limited(fmt::format("start to first capture, median of {}", starts),
                measure_start(fleet, program, stamping_tmux), most_start_ms, "ms");
}

void measure_month() {
  endurance::LongRunSetup setup;
  setup.sessions = sessions;
  setup.parts = 30;
  setup.part = std::chrono::hours{24};
  setup.change = std::chrono::minutes{30};
  setup.sentences = 1'000'000;
  setup.settled = os::give_back_memory;
  endurance::LongRun run(setup);
  int days = 0;
  run.run([&](const Monitor&) {
    ++days;
    if (days == 1) print_resident("after a virtual day", resident_mib(::getpid()));
    if (days == setup.parts) print_resident("after a virtual month", resident_mib(::getpid()));
  });
}

int main(const std::vector<std::string>& arguments) {
  if (arguments.size() == 3 && arguments[0] == "live") {
    measure_live(arguments[1], arguments[2]);
  } else if (arguments.size() == 1 && arguments[0] == "month") {
    measure_month();
  } else {
    throw std::runtime_error("usage: cost live QUOTAWATCH STAMPING_TMUX | cost month");
  }
  return all_within ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace quotawatch::bench

int main(int argc, char** argv) {
  try {
    return quotawatch::bench::main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "cost: {}\n", error.what());
    return 2;
  }
}
