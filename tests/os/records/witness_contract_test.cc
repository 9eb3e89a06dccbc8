// ProgramRecords, with both programs, and FakeWitness, against the contract.
#include "tests/contracts/witness_contract.h"

#include <fmt/format.h>

#include "os/records/program_records.h"
#include "sim/harness/fake_witness.h"
#include "tests/os/records/agents.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;

std::string id_of(const std::string& session) { return "a70db2c2-72fb-4342-a87f-" + session; }

class ClaudeCodeWorld {
 public:
  Witness& witness() { return records_; }

  PaneCapture start(const std::string& session) {
    const auto pane = agents_.start_claude_code(session);
    agents_.list(session, id_of(session));
    write_file(agents_.conversation_file(id_of(session)), "{\"type\":\"summary\"}\n");
    return pane;
  }
  void say(const std::string& session, const Testimony& testimony) {
    append(agents_.conversation_file(id_of(session)), os::testing_support::claude_code_line(testimony));
  }
  void lose(const std::string& session) { std::filesystem::remove(agents_.conversation_file(id_of(session))); }

 private:
  Agents agents_;
  os::ProgramRecords records_{{"claude-code"}, "default", [](std::string_view /*line*/) {}};
};

class CodexWorld {
 public:
  Witness& witness() { return records_; }

  PaneCapture start(const std::string& session) {
    append(file(session),
           fmt::format(R"({{"type":"session_meta","payload":{{"id":"{}","cli_version":"0.171.0"}}}})", id_of(session)));
    return agents_.start(session, {"sh", "-c", "exec 8>>\"$0\"; echo ready; exec sleep 60", file(session)});
  }
  void say(const std::string& session, const Testimony& testimony) {
    for (const auto& line : codex_lines(testimony)) append(file(session), line);
  }
  void lose(const std::string& session) { std::filesystem::remove(file(session)); }

 private:
  std::string file(const std::string& session) const {
    return agents_.folder() / fmt::format("rollout-2026-11-30T08-55-24-{}.jsonl", id_of(session));
  }

  Agents agents_;
  os::ProgramRecords records_{{"codex"}, "default", [](std::string_view /*line*/) {}};
};

class FakeWorld {
 public:
  Witness& witness() { return witness_; }

  static PaneCapture start(const std::string& /*session*/) {
    PaneCapture pane;
    pane.status = PaneCapture::Status::screen;
    return pane;
  }
  void say(const std::string& session, const Testimony& testimony) { witness_.say(session, testimony); }
  void lose(const std::string& session) { witness_.forget(session); }

 private:
  sim::FakeWitness witness_;
};

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(ClaudeCode, WitnessContract, ClaudeCodeWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Codex, WitnessContract, CodexWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, WitnessContract, FakeWorld);
}  // namespace contracts
}  // namespace quotawatch
