// Knobs and seeds: what can be set, what is refused, and that each seed gives a different world.
#include "sim/world/knobs.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace quotawatch::sim {
namespace {

std::string refusal(const std::string& text) {
  try {
    parse_knob(text);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Knobs, AreSetWithinTheirBounds) {
  for (const auto& [text, accepted] :
       {std::pair{"pool_threshold=0", false}, std::pair{"pool_threshold=1", true}, std::pair{"pool_threshold=12", true},
        std::pair{"pool_threshold=13", false}, std::pair{"pool_threshold=-1", false},
        std::pair{"pool_threshold=", false}, std::pair{"pool_threshold", false}, std::pair{"pool_threshold=2x", false},
        std::pair{"pool_threshold=99999999999", false}}) {
    EXPECT_EQ(refusal(text).empty(), accepted) << text;
  }
  EXPECT_NE(refusal("pool_threshold=0").find("from 1 to 12"), std::string::npos);
  EXPECT_NE(refusal("pool_treshold=1").find("did you mean \"pool_threshold\""), std::string::npos);
}

TEST(Knobs, WhatIsSetIsWhatIsPrinted) {
  Knobs knobs = draw_knobs(7);
  set_knobs(knobs, {{"accounts", 5}, {"crashes", 33}});
  EXPECT_EQ(knobs.accounts, 5);
  const auto text = format_knobs(knobs);
  EXPECT_NE(text.find(" accounts=5 "), std::string::npos);
  EXPECT_NE(text.find(" crashes=33 "), std::string::npos);
  // Every printed knob can be set again.
  Knobs again = draw_knobs(8);
  std::vector<KnobSetting> settings;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    settings.push_back(parse_knob(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  set_knobs(again, settings);
  EXPECT_EQ(again, knobs);
  Knobs third = draw_knobs(9);
  set_knobs(third, settings_of(knobs));
  EXPECT_EQ(third, knobs);
}

TEST(Knobs, ASwarmTurnsKindsOfFaultsOff) {
  std::size_t off = 0;
  std::set<std::string> worlds;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Knobs knobs = draw_knobs(seed);
    off += knobs.crashes == 0 ? 1U : 0U;
    worlds.insert(format_knobs(knobs));
    ASSERT_GE(knobs.pool_sessions + knobs.dedicated_sessions, 1);
    ASSERT_GE(knobs.widest_columns, knobs.narrowest_columns);
  }
  EXPECT_GT(off, 60U);
  EXPECT_LT(off, 140U);
  EXPECT_EQ(worlds.size(), 200U);
}

TEST(Seeds, AreNumbersOrHashes) {
  EXPECT_EQ(parse_seed("0"), 0U);
  EXPECT_EQ(parse_seed("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_seed("8cd96b5"), 0x8cd96b5U);
  EXPECT_EQ(parse_seed("0c6e42f000000000ffffffffffffffffffffffff"), 0x0c6e42f000000000U);
  EXPECT_EQ(parse_seed("1844674407370955161600000000000000000000"), 0x1844674407370955U)
      << "a hash of decimal digits alone, too long for a number";
  for (const char* bad : {"", "-1", "seed", "12 ", "0x12", "8cd96g5"}) {
    EXPECT_THROW(parse_seed(bad), std::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace quotawatch::sim
