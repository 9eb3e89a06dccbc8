// The zone of reset times that name none: TZ, the config and /etc/localtime, in every command that
// needs it, and how it is reported.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"
#include "transcript/transcript.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::ProgramResult;
using os::testing_support::read_file;
using os::testing_support::run_program;
using os::testing_support::TemporaryFolder;
using os::testing_support::Variable;
using os::testing_support::write_file;

// A banner without a zone, at ten in the evening UTC.
constexpr const char* zoneless_screen = R"({"id":"cc","screen":"\n❯ go on\n  ⎿  5-hour limit reached ∙ resets 8pm\n",)"
                                        R"("at":"2026-11-29T22:00:00Z"})";

nlohmann::json explain_zoneless(const char* variable) {
  const Variable set("TZ", variable);
  const auto result = run_quotawatch({"explain", "--jsonl"}, std::string(zoneless_screen) + "\n");
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  return nlohmann::json::parse(result.output);
}

TEST(TimezoneTest, ABannerIsReadInTheZoneOfTz) {
  // In New York it is five in the afternoon: eight is three hours away.
  for (const char* variable : {"America/New_York", ":America/New_York", "EST5EDT", "EST5EDT,M3.2.0,M11.1.0",
                               "/usr/share/zoneinfo/America/New_York"}) {
    const auto json = explain_zoneless(variable);
    EXPECT_EQ(json["verdict"], "exhausted") << variable;
    EXPECT_EQ(json["reset_at"], "2026-11-30T01:00:00Z") << variable;
    EXPECT_FALSE(json.contains("timezone")) << "not a line";
  }
  EXPECT_EQ(explain_zoneless("Asia/Kolkata")["reset_at"], "2026-11-30T14:30:00Z");
  EXPECT_EQ(explain_zoneless("CET-1CEST")["reset_at"], "2026-11-30T19:00:00Z");
  EXPECT_EQ(explain_zoneless("Mars/Olympus")["reset_at"], "2026-11-30T20:00:00Z");
}

TEST(TimezoneTest, ExplainSaysWhichZoneAndWhy) {
  const Variable set("TZ", "America/New_York");
  const auto text = run_quotawatch({"explain", "-"}, "❯ go on\n");
  EXPECT_NE(text.output.find("\ntimezone America/New_York, from TZ\n"), std::string::npos) << text.output;
  const auto json = nlohmann::json::parse(run_quotawatch({"explain", "--json"}, "x").output);
  EXPECT_EQ(json["timezone"]["name"], "America/New_York");
  EXPECT_EQ(json["timezone"]["why"], "from TZ");
  const auto chosen = run_quotawatch({"explain", "--timezone", "Asia/Tokyo"}, "❯ go on\n");
  EXPECT_NE(chosen.output.find("\ntimezone Asia/Tokyo, from --timezone\n"), std::string::npos);
}

TEST(TimezoneTest, AnUnknownTzIsSaid) {
  const Variable set("TZ", "Europe/Pariss");
  const auto result = run_quotawatch({"explain", "-"}, "❯ go on\n");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_NE(result.error_output.find("TZ=\"Europe/Pariss\" is no zone"), std::string::npos);
  EXPECT_NE(result.error_output.find("did you mean \"Europe/Paris\"?"), std::string::npos);
  EXPECT_NE(result.output.find("\ntimezone UTC, for TZ=\"Europe/Pariss\" is no zone\n"), std::string::npos)
      << result.output;
}

constexpr const char* transcript =
    "quotawatch-transcript 1\n"
    "start 2026-11-29T22:00:00Z\n"
    "timezone Asia/Tokyo\n"
    "config {{\"pool\":{{\"dedicated\":[{{\"name\":\"main\"}}]}}{}}}\n"
    "until 1m\n\n"
    "@0s screen main 80x24\n"
    "|❯ go on\n"
    "|  ⎿  You've hit your limit · resets 8pm\n\n"
    "expect @30s switch session=main reset_at={}\n"
    "expect @30s switch_done\n";

TEST(TimezoneTest, ATranscriptHasItsOwnZoneAndItsConfigGoesBefore) {
  const Variable set("TZ", "America/New_York");
  const TemporaryFolder folder;
  const auto replay = [&](const std::string& config, const std::string& reset_at) {
    write_file(folder / "a.transcript", fmt::format(fmt::runtime(transcript), config, reset_at));
    return run_quotawatch({"replay", folder.path()});
  };
  auto result = replay("", "2026-11-30T11:00:00Z");
  EXPECT_EQ(result.exit_status, 0) << result.output;
  result = replay(R"(,"timezone":"Europe/Paris")", "2026-11-30T19:00:00Z");
  EXPECT_EQ(result.exit_status, 0) << result.output;
}

TEST(TimezoneTest, WithoutTzdataTheFolderAndThePackageAreNamed) {
  const auto without_tzdata = [](const std::string& arguments) {
    return run_program(
        {"unshare", "-m", "sh", "-c",
         "mount -t tmpfs none /usr/share/zoneinfo && exec " + binary_path() + " " + arguments + " </dev/null"});
  };
  if (run_program({"unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"}).exit_status != 0) {
    GTEST_SKIP() << "only root can hide a folder";
  }
  const TemporaryFolder folder;
  write_file(folder / "quotawatch.json", R"({"pool":{"dedicated":[{"name":"main"}]}})");
  write_file(folder / "zone.json", R"({"timezone":"Europe/Paris"})");
  for (const std::string& arguments :
       {std::string("explain"), std::string("explain --jsonl"), "status --config " + (folder / "quotawatch.json"),
        "run --once --config " + (folder / "quotawatch.json"), "run --once --config " + (folder / "zone.json"),
        std::string("record --for 1s --session main"), std::string("simulate --seed 1 --days 0.1")}) {
    const auto result = without_tzdata(arguments);
    EXPECT_EQ(result.exit_status, 2) << arguments;
    EXPECT_NE(result.error_output.find("quotawatch: /usr/share/zoneinfo: has no time zones; "
                                       "install them (Debian's package is tzdata)\n"),
              std::string::npos)
        << arguments << ": " << result.error_output;
  }
}

class TimezoneRunTest : public testing::Test {
 protected:
  TimezoneRunTest() {
    fleet_.config()["pack"] = "auto";
    fleet_.show("main", "❯ go on\n● Done.\n");
  }

  ProgramResult on_config(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--config", fleet_.write_config()});
    return run_quotawatch(arguments);
  }

  // First from the saved state, then from a running monitor.
  void expect_zone(const std::string& in_words) {
    const std::string row = "\ntimezone     " + in_words + "\n";
    EXPECT_NE(on_config({"status"}).output.find(row), std::string::npos);
    RunningProgram program(fleet_.run_arguments());
    ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
    EXPECT_NE(program.messages().find(" quotawatch: timezone " + in_words + "\n"), std::string::npos)
        << program.messages();
    const Variable elsewhere("TZ", "Asia/Kolkata");  // the client is in another zone
    const auto table = on_config({"status"});
    EXPECT_EQ(table.exit_status, 0);
    EXPECT_NE(table.output.find(row), std::string::npos) << table.output;
    const auto json = nlohmann::json::parse(on_config({"status", "--json"}).output);
    EXPECT_EQ(
        fmt::format("{}, {}", json["timezone"]["name"].get<std::string>(), json["timezone"]["why"].get<std::string>()),
        in_words);
  }

  Fleet fleet_;
};

TEST_F(TimezoneRunTest, IsThatOfTz) {
  const Variable set("TZ", "Pacific/Kiritimati");
  expect_zone("Pacific/Kiritimati, from TZ");
}

TEST_F(TimezoneRunTest, IsThatOfTheConfigBeforeTz) {
  const Variable set("TZ", "Mars/Olympus");
  fleet_.config()["timezone"] = "Asia/Tokyo";
  expect_zone("Asia/Tokyo, from the config");
}

TEST_F(TimezoneRunTest, IsWhatAMonitorJudgesBy) {
  fleet_.show("main", "❯ go on\n  ⎿  You've hit your limit · resets 8pm\n");
  const auto reset_at = [&] {
    RunningProgram program(fleet_.run_arguments({"--dry-run"}));
    EXPECT_TRUE(program.wait_for("verdict")) << program.messages();
    return program.journal().front().value("reset_at", "").substr(10);
  };
  const Variable set("TZ", "Asia/Tokyo");
  EXPECT_EQ(reset_at(), "T11:00:00Z");
  fleet_.config()["timezone"] = "Asia/Kolkata";
  EXPECT_EQ(reset_at(), "T14:30:00Z");
}

TEST_F(TimezoneRunTest, TimesOfStatusAreInTheMonitorsZone) {
  const Variable set("TZ", "Asia/Tokyo");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  const Variable elsewhere("TZ", "Asia/Kolkata");
  const auto table = on_config({"status"});
  EXPECT_NE(table.output.find(" JST; process"), std::string::npos) << table.output;
}

TEST_F(TimezoneRunTest, AMisspeltZoneInTheConfigIsRefused) {
  fleet_.config()["timezone"] = "Europe/Pariss";
  const auto result = on_config({"run", "--once"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_NE(result.error_output.find("timezone: \"Europe/Pariss\" is no time zone; did you mean "
                                     "\"Europe/Paris\"?"),
            std::string::npos)
      << result.error_output;
}

TEST_F(TimezoneRunTest, AReloadTakesAnotherZone) {
  const Variable set("TZ", "Asia/Tokyo");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  fleet_.config()["timezone"] = "Europe/Paris";
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for_message("timezone Europe/Paris, from the config"));
  const auto json = nlohmann::json::parse(on_config({"status", "--json"}).output);
  EXPECT_EQ(json["timezone"]["name"], "Europe/Paris");
}

// A recording must be replayed in the zone in which it was decided.
TEST_F(TimezoneRunTest, RecordingsNameTheZoneThatWasGoneBy) {
  const std::string path = fleet_.path("recorded.transcript");
  const auto recorded_zone = [&](std::vector<std::string> more) {
    more.insert(more.begin(), "record");
    more.insert(more.end(), {"-o", path, "--force"});
    const auto result = on_config(more);
    EXPECT_EQ(result.exit_status, 0) << result.error_output;
    return load_transcript(path).zone.name();
  };
  const Variable set("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(recorded_zone({"--for", "100ms"}), "CET-1CEST,M3.5.0,M10.5.0/3");
  fleet_.config()["timezone"] = "Asia/Tokyo";
  EXPECT_EQ(recorded_zone({"--for", "100ms"}), "Asia/Tokyo");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  program.loop().run_until([] { return false; }, Milliseconds{500});
  const Variable elsewhere("TZ", "Asia/Kolkata");
  EXPECT_EQ(recorded_zone({"--from-run"}), "Asia/Tokyo");
}

}  // namespace
}  // namespace quotawatch::testing_support
