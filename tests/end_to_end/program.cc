#include "tests/end_to_end/program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "quotawatch/event.h"

namespace quotawatch::testing_support {

using os::testing_support::eventually;

std::string binary_path() {
  const char* path = std::getenv("QUOTAWATCH");  // NOLINT(concurrency-mt-unsafe)
  return path == nullptr ? "build/quotawatch" : path;
}

std::string demo() {
  const char* root = std::getenv("PROJECT_ROOT");  // NOLINT(concurrency-mt-unsafe)
  return std::string(root == nullptr ? "." : root) + "/fixtures/demo";
}

os::testing_support::ProgramResult run_quotawatch(std::vector<std::string> arguments, std::string input) {
  arguments.insert(arguments.begin(), binary_path());
  return os::testing_support::run_program(std::move(arguments), std::move(input));
}

testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << part << "\" in:\n" << text;
}

std::vector<JournalLine> parse_journal(const std::string& text) {
  std::vector<JournalLine> journal;
  // An incomplete line does not count yet.
  const auto whole = std::string_view(text).substr(0, text.rfind('\n') + 1);
  for (const auto line : split_lines(whole)) {
    if (!line.empty() && line[0] == '{') journal.push_back(JournalLine::parse(line));
  }
  return journal;
}

std::vector<std::string> decisions_of(const std::vector<JournalLine>& journal) {
  std::vector<std::string> decisions;
  for (const auto& line : journal) {
    const std::string event = line.at("event");
    if (!is_decision(*find_event(event))) continue;
    decisions.push_back(
        fmt::format("{} {}->{} {}", event, line.value("from", ""), line.value("to", ""), line.value("session", "")));
  }
  return decisions;
}

// The shell prints its own process id and becomes the program.
RunningProgram::RunningProgram(std::vector<std::string> arguments) {
  std::vector<std::string> words{"sh", "-c", "echo $$ >&2; exec \"$@\"", "sh", binary_path()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<os::ChildProcess>(
      loop_, os::ChildProcess::Command{std::move(words), {}, ""},
      os::ChildProcess::Handlers{[this](std::string_view bytes) { output_ += bytes; },
                                 [this](std::string_view bytes) { messages_ += bytes; },
                                 [this](const os::ChildEnd& end) { end_ = end; }});
  EXPECT_EQ(process_->failure(), "");
  EXPECT_TRUE(eventually([this] { return messages_.find('\n') != std::string::npos; }, &loop_));
  process_id_ = messages_.substr(0, messages_.find('\n'));
}

RunningProgram::~RunningProgram() {
  if (!end_) signal(SIGKILL);
}

bool RunningProgram::wait_for(const std::string& event, std::size_t count) {
  const std::string wanted = fmt::format("\"event\":\"{}\"", event);
  return eventually(
      [&] {
        std::size_t seen = 0;
        for (auto at = output_.find(wanted); at != std::string::npos; at = output_.find(wanted, at + 1)) {
          ++seen;
        }
        return seen >= count;
      },
      &loop_);
}

bool RunningProgram::wait_for_message(const std::string& text) {
  return eventually([&] { return messages_.find(text) != std::string::npos; }, &loop_);
}

void RunningProgram::signal(int number) const { ::kill(std::stoi(process_id_), number); }

std::optional<os::ChildEnd> RunningProgram::wait_for_end(Milliseconds most) {
  loop_.run_until([this] { return end_.has_value(); }, most);
  return end_;
}

}  // namespace quotawatch::testing_support
