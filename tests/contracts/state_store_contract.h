// The contract of StateStore: run against FileStateStore and MemoryStateStore.
//
// A World is default constructible and has
//   StateStore& store();
//   void restart(): the program ends, and starts again with the same state;
//   void break_saving(), mend_saving(): from now on saving fails, or works again.
#pragma once

#include <gtest/gtest.h>

#include "quotawatch/state_store.h"

namespace quotawatch::contracts {

// A state with every part filled in; `number` makes it distinguishable.
inline State make_state(std::uint64_t number) {
  const WallTime time{Milliseconds{1'795'463'465'250 + static_cast<std::int64_t>(number)}};
  State state;
  state.active_account = "account " + std::to_string(number);
  state.activation_order = {"b \"quoted\"", "c\\d", "é漢"};
  state.limited_until = {{"b", time}, {"", time + std::chrono::hours{5}}};
  state.last_switch = DoneSwitch{"id-1", "a", "b", time, time};
  state.in_flight = SwitchRequest{"id-2", "b", "", "main", "8pm", time, time};
  state.switches_asked = number;
  state.exhaustion_reported = true;
  SessionMemory memory;
  memory.sighting = Sighting{{{1, 2}, {{3, 4}, true, false}}, time, "id-1", true};
  memory.shown_at_request = Occurrence{{3, 4}, {{5}, false, false}};
  memory.shown_at_switch = Occurrence{{5, 6}, {{6}, true, true}, WallTime(Milliseconds{1'795'979'000'123})};
  memory.stale_reported = true;
  state.sessions = {{"main", memory}, {"other", {}}};
  return state;
}

template <typename World>
class StateStoreContract : public testing::Test {
 protected:
  StateStore& store() { return world_.store(); }

  void expect_loads(std::uint64_t number) {
    const auto loaded = store().load();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(to_json(*loaded), to_json(make_state(number)));
    EXPECT_TRUE(same_saved(*loaded, make_state(number)));
  }

  World world_;
};

TYPED_TEST_SUITE_P(StateStoreContract);

TYPED_TEST_P(StateStoreContract, HasNothingBeforeTheFirstSave) {
  EXPECT_FALSE(this->store().load());
  this->world_.restart();
  EXPECT_FALSE(this->store().load());
}

TYPED_TEST_P(StateStoreContract, GivesBackWhatWasSavedLast) {
  for (std::uint64_t number = 1; number <= 5; ++number) {
    EXPECT_EQ(this->store().save(make_state(number)), std::nullopt);
    this->expect_loads(number);
  }
}

TYPED_TEST_P(StateStoreContract, KeepsItOverRestarts) {
  for (std::uint64_t number = 1; number <= 3; ++number) {
    EXPECT_EQ(this->store().save(make_state(number)), std::nullopt);
    this->world_.restart();
    this->expect_loads(number);
  }
}

TYPED_TEST_P(StateStoreContract, ForgetsWhatARestartForgets) {
  State state = make_state(1);
  state.run.failures_in_a_row = 7;
  state.run.suspicion = Suspicion{};
  EXPECT_EQ(this->store().save(state), std::nullopt);
  const auto loaded = this->store().load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->run.failures_in_a_row, 0);
  EXPECT_FALSE(loaded->run.suspicion);
}

TYPED_TEST_P(StateStoreContract, AFailedSaveSaysWhyAndLosesNothing) {
  EXPECT_EQ(this->store().save(make_state(1)), std::nullopt);
  this->world_.break_saving();
  const auto problem = this->store().save(make_state(2));
  ASSERT_TRUE(problem);
  EXPECT_NE(*problem, "");
  this->expect_loads(1);
  this->world_.mend_saving();
  EXPECT_EQ(this->store().save(make_state(3)), std::nullopt);
  this->world_.restart();
  this->expect_loads(3);
}

REGISTER_TYPED_TEST_SUITE_P(StateStoreContract, HasNothingBeforeTheFirstSave, GivesBackWhatWasSavedLast,
                            KeepsItOverRestarts, ForgetsWhatARestartForgets, AFailedSaveSaysWhyAndLosesNothing);

}  // namespace quotawatch::contracts
