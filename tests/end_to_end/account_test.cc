// `quotawatch account`: through the running monitor, on the saved state, and what it refuses.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "quotawatch/time.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::file_exists;
using os::testing_support::ProgramResult;
using os::testing_support::read_file;

class AccountTest : public testing::Test {
 protected:
  AccountTest() {
    fleet_.config()["accounts"] = {{{"name", "a"}}, {{"name", "b"}}, {{"name", "spare"}}};
    fleet_.show("main", "> go on\n");
  }

  ProgramResult account(const std::string& verb, const std::string& name) {
    return run_quotawatch({"account", verb, name, "--config", fleet_.write_config()});
  }
  nlohmann::json saved() const { return nlohmann::json::parse(read_file(fleet_.state_path())); }
  nlohmann::json status() const {
    return nlohmann::json::parse(run_quotawatch({"status", "--json", "--config", fleet_.config_path()}).output);
  }

  Fleet fleet_;
};

TEST_F(AccountTest, UseIsSavedAndJournalledByTheMonitorThatRuns) {
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  const auto used = account("use", "b");
  EXPECT_EQ(used.exit_status, 0) << used.error_output;
  EXPECT_EQ(used.output, "");
  EXPECT_TRUE(has(used.error_output, "\"b\" is the active account now"));
  EXPECT_EQ(saved()["active_account"], "b") << "before it was answered";
  ASSERT_TRUE(program.wait_for("account"));
  const auto journal = program.journal();
  const auto entry =
      std::ranges::find(journal, "account", [](const auto& line) { return line["event"].template get<std::string>(); });
  EXPECT_EQ((*entry)["account"], "b");
  EXPECT_EQ((*entry)["reason"], "use");
  EXPECT_EQ((*entry)["from"], "a");
  EXPECT_EQ((*entry)["why"], "by the operator");
  const auto shown = status();
  EXPECT_EQ(shown["last_switch"]["to"], "b");
  EXPECT_TRUE(shown.contains("cooldown_until"));
  EXPECT_TRUE(fleet_.requests().empty()) << "no hook runs for it";
}

TEST_F(AccountTest, FreeLetsTheSwitchFollow) {
  fleet_.config()["accounts"] = {{{"name", "a"}}, {{"name", "b"}}};
  fleet_.config()["quota"]["reactivate_cooldown"] = "100ms";
  RunningProgram program(fleet_.run_arguments());
  fleet_.show("main", dated_banner);
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  fleet_.show("main", "You've hit your limit · resets 9pm (Europe/Paris)\n");
  ASSERT_TRUE(program.wait_for("exhausted_everywhere")) << program.messages();
  EXPECT_EQ(account("free", "a").exit_status, 0);
  ASSERT_TRUE(program.wait_for("switch_done", 2)) << program.messages();
  EXPECT_EQ(fleet_.requests().back()["to"], "a");
}

TEST_F(AccountTest, WhereNoMonitorRunsTheSavedStateIsChanged) {
  {
    RunningProgram program(fleet_.run_arguments());
    fleet_.show("main", dated_banner);
    ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
    program.signal(SIGTERM);
    ASSERT_TRUE(program.wait_for_end());
  }
  EXPECT_TRUE(saved()["limited_until"].contains("a"));
  const auto freed = account("free", "a");
  EXPECT_EQ(freed.exit_status, 0) << freed.error_output;
  EXPECT_TRUE(has(freed.error_output, "no monitor runs, the next one will know"));
  const auto line = nlohmann::json::parse(freed.output);
  EXPECT_EQ(line["event"], "account");
  EXPECT_EQ(line["reason"], "free");
  EXPECT_FALSE(line.contains("from"));
  EXPECT_FALSE(saved()["limited_until"].contains("a"));

  fleet_.config()["journal"] = {{"path", "journal.jsonl"}};
  const auto used = account("use", "spare");
  EXPECT_EQ(used.exit_status, 0) << used.error_output;
  EXPECT_EQ(used.output, "");
  EXPECT_EQ(parse_journal(read_file(fleet_.path("journal.jsonl"))).at(0)["from"], "b");
  struct stat made {};
  ASSERT_EQ(::stat(fleet_.path("journal.jsonl").c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777U, 0600U);
  EXPECT_EQ(saved()["active_account"], "spare");
  EXPECT_EQ(saved()["last_switch"]["from"], "b");

  // The old banner is still shown, and the next monitor knows that it is old.
  fleet_.config().erase("journal");
  fleet_.config()["quota"]["reactivate_cooldown"] = "100ms";
  RunningProgram again(fleet_.run_arguments());
  EXPECT_TRUE(again.wait_for("stale")) << again.messages();
  EXPECT_EQ(fleet_.requests().size(), 1U);
}

TEST_F(AccountTest, WhatIsSoAlreadyChangesNothing) {
  for (const bool runs : {false, true}) {
    std::unique_ptr<RunningProgram> program;
    if (runs) {
      program = std::make_unique<RunningProgram>(fleet_.run_arguments());
      ASSERT_TRUE(program->wait_for("verdict")) << program->messages();
    }
    const auto used = account("use", "a");
    EXPECT_EQ(used.exit_status, 0);
    EXPECT_EQ(used.output, "");
    EXPECT_TRUE(has(used.error_output, "\"a\" is the active account\n"));
    const auto freed = account("free", "b");
    EXPECT_EQ(freed.exit_status, 0);
    EXPECT_TRUE(has(freed.error_output, "\"b\" is not limited\n"));
    EXPECT_EQ(file_exists(fleet_.state_path()), runs) << "nothing is saved for it";
  }
}

TEST_F(AccountTest, UnknownAccountsAreBadInput) {
  for (const bool runs : {false, true}) {
    std::unique_ptr<RunningProgram> program;
    if (runs) {
      program = std::make_unique<RunningProgram>(fleet_.run_arguments());
      ASSERT_TRUE(program->wait_for("verdict")) << program->messages();
    }
    const auto used = account("use", "spere");
    EXPECT_EQ(used.exit_status, 2);
    EXPECT_EQ(used.error_output,
              "quotawatch: account use: \"spere\" is no account of the config (did you mean "
              "\"spare\"?); its accounts are a, b, spare\n");
  }
  fleet_.config().erase("accounts");
  fleet_.config().erase("active_account");
  std::filesystem::remove(fleet_.state_path());
  const auto none = account("free", "a");
  EXPECT_EQ(none.exit_status, 2);
  EXPECT_TRUE(has(none.error_output, "account free: the config names no accounts"));
}

TEST_F(AccountTest, UseIsRefusedWhileASwitchIsInFlight) {
  fleet_.set_hook("sleep 100");
  RunningProgram program(fleet_.run_arguments());
  fleet_.show("main", dated_banner);
  ASSERT_TRUE(program.wait_for("switch")) << program.messages();
  const auto used = account("use", "spare");
  EXPECT_EQ(used.exit_status, 1);
  EXPECT_TRUE(has(used.error_output, "account use: a switch from \"a\" to \"b\" is in flight"));
  EXPECT_EQ(saved()["active_account"], "a");
}

TEST_F(AccountTest, AMonitorThatHangsIsSaidToHangAndDoesNothingLater) {
  fleet_.config()["tmux"]["timeout"] = "100ms";
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  program.signal(SIGSTOP);
  const auto used = account("use", "b");
  EXPECT_EQ(used.exit_status, 1);
  EXPECT_TRUE(has(used.error_output, " runs and does not answer; nothing has changed\n"));
  program.signal(SIGCONT);
  EXPECT_TRUE(eventually([this] { return status()["source"] == "monitor"; }));
  EXPECT_EQ(status()["active_account"], "a");
  EXPECT_EQ(account("use", "b").exit_status, 0);
  EXPECT_EQ(status()["active_account"], "b");
}

// A slow tmux keeps a poll in progress most of the time.
TEST_F(AccountTest, ItWaitsForAPollThatIsHalfDone) {
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(account("use", i % 2 == 0 ? "b" : "a").exit_status, 0);
    EXPECT_EQ(saved()["active_account"], i % 2 == 0 ? "b" : "a");
  }
  EXPECT_TRUE(program.wait_for("account", 10));
}

TEST_F(AccountTest, WithoutAHookItIsForThisRunOnly) {
  fleet_.config().erase("switch");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  const auto used = account("use", "b");
  EXPECT_EQ(used.exit_status, 0);
  EXPECT_TRUE(has(used.error_output, "for this run only"));
  EXPECT_EQ(status()["active_account"], "b");
  EXPECT_FALSE(file_exists(fleet_.state_path()));
}

TEST_F(AccountTest, SaysHowItIsUsed) {
  EXPECT_EQ(run_quotawatch({"account"}).exit_status, 2);
  EXPECT_EQ(run_quotawatch({"account", "use"}).exit_status, 2);
  EXPECT_EQ(run_quotawatch({"account", "fre", "a"}).exit_status, 2);
  EXPECT_TRUE(has(run_quotawatch({"account", "--help"}).output, "free"));
  EXPECT_TRUE(has(run_quotawatch({"account", "use", "--help"}).output, "--config"));
}

}  // namespace
}  // namespace quotawatch::testing_support
