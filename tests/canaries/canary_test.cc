// Each mutant must be caught by the checker of the invariant it breaks, within so many seeds; and
// the same seeds must pass without it. This proves that the checkers work.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <regex>
#include <set>
#include <utility>

#include "base/text.h"
#include "sim/world/simulation.h"
#include "tests/canaries/mutant.h"

namespace quotawatch::canaries {
namespace {

constexpr std::uint64_t most_seeds = 100;
constexpr Milliseconds duration = std::chrono::hours{24 * 4};

struct Canary {
  std::string_view mutant;
  std::string_view breaks;
  std::uint64_t seed = 1;  // which caught it when this was written: tried first
  bool hosts = false;      // several that share their accounts
};

constexpr std::array canaries{
    Canary{"a banner that was out of sight is new", "stale evidence", 4},
    Canary{"a failed switch keeps what was shown", "single flight", 6},
    Canary{"a group counts the hits of another", "false switch", 14},
    Canary{"saving a group forgets the others", "crash", 14},
    Canary{"a hook starts for what is not saved", "crash", 7},
    Canary{"a last switch in the future is believed", "skip", 2},
    Canary{"a lone hit heeds no other session", "lone", 31},
    Canary{"a lone hit never counts", "liveness", 3},
    Canary{"a program that was restarted is the old one", "liveness", 39},
    Canary{"a reset at the first look is another day's", "verdict", 53},
    Canary{"a straggler that is started again says nothing of the switch", "untaken", 249},
    Canary{"a switch that did not take goes elsewhere", "untaken", 7},
    Canary{"a switch that did not take is believed", "untaken", 7},
    Canary{"a switch that did not take twice is asked for again", "untaken", 7},
    Canary{"every session is on the active account", "false switch", 16},
    Canary{"a refusal is another one when the screen changes", "stale evidence", 42},
    Canary{"a silent witness denies for ever", "verdict", 19},
    Canary{"a witness is heard only with a banner", "verdict", 4},
    Canary{"a witness is not believed", "forged banner", 45},
    Canary{"the reset of a witness is ignored", "reset", 5},
    Canary{"late polls shift the grid", "grid", 2},
    Canary{"no session proves that a switch took", "accounts", 6},
    Canary{"nothing is learnt of other accounts", "accounts", 31},
    Canary{"what is charged counts anyway", "false switch", 16},
    Canary{"a draft is typed over", "resume: draft"},
    Canary{"a failed capture shows what was before", "failed captures", 28},
    Canary{"a limit shown again is expired", "verdict", 4},
    Canary{"a manual switch begins no cooldown", "cooldown", 4},
    Canary{"a paused monitor switches", "pause", 56},
    Canary{"a paused monitor types", "pause", 83},
    Canary{"a poll without hits keeps the suspicion", "confirmation", 16},
    Canary{"a request is not saved", "crash", 5},
    Canary{"a restart changes the id of a request", "single flight", 3},
    Canary{"a restart forgets the cooldown", "cooldown", 4},
    Canary{"a server error does not veto", "veto", 6},
    Canary{"a session is asked again at once", "resume: patience", 4},
    Canary{"a session is asked for ever", "resume: attempts", 4},
    Canary{"a shell hides nothing", "stale evidence", 7},
    Canary{"a suspicion is never remembered", "liveness", 2},
    Canary{"a reserve is an account like the others", "reserve", 3},
    Canary{"an account is left again and again", "early: once", 66},
    Canary{"an account of which nothing is known is taken for lower", "early: target", 5},
    Canary{"sessions are looked for only once", "verdict", 10},
    Canary{"accounts are not drained in order", "order", 10},
    Canary{"a switch does not change the account in use", "accounts"},
    Canary{"a switch in flight does not block another", "single flight", 3},
    Canary{"an account that was freed stays limited", "liveness", 31},
    Canary{"another message counts as the same", "stale evidence", 4},
    Canary{"hooks are never started", "single flight"},
    Canary{"hooks are started twice", "single flight"},
    Canary{"ids are reused", "one id a switch"},
    Canary{"keys are sent before they are saved", "resume: one attempt", 4},
    Canary{"a session that goes on by itself is asked", "resume: own waiting", 194},
    Canary{"keys go to a pane in a mode", "resume: mode", 111},
    Canary{"keys go to a screen that moves", "resume: moved", 4},
    Canary{"keys go where somebody is", "resume: person", 4},
    Canary{"late banners are fresh", "stale evidence", 4},
    Canary{"limited accounts are chosen", "accounts", 4},
    Canary{"limits are not saved", "crash", 2},
    Canary{"limits never expire", "false switch", 4},
    Canary{"no backoff after a failed switch", "backoff", 2},
    Canary{"no second look after a refusal", "second look", 102},
    Canary{"old banners are fresh after a manual switch", "stale evidence", 4},
    Canary{"old banners are fresh", "stale evidence", 3},
    Canary{"one poll is enough", "confirmation", 2},
    Canary{"only fresh hits are counted", "counts", 4},
    Canary{"resets in the far future are believed", "reset", 2},
    Canary{"sessions are asked before the switch is done", "resume: before the switch", 60},
    Canary{"sessions are asked while no account is free", "resume: no account", 16},
    Canary{"sessions are asked without a pause", "resume: spacing", 4},
    Canary{"stale banners never become fresh", "liveness", 4},
    Canary{"stopped sessions are not asked", "resume: liveness", 4},
    Canary{"stopped sessions wait for the next poll", "resume: look", 4},
    Canary{"the account just left is requested", "accounts"},
    Canary{"the backoff does not grow", "backoff"},
    Canary{"the configured zone is ignored", "reset"},
    Canary{"the cooldown ends a poll early", "cooldown", 4},
    Canary{"the end of a hook is ignored", "single flight"},
    Canary{"the end of a limit is not reported", "limit ended"},
    Canary{"the end of a limit is reported again", "limit ended", 4},
    Canary{"the last reset seen wins", "reset"},
    Canary{"the limit of a missing session ends", "limit ended", 4},
    Canary{"the limit of a session that went on ends", "limit ended"},
    Canary{"the same words keep their first sighting", "verdict", 4},
    Canary{"thresholds are one session too low", "thresholds"},
    Canary{"unknown wording is believed at once", "confirmation", 7},
    Canary{"unknown wording is no limit", "liveness", 7},
    Canary{"verdicts are not journalled", "evidence"},
    Canary{"a host that was beaten switches anyway", "hosts: asked first", 1, true},
    Canary{"hooks start before the store knows", "hosts: asked first", 1, true},
    Canary{"what is charged says whether a switch took", "untaken", 31},
    Canary{"what is learnt of limits is kept", "hosts: limits are told", 1, true},
    Canary{"what others know of limits is not taken", "hosts: limited", 1, true},
    Canary{"hosts decide while the store is away", "hosts: asked first", 1, true},
    Canary{"a hook that failed counts as done", "hosts: nobody left behind", 1, true},
    Canary{"what a blind host sees first is new", "hosts: one switch an exhaustion", 203, true},
};

// For gtest's messages.
std::ostream& operator<<(std::ostream& out, const Canary& canary) { return out << canary.mutant; }

sim::SimulationTools& tools() {
  spdlog::set_level(spdlog::level::off);  // full disks are part of the worlds
  static sim::SimulationTools made;
  return made;
}

sim::SimulationResult run(std::uint64_t seed, bool hosts = false) {
  sim::SimulationOptions options;
  options.seed = seed;
  options.duration = duration;
  if (hosts) options.settings.push_back({"hosts", 1});
  return sim::simulate(options, tools());
}

bool broke(const sim::SimulationResult& result, std::string_view invariant) {
  return std::ranges::any_of(result.violations,
                             [&](const auto& violation) { return violation.invariant == invariant; });
}

class CanaryTest : public testing::TestWithParam<Canary> {
 protected:
  ~CanaryTest() override { switch_off(); }
};

TEST_P(CanaryTest, IsCaught) {
  const auto [mutant, breaks, first, hosts] = GetParam();
  switch_on(mutant);
  for (std::uint64_t i = 0; i <= most_seeds; ++i) {
    const std::uint64_t seed = i == 0 ? first : i;
    if ((i == first && i > 0) || !broke(run(seed, hosts), breaks)) continue;
    std::cout << mutant << ": caught by " << breaks << " at seed " << seed << " of " << most_seeds << '\n';
    return;
  }
  FAIL() << "lives: " << most_seeds << " seeds broke no " << breaks;
}

INSTANTIATE_TEST_SUITE_P(EachMutant, CanaryTest, testing::ValuesIn(canaries), [](const auto& canary) {
  std::string name(canary.param.mutant);
  std::ranges::replace_if(
      name, [](char c) { return c == ' ' || c == '\''; }, '_');
  return name;
});

// The test of simulated fleets runs all the others.
TEST(Canaries, WithoutOneTheSameSeedsPass) {
  std::set<std::pair<std::uint64_t, bool>> worlds;
  for (const auto& canary : canaries) worlds.emplace(canary.seed, canary.hosts);
  for (const auto& [seed, hosts] : worlds) {
    const auto result = run(seed, hosts);
    ASSERT_TRUE(result.violations.empty())
        << "seed " << seed << ": " << result.violations.front().invariant << ": " << result.violations.front().what;
  }
}

TEST(Canaries, AreTheMutantsOfTheSources) {
  const std::regex use("mutant\\(\\s*\"([^\"]*)\"");
  std::multiset<std::string, std::less<>> in_sources;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SOURCES)) {
    if (entry.path().extension() != ".cc") continue;
    const auto text = read_file(entry.path(), std::size_t{1} << 20U);
    for (std::sregex_iterator at(text.begin(), text.end(), use), end; at != end; ++at) {
      in_sources.insert((*at)[1]);
    }
  }
  for (const auto& canary : canaries) {
    EXPECT_EQ(in_sources.count(canary.mutant), 1U) << canary.mutant;
    in_sources.erase(std::string(canary.mutant));
  }
  for (const auto& mutant : in_sources) ADD_FAILURE() << "no canary for " << mutant;
}

}  // namespace
}  // namespace quotawatch::canaries
