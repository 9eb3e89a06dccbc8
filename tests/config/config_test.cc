// The config: every default, every key, and files.
#include "quotawatch/config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using tests::fails;

using Names = std::vector<std::string>;

TEST(ConfigDefaults, AreTheSeeds) {
  for (const char* text : {"{}", R"({"quota": {}, "pool": {"autonomous": {}, "dedicated": []},
                                     "accounts": [], "tmux": {}, "switch": {}, "events": {},
                                     "state": {}, "journal": {}})"}) {
    const Config config = parse_config(text, "file");
    EXPECT_EQ(config.quota.poll_interval, seconds{30});
    EXPECT_EQ(config.quota.cooldown, minutes{10});
    EXPECT_EQ(config.quota.unknown_reset, hours{1});
    EXPECT_EQ(config.quota.pool_threshold, 2);
    EXPECT_EQ(config.quota.interactive_threshold, 1);
    EXPECT_TRUE(config.quota.count_throttled);
    EXPECT_EQ(config.pool.prefix, "ccl-auto-");
    EXPECT_EQ(config.pool.start_index, 0);
    EXPECT_EQ(config.pool.max, 0);
    EXPECT_EQ(config.dedicated, Names{});
    EXPECT_EQ(config.accounts, Names{});
    EXPECT_EQ(config.active_account, "");
    EXPECT_EQ(config.pack, "auto");
    EXPECT_EQ(config.tmux_socket_name, "");
    EXPECT_EQ(config.tmux_timeout, seconds{5});
    EXPECT_EQ(config.switch_command, Names{});
    EXPECT_EQ(config.switch_timeout, minutes{2});
    EXPECT_EQ(config.events.command, Names{});
    EXPECT_EQ(config.events.on, (Names{"exhausted_everywhere", "switch_failed", "switch_ineffective", "resume_failed",
                                       "stale", "stopped", "no_agent", "unrecognised", "auth", "reset", "tmux_down",
                                       "store_down", "store_up"}));
    EXPECT_EQ(config.events.timeout, seconds{30});
    EXPECT_EQ(config.state_path, "state.json");
    EXPECT_EQ(config.journal.path, "");
    EXPECT_EQ(config.journal.max_bytes, 67'108'864);
    EXPECT_EQ(config.journal.keep, 4);
  }
}

TEST(ConfigKeys, AreAllRead) {
  const Config config = parse_config(R"({
    // each with a value that is not its default
    "quota": {"poll_interval": "2s", "reactivate_cooldown": "1h30m", "pool_threshold": 3,
              "interactive_threshold": 4, "count_throttled": false, "unknown_reset": "20m"},
    "pool": {"autonomous": {"prefix": "work ", "start_index": 1, "max": 8},
             "dedicated": [{"name": "main"}, {"name": "a-b_c $() é"}]},
    "accounts": [{"name": "a"}, {"name": "b"}],
    "active_account": "b",
    "pack": "seed",
    "tmux": {"socket_name": "other", "timeout": "1.5s"},
    "switch": {"command": ["/usr/local/bin/switch-account", "", "two words"], "timeout": "30s"},
    "events": {"command": ["notify", "two words"], "on": ["reset", "switch_done"], "timeout": "5s"},
    "state": {"path": "here/state.json"},
    "journal": {"path": "there/journal.jsonl", "max_bytes": 5000, "keep": 7} /* the end */
  })",
                                     "file");
  EXPECT_EQ(config.quota.poll_interval, seconds{2});
  EXPECT_EQ(config.quota.cooldown, minutes{90});
  EXPECT_EQ(config.quota.unknown_reset, minutes{20});
  EXPECT_EQ(config.quota.pool_threshold, 3);
  EXPECT_EQ(config.quota.interactive_threshold, 4);
  EXPECT_FALSE(config.quota.count_throttled);
  EXPECT_EQ(config.pool.prefix, "work ");
  EXPECT_EQ(config.pool.start_index, 1);
  EXPECT_EQ(config.pool.max, 8);
  EXPECT_EQ(config.dedicated, (Names{"main", "a-b_c $() é"}));
  EXPECT_EQ(config.accounts, (Names{"a", "b"}));
  EXPECT_EQ(config.active_account, "b");
  EXPECT_EQ(config.pack, "seed");
  EXPECT_EQ(config.tmux_socket_name, "other");
  EXPECT_EQ(config.tmux_timeout, Milliseconds{1500});
  EXPECT_EQ(config.switch_command, (Names{"/usr/local/bin/switch-account", "", "two words"}));
  EXPECT_EQ(config.switch_timeout, seconds{30});
  EXPECT_EQ(config.events.command, (Names{"notify", "two words"}));
  EXPECT_EQ(config.events.on, (Names{"reset", "switch_done"}));
  EXPECT_EQ(config.events.timeout, seconds{5});
  EXPECT_EQ(config.state_path, "here/state.json");
  EXPECT_EQ(config.journal.path, "there/journal.jsonl");
  EXPECT_EQ(config.journal.max_bytes, 5000);
  EXPECT_EQ(config.journal.keep, 7);
}

TEST(ConfigKeys, AJournalLiesBesideItsConfigUnlessItsPathIsAbsolute) {
  const auto path = [](const std::string& text) {
    return parse_config(R"({"journal": {"path": ")" + text + "\"}}", "folder/file").journal.path;
  };
  EXPECT_EQ(path("journal.jsonl"), "folder/journal.jsonl");
  EXPECT_EQ(path("../journal.jsonl"), "journal.jsonl");
  EXPECT_EQ(path("/var/log/journal.jsonl"), "/var/log/journal.jsonl");
  EXPECT_EQ(parse_config(R"({"journal": {"keep": 1}})", "folder/file").journal.path, "");
}

TEST(ConfigKeys, AnEmptyPrefixIsTheUsualOneAsInTheSeed) {
  const auto config = parse_config(R"({"pool": {"autonomous": {"prefix": ""}}})", "file");
  EXPECT_EQ(config.pool.prefix, "ccl-auto-");
}

TEST(ConfigKeys, AnActiveAccountNeedsNoListOfAccounts) {
  EXPECT_EQ(parse_config(R"({"active_account": "a"})", "file").active_account, "a");
}

TEST(ConfigGroups, ShareWhatStandsAtTheTop) {
  const auto config = parse_config(
      R"({"quota": {"pool_threshold": 3}, "switch": {"timeout": "7s"}, "pack": "codex",
          "groups": [{"name": "one", "pool": {"autonomous": {"max": 2}}, "pack": "gemini"},
                     {"name": "two", "pool": {"dedicated": [{"name": "main"}]}, "accounts": [{"name": "a"}],
                      "active_account": "a", "switch": {"reaches": "restarted"}}]})",
      "file");
  const auto groups = groups_of(config);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].group, "one");
  EXPECT_EQ(groups[0].pack, "gemini");
  EXPECT_EQ(groups[0].switch_reaches, SwitchReach::running);
  EXPECT_EQ(groups[1].pack, "codex");
  EXPECT_EQ(groups[1].switch_timeout, std::chrono::seconds{7});
  EXPECT_EQ(groups[1].switch_reaches, SwitchReach::restarted);
  EXPECT_EQ(groups[1].accounts, (Names{"a"}));
  EXPECT_TRUE(groups[0].accounts.empty());
  for (const auto& group : groups) EXPECT_EQ(group.quota.pool_threshold, 3);
  EXPECT_EQ(session_names(config), (Names{"ccl-auto-0", "ccl-auto-1", "main"}));
  EXPECT_EQ(packs_of(config), (Names{"gemini", "codex"}));
}

TEST(ConfigGroups, WithoutThemTheConfigIsTheOnlyOne) {
  const auto config = parse_config(R"({"pool": {"autonomous": {"max": 1}}})", "file");
  ASSERT_EQ(groups_of(config).size(), 1U);
  EXPECT_EQ(groups_of(config)[0], config);
}

TEST(ConfigKeys, SessionsMayHavePacksOfTheirOwn) {
  const auto config = parse_config(
      R"({"pool": {"autonomous": {"max": 1, "pack": "codex"},
                   "dedicated": [{"name": "main"}, {"name": "side", "pack": "gemini"}]},
          "quota": {"count_model_limits": false}})",
      "file");
  EXPECT_EQ(pool_pack(config), "codex");
  EXPECT_EQ(dedicated_pack(config, "main"), "auto");
  EXPECT_EQ(dedicated_pack(config, "side"), "gemini");
  EXPECT_EQ(packs_of(config), (Names{"auto", "codex", "gemini"}));
  EXPECT_FALSE(config.quota.count_model_limits);
  const Config usual;
  EXPECT_EQ(pool_pack(usual), "auto");
  EXPECT_TRUE(usual.quota.count_model_limits);
}

TEST(PoolSessions, AreNumberedFromTheStart) {
  EXPECT_EQ(pool_sessions({"p-", 0, 0}), Names{});
  EXPECT_EQ(pool_sessions({"p-", 0, 1}), Names{"p-0"});
  EXPECT_EQ(pool_sessions({"p-", 9, 3}), (Names{"p-9", "p-10", "p-11"}));
}

TEST(CheckSessions, RefusesWhatIsWatchedTwiceOrHasNoName) {
  Config config;
  config.pool = {"p-", 0, 2};
  config.dedicated = {"main", "p-2"};
  EXPECT_NO_THROW(check_sessions(config, "command line", 0));
  config.dedicated = {"p-1"};
  EXPECT_TRUE(fails([&] { check_sessions(config, "command line", 0); }, 0, "\"p-1\" is watched twice"));
  config.dedicated = {"main", "main"};
  EXPECT_TRUE(fails([&] { check_sessions(config, "command line", 4); }, 4, "\"main\""));
  config.dedicated = {""};
  EXPECT_TRUE(fails([&] { check_sessions(config, "command line", 4); }, 4, "is empty"));
}

TEST(LoadConfig, TakesRelativePathsFromTheFilesOwnFolder) {
  const tests::TemporaryFolder folder;
  folder.write("packs/mine.json", "");
  const auto path =
      folder.write("inner/config.json", R"({"pack": "../packs/mine.json", "state": {"path": "s/state"}})");
  const Config config = load_config(path);
  EXPECT_EQ(config.pack, folder.path() + "/packs/mine.json");
  EXPECT_EQ(config.state_path, folder.path() + "/inner/s/state");
}

TEST(ParseConfig, KnowsItsZoneAndGoesByTheHostsElse) {
  const auto tokyo = *Zone::find("Asia/Tokyo");
  EXPECT_EQ(zone_of(parse_config("{}", "c"), tokyo), tokyo);
  const auto config = parse_config(R"({"timezone": "Europe/Paris"})", "c");
  EXPECT_EQ(zone_of(config, tokyo).name(), "Europe/Paris");
}

TEST(LoadConfig, TheDefaultStateLiesBesideTheFileToo) {
  const tests::TemporaryFolder folder;
  const Config config = load_config(folder.write("config.json", "{}"));
  EXPECT_EQ(config.state_path, folder.path() + "/state.json");
  EXPECT_EQ(config.pack, "auto");
}

TEST(LoadConfig, LeavesAbsolutePathsAndPackNames) {
  const tests::TemporaryFolder folder;
  const auto config =
      load_config(folder.write("config.json", R"({"pack": "seed", "state": {"path": "/var/lib/q/state"}})"));
  EXPECT_EQ(config.pack, "seed");
  EXPECT_EQ(config.state_path, "/var/lib/q/state");
  const auto pack = folder.write("elsewhere/mine.json", "");
  const auto other = load_config(folder.write("config.json", fmt::format(R"({{"pack": "{}"}})", pack)));
  EXPECT_EQ(other.pack, pack);
}

TEST(LoadConfig, RefusesAPackThatDoesNotExist) {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("config.json", "{\n\"pack\": \"sead\"}");
  EXPECT_TRUE(fails([&] { load_config(path); }, 2, "did you mean \"seed\"?"));
}

TEST(LoadConfig, NamesTheFileAndTheLine) {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("config.json", "{\n\"quotta\": {}\n}");
  try {
    load_config(path);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()), path + ":2: quotta: unknown key; did you mean \"quota\"?");
  }
}

TEST(LoadConfig, RefusesWhatIsNoConfigFile) {
  const tests::TemporaryFolder folder;
  const auto load = [&](std::string_view text) { load_config(folder.write("config.json", text)); };
  const std::string long_line = "{\"pack\": \"" + std::string(10 << 20, 'x') + "\"}";
  EXPECT_TRUE(fails([&] { load(long_line); }, 1, "larger than 1024 KiB"));
  EXPECT_TRUE(fails([&] { load(std::string("{\n\"pack\": \"a\0\"}", 15)); }, 2, "NUL"));
  EXPECT_TRUE(fails([&] { load("{\n\"pack\":\n\"caf\xc3\"}"); }, 3, "0xc3"));
  EXPECT_TRUE(fails([&] { load("\x7f\x45LF\x02\x01\x01"); }, 1, "not valid JSON"));
  EXPECT_TRUE(fails([&] { load(""); }, 1, "is empty"));
  EXPECT_TRUE(fails([&] { load(std::string(100'000, '[')); }, 1, "nested deeper"));
  EXPECT_TRUE(fails([&] { load_config(folder.path() + "/missing"); }, 0, "cannot be opened"));
  EXPECT_TRUE(fails([&] { load_config(folder.path()); }, 0, "cannot be read"));
}

}  // namespace
}  // namespace quotawatch
