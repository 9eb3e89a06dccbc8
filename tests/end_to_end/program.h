// The shipped binary under test, run as by a user: started, watched, signalled.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "os/loop/child_process.h"
#include "os/loop/event_loop.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {

// The path of the built binary (the variable QUOTAWATCH).
std::string binary_path();

// The transcripts of fixtures/demo, which pass.
std::string demo();

// Runs `quotawatch ARGUMENTS` to its end.
os::testing_support::ProgramResult run_quotawatch(std::vector<std::string> arguments, std::string input = "");

// One event of a journal, as JSON.
using JournalLine = nlohmann::json;

std::vector<JournalLine> parse_journal(const std::string& text);

// The decisions of a journal as "switch a->b", in order: for comparing two runs without their
// times.
std::vector<std::string> decisions_of(const std::vector<JournalLine>& journal);

// True if `text` contains `part`; a failure shows `text`.
testing::AssertionResult has(const std::string& text, const std::string& part);

// A `quotawatch run` that is running during the test.
class RunningProgram {
 public:
  explicit RunningProgram(std::vector<std::string> arguments);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  // Waits until the journal on stdout has `count` events of this name.
  bool wait_for(const std::string& event, std::size_t count = 1);

  // Waits until stderr contains `text`.
  bool wait_for_message(const std::string& text);

  void signal(int number) const;

  // Waits for the end; empty if it does not come within `most`: shorter only where that is what is tested.
  std::optional<os::ChildEnd> wait_for_end(Milliseconds most = Milliseconds{10'000});

  std::vector<JournalLine> journal() const { return parse_journal(output_); }
  const std::string& messages() const { return messages_; }
  os::EventLoop& loop() { return loop_; }

 private:
  os::EventLoop loop_;
  std::string output_;
  std::string messages_;
  std::string process_id_;
  std::optional<os::ChildEnd> end_;
  std::unique_ptr<os::ChildProcess> process_;
};

}  // namespace quotawatch::testing_support
