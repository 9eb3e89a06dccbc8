#include "bench/process_use.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace quotawatch::bench {
namespace {

std::ifstream open_of(int process, const std::string& name) {
  std::ifstream file(fmt::format("/proc/{}/{}", process, name));
  if (!file) throw std::runtime_error(fmt::format("process {} is gone", process));
  return file;
}

}  // namespace

std::vector<int> children_of(int process) {
  auto file = open_of(process, fmt::format("task/{}/children", process));
  std::vector<int> children;
  for (int child = 0; file >> child;) children.push_back(child);
  return children;
}

double cpu_ms(int process) {
  std::string line;
  auto file = open_of(process, "stat");
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  // After the name come eleven fields, then user and system time, and those of the children.
  constexpr int before_times = 11;
  std::string skipped;
  for (int i = 0; i < before_times; ++i) fields >> skipped;
  double ticks = 0;
  constexpr int times = 4;
  for (int i = 0; i < times; ++i) {
    double time = 0;
    fields >> time;
    ticks += time;
  }
  constexpr double ms_a_second = 1000;
  double ms = ticks * ms_a_second / static_cast<double>(::sysconf(_SC_CLK_TCK));
  for (const int child : children_of(process)) ms += cpu_ms(child);
  return ms;
}

double resident_mib(int process) {
  auto file = open_of(process, "status");
  constexpr double kib_a_mib = 1024;
  for (std::string key; file >> key;) {
    double kib = 0;
    if (key == "VmRSS:" && file >> kib) return kib / kib_a_mib;
  }
  throw std::runtime_error(fmt::format("process {} has no memory", process));
}

}  // namespace quotawatch::bench
