// The checker of the store's history against histories that can be, and that cannot.
#include "sim/check/history_check.h"

#include <gtest/gtest.h>

namespace quotawatch::sim {
namespace {

SteadyTime at(int ms) { return SteadyTime{Milliseconds{ms}}; }

PoolRow row(std::uint64_t generation, std::string account) {
  PoolRow row;
  row.generation = generation;
  row.active_account = std::move(account);
  return row;
}

StoreOperation read(int asked, int answered, PoolRow seen) {
  return {"reader", "", at(asked), at(answered), false, false, {}, std::move(seen)};
}

StoreOperation write(int asked, int answered, PoolRow expected, PoolRow row) {
  return {"writer", "", at(asked), at(answered), false, true, std::move(expected), std::move(row)};
}

StoreOperation beaten(StoreOperation operation) {
  operation.beaten = true;
  return operation;
}

StoreOperation lost(StoreOperation operation) {
  operation.lost = true;
  return operation;
}

bool is_linear(const std::vector<StoreOperation>& operations) { return why_not_linear(operations).empty(); }

TEST(HistoryCheck, OneAfterTheOther) {
  EXPECT_TRUE(is_linear({}));
  EXPECT_TRUE(is_linear({read(0, 1, {}), write(2, 3, {}, row(1, "a")), read(4, 5, row(1, "a"))}));
  EXPECT_TRUE(
      is_linear({write(0, 1, {}, row(1, "a")), write(2, 3, row(1, "a"), row(2, "b")), read(4, 5, row(2, "b"))}));
}

TEST(HistoryCheck, WhatIsUnderWayMayComeBeforeOrAfter) {
  for (const auto& seen : {row(0, ""), row(1, "a")}) {
    EXPECT_TRUE(is_linear({write(0, 10, {}, row(1, "a")), read(2, 8, seen)}));
  }
  EXPECT_TRUE(is_linear({write(0, 10, {}, row(1, "a")), write(1, 9, row(1, "a"), row(2, "b")),
                         beaten(write(2, 8, {}, row(1, "c"))), read(11, 12, row(2, "b"))}));
}

TEST(HistoryCheck, AReadOfWhatWasBeforeIsBroken) {
  EXPECT_FALSE(is_linear({write(0, 1, {}, row(1, "a")), read(2, 3, {})}));
  EXPECT_FALSE(
      is_linear({write(0, 1, {}, row(1, "a")), write(2, 3, row(1, "a"), row(2, "b")), read(4, 5, row(1, "a"))}));
}

TEST(HistoryCheck, AReadThatWentBackIsBroken) {
  EXPECT_FALSE(is_linear({write(0, 10, {}, row(1, "a")), read(1, 2, row(1, "a")), read(3, 4, {})}));
}

TEST(HistoryCheck, TwoFromOneGenerationAreBroken) {
  EXPECT_FALSE(is_linear(
      {write(0, 1, {}, row(1, "a")), write(2, 5, row(1, "a"), row(2, "b")), write(3, 6, row(1, "a"), row(2, "c"))}));
  EXPECT_FALSE(is_linear({write(0, 5, {}, row(1, "a")), write(0, 5, {}, row(1, "b"))}));
}

TEST(HistoryCheck, NobodyIsBeatenByNothing) {
  EXPECT_FALSE(is_linear({write(0, 1, {}, row(1, "a")), beaten(write(2, 3, row(1, "a"), row(2, "b")))}));
}

TEST(HistoryCheck, ALostWriteMayBeThereOrNot) {
  const auto write_lost = lost(write(0, 10, {}, row(1, "a")));
  EXPECT_TRUE(is_linear({write_lost, read(11, 12, row(1, "a"))}));
  EXPECT_TRUE(is_linear({write_lost, read(11, 12, {})}));
  EXPECT_TRUE(is_linear({write_lost, read(2, 3, {}), read(11, 12, row(1, "a"))}));
  EXPECT_FALSE(is_linear({write_lost, read(11, 12, row(1, "a")), read(13, 14, {})}));
  EXPECT_FALSE(is_linear({write_lost, read(11, 12, {}), read(13, 14, row(1, "a"))})) << "too late";
}

TEST(HistoryCheck, LimitsCountAsTheGenerationDoes) {
  auto limited = row(1, "a");
  limited.limited_until["b"] = WallTime{Milliseconds{5}};
  EXPECT_TRUE(is_linear({write(0, 1, {}, row(1, "a")), write(2, 3, row(1, "a"), limited), read(4, 5, limited)}));
  EXPECT_FALSE(is_linear(
      {write(0, 1, {}, row(1, "a")), write(2, 3, row(1, "a"), limited), write(4, 5, row(1, "a"), row(2, "b"))}));
}

}  // namespace
}  // namespace quotawatch::sim
