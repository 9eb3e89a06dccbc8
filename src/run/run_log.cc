#include "run/run_log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/environment.h"
#include "base/text.h"

namespace quotawatch {
namespace {

// Systemd sets JOURNAL_STREAM to the device and inode of the stream that journald reads. What we were
// started from may have redirected our stderr since.
bool journald_reads_stderr() {
  const std::string stream = environment_variable("JOURNAL_STREAM");
  struct stat status {};
  if (stream.empty() || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

// As in syslog(3).
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& line, const std::tm& /*time*/, spdlog::memory_buf_t& out) override {
    static constexpr std::string_view priorities = "7764322";  // by level, from trace on
    out.push_back(priorities[std::min(static_cast<std::size_t>(line.level), priorities.size() - 1)]);
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }
};

void begin_log(const std::string& pattern) {
  auto form = std::make_unique<spdlog::pattern_formatter>();
  form->add_flag<Priority>('*').set_pattern(journald_reads_stderr() ? "<%*>%v" : pattern);
  spdlog::set_formatter(std::move(form));
}

spdlog::level::level_enum level_of(EventKind kind) {
  switch (kind) {
    case EventKind::switch_failed:
    case EventKind::switch_ineffective:
    case EventKind::exhausted_everywhere:
    case EventKind::tmux_down:
    case EventKind::store_down:
      return spdlog::level::warn;
    default:
      return spdlog::level::info;
  }
}

}  // namespace

void begin_command_log() { begin_log("quotawatch: %v"); }

void begin_run_log() { begin_log("%Y-%m-%dT%H:%M:%S%z %l quotawatch: %v"); }

std::string decision_line(const Event& event) {
  static constexpr std::array<std::string_view, 13> shown{"session",    "sessions", "from", "to",       "id",
                                                          "generation", "host",     "rule", "reset_at", "retry_at",
                                                          "reason",     "dry_run",  "why"};
  std::string line(event_name(event.kind));
  for (const auto name : shown) {
    const auto value = field_text(event, name);
    if (!value) continue;
    const bool plain = !value->empty() && !has_controls(*value) && value->find_first_of(" \"\\") == std::string::npos;
    line += fmt::format(" {}={}", name, plain ? *value : in_quotes(*value));
  }
  return line;
}

void log_event(const Event& event) {
  const bool about_parts = event.kind == EventKind::tmux_down || event.kind == EventKind::tmux_up ||
                           event.kind == EventKind::store_down || event.kind == EventKind::store_up;
  const bool shown = is_decision(event.kind) || about_parts;
  const auto level = shown ? level_of(event.kind) : spdlog::level::debug;
  if (spdlog::should_log(level)) spdlog::log(level, "{}", decision_line(event));
}

void log_all_events() { spdlog::set_level(spdlog::level::debug); }

}  // namespace quotawatch
