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

#include "base/text.h"
#include "sim/world/simulation.h"
#include "tests/canaries/mutant.h"

namespace quotawatch::canaries {
namespace {

constexpr std::uint64_t most_seeds = 150;
constexpr Milliseconds duration = std::chrono::hours{24 * 4};

struct Canary {
  std::string_view mutant;
  std::string_view breaks;
};

constexpr std::array canaries{
    Canary{"a banner that was out of sight is new", "stale evidence"},
    Canary{"a failed switch keeps what was shown", "single flight"},
    Canary{"a group counts the hits of another", "false switch"},
    Canary{"saving a group forgets the others", "crash"},
    Canary{"a hook starts for what is not saved", "crash"},
    Canary{"a last switch in the future is believed", "skip"},
    Canary{"a lone hit heeds no other session", "lone"},
    Canary{"a lone hit never counts", "liveness"},
    Canary{"a program that was restarted is the old one", "liveness"},
    Canary{"a reset at the first look is another day's", "verdict"},
    Canary{"a switch that did not take goes elsewhere", "untaken"},
    Canary{"a switch that did not take is believed", "untaken"},
    Canary{"a switch that did not take twice is asked for again", "untaken"},
    Canary{"every session is on the active account", "false switch"},
    Canary{"a refusal is another one when the screen changes", "stale evidence"},
    Canary{"a silent witness denies for ever", "verdict"},
    Canary{"a witness is heard only with a banner", "verdict"},
    Canary{"a witness is not believed", "forged banner"},
    Canary{"the reset of a witness is ignored", "reset"},
    Canary{"late polls shift the grid", "grid"},
    Canary{"no session proves that a switch took", "accounts"},
    Canary{"nothing is learnt of other accounts", "accounts"},
    Canary{"what is charged counts all the same", "false switch"},
    Canary{"a draft is typed over", "resume: draft"},
    Canary{"a failed capture shows what was before", "failed captures"},
    Canary{"a limit shown again is expired", "verdict"},
    Canary{"a manual switch begins no cooldown", "cooldown"},
    Canary{"a poll without hits keeps the suspicion", "confirmation"},
    Canary{"a request is not saved", "crash"},
    Canary{"a restart changes the id of a request", "single flight"},
    Canary{"a restart forgets the cooldown", "cooldown"},
    Canary{"a server error does not veto", "veto"},
    Canary{"a session is asked again at once", "resume: patience"},
    Canary{"a session is asked for ever", "resume: attempts"},
    Canary{"a shell hides nothing", "stale evidence"},
    Canary{"a suspicion is never remembered", "liveness"},
    Canary{"a switch does not change the account in use", "accounts"},
    Canary{"a switch in flight does not block another", "single flight"},
    Canary{"an account that was freed stays limited", "liveness"},
    Canary{"another message counts as the same", "stale evidence"},
    Canary{"hooks are never started", "single flight"},
    Canary{"hooks are started twice", "single flight"},
    Canary{"ids are reused", "one id a switch"},
    Canary{"keys are sent before they are saved", "resume: one attempt"},
    Canary{"a session that goes on by itself is asked", "resume: own waiting"},
    Canary{"keys go to a pane in a mode", "resume: mode"},
    Canary{"keys go to a screen that moves", "resume: moved"},
    Canary{"keys go where somebody is", "resume: person"},
    Canary{"late banners are fresh", "stale evidence"},
    Canary{"limited accounts are chosen", "accounts"},
    Canary{"limits are not saved", "crash"},
    Canary{"limits never expire", "false switch"},
    Canary{"no backoff after a failed switch", "backoff"},
    Canary{"no second look after a refusal", "second look"},
    Canary{"old banners are fresh after a manual switch", "stale evidence"},
    Canary{"old banners are fresh", "stale evidence"},
    Canary{"one poll is enough", "confirmation"},
    Canary{"only fresh hits are counted", "counts"},
    Canary{"resets in the far future are believed", "reset"},
    Canary{"sessions are asked before the switch is done", "resume: before the switch"},
    Canary{"sessions are asked while no account is free", "resume: no account"},
    Canary{"sessions are asked without a pause", "resume: spacing"},
    Canary{"stale banners never become fresh", "liveness"},
    Canary{"stopped sessions are not asked", "resume: liveness"},
    Canary{"stopped sessions wait for the next poll", "resume: look"},
    Canary{"the account just left is requested", "accounts"},
    Canary{"the backoff does not grow", "backoff"},
    Canary{"the configured zone is ignored", "reset"},
    Canary{"the cooldown ends a poll early", "cooldown"},
    Canary{"the end of a hook is ignored", "single flight"},
    Canary{"the end of a limit is not reported", "limit ended"},
    Canary{"the end of a limit is reported again", "limit ended"},
    Canary{"the last reset seen wins", "reset"},
    Canary{"the limit of a missing session ends", "limit ended"},
    Canary{"the limit of a session that went on ends", "limit ended"},
    Canary{"the same words keep their first sighting", "verdict"},
    Canary{"thresholds are one session too low", "thresholds"},
    Canary{"unknown wording is believed at once", "confirmation"},
    Canary{"unknown wording is no limit", "liveness"},
    Canary{"verdicts are not journalled", "evidence"},
};

// For gtest's messages.
std::ostream& operator<<(std::ostream& out, const Canary& canary) { return out << canary.mutant; }

sim::SimulationTools& tools() {
  spdlog::set_level(spdlog::level::off);  // full disks are part of the worlds
  static sim::SimulationTools made;
  return made;
}

sim::SimulationResult run(std::uint64_t seed) {
  sim::SimulationOptions options;
  options.seed = seed;
  options.duration = duration;
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
  const auto [mutant, breaks] = GetParam();
  switch_on(mutant);
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    if (!broke(run(seed), breaks)) continue;
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

TEST(Canaries, WithoutOneTheSameSeedsPass) {
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    const auto result = run(seed);
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
