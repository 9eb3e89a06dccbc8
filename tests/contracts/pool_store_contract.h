// The contract of PoolStore: run against PostgresStore and FakePoolStore.
//
// A World is default constructible, has an empty database, and has
//   PoolStore& store(), other(): two hosts' ways to it, of which other() is called "other";
//   Clock& clock(): the clock that both notify;
//   static bool available(): whether it can be had here;
//   void part(): from now on the database cannot be reached; void join(): it can again.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "quotawatch/clock.h"
#include "quotawatch/pool_store.h"

namespace quotawatch::contracts {

template <typename World>
class PoolStoreContract : public testing::Test {
 protected:
  using Kind = StoreAnswer::Kind;

  void SetUp() override {
    if (!World::available()) GTEST_SKIP() << "there is no database server";
    world_ = std::make_unique<World>();
  }

  PoolStore& store() { return world_->store(); }
  PoolStore& other() { return world_->other(); }

  bool wait_for(const std::function<bool()>& condition) {
    const SteadyTime limit = world_->clock().now().steady + std::chrono::seconds{20};
    while (!condition()) {
      if (world_->clock().wait_until(limit) != Wake::notified) return condition();
    }
    return true;
  }

  std::optional<StoreAnswer> answer_of(PoolStore& store) {
    std::optional<StoreAnswer> answer;
    wait_for([&] { return (answer = store.take_answer("default")).has_value(); });
    return answer;
  }

  void begin() {
    for (auto* one : {&store(), &other()}) {
      ASSERT_TRUE(wait_for([&] { return one->take_news("default"); }));
    }
  }

  StoreAnswer read(PoolStore& store) {
    store.read("default");
    return answer_of(store).value_or(StoreAnswer{});
  }

  StoreAnswer write(PoolStore& store, const PoolRow& expected, const PoolRow& row) {
    store.write("default", expected, row);
    return answer_of(store).value_or(StoreAnswer{});
  }

  static PoolRow row(std::uint64_t generation, std::string account, std::string host = "this") {
    PoolRow row;
    row.generation = generation;
    row.active_account = std::move(account);
    row.limited_until["b \"quoted\" é"] = WallTime{Milliseconds{1'900'000'000'123}};
    row.switched_by = std::move(host);
    return row;
  }

  static PoolRow without_time(PoolRow row) {
    row.switched_at = {};
    return row;
  }

  std::unique_ptr<World> world_;
};

TYPED_TEST_SUITE_P(PoolStoreContract);

TYPED_TEST_P(PoolStoreContract, FirstThereIsNoRowAndThatIsNews) {
  this->begin();
  EXPECT_FALSE(this->store().take_news("default")) << "once";
  const auto answer = this->read(this->store());
  EXPECT_EQ(answer.kind, StoreAnswer::Kind::row);
  EXPECT_EQ(answer.row.generation, 0);
  EXPECT_EQ(this->store().why_away(), "");
}

TYPED_TEST_P(PoolStoreContract, IsBusyFromTheQuestionUntilTheAnswerIsTaken) {
  this->begin();
  EXPECT_FALSE(this->store().busy("default"));
  this->store().read("default");
  EXPECT_TRUE(this->store().busy("default"));
  EXPECT_TRUE(this->answer_of(this->store()));
  EXPECT_FALSE(this->store().busy("default"));
  EXPECT_FALSE(this->store().take_answer("default"));
}

TYPED_TEST_P(PoolStoreContract, OneOfTwoFirstRowsIsStored) {
  this->begin();
  EXPECT_EQ(this->write(this->store(), {}, this->row(1, "a")).kind, StoreAnswer::Kind::written);
  const auto beaten = this->write(this->other(), {}, this->row(1, "b", "other"));
  EXPECT_EQ(beaten.kind, StoreAnswer::Kind::beaten);
  EXPECT_EQ(this->without_time(beaten.row), this->row(1, "a"));
}

TYPED_TEST_P(PoolStoreContract, WhatIsWrittenIsReadByTheOther) {
  this->begin();
  const auto written = this->write(this->store(), {}, this->row(1, "é \\ '\" $1"));
  EXPECT_EQ(written.kind, StoreAnswer::Kind::written);
  EXPECT_EQ(this->without_time(written.row), this->row(1, "é \\ '\" $1"));
  EXPECT_EQ(this->read(this->other()).row, written.row);
}

TYPED_TEST_P(PoolStoreContract, NothingIsWrittenOverAnotherGeneration) {
  this->begin();
  const auto first = this->write(this->store(), {}, this->row(1, "a")).row;
  EXPECT_EQ(this->write(this->store(), first, this->row(2, "b")).kind, StoreAnswer::Kind::written);
  const auto beaten = this->write(this->other(), first, this->row(2, "c", "other"));
  EXPECT_EQ(beaten.kind, StoreAnswer::Kind::beaten);
  EXPECT_EQ(beaten.row.active_account, "b");
  EXPECT_EQ(this->write(this->other(), beaten.row, this->row(3, "c", "other")).kind, StoreAnswer::Kind::written);
}

TYPED_TEST_P(PoolStoreContract, NothingIsWrittenOverOtherLimits) {
  this->begin();
  const auto first = this->write(this->store(), {}, this->row(1, "a")).row;
  auto limits = first;
  limits.limited_until["c"] = WallTime{Milliseconds{1'900'000'500'000}};
  const auto told = this->write(this->store(), first, limits);
  EXPECT_EQ(told.kind, StoreAnswer::Kind::written);
  EXPECT_EQ(told.row, limits) << "when and by whom it was switched stays";
  const auto beaten = this->write(this->other(), first, this->row(2, "c", "other"));
  EXPECT_EQ(beaten.kind, StoreAnswer::Kind::beaten);
  EXPECT_EQ(beaten.row, limits);
}

TYPED_TEST_P(PoolStoreContract, TheServerSaysWhenItWasSwitched) {
  this->begin();
  const auto first = this->write(this->store(), {}, this->row(1, "a")).row;
  auto next = this->row(2, "b");
  next.switched_at = WallTime{Milliseconds{1}};
  const auto second = this->write(this->store(), first, next).row;
  EXPECT_GE(second.switched_at, first.switched_at);
  EXPECT_LE(second.switched_at, first.switched_at + std::chrono::seconds{20});
}

TYPED_TEST_P(PoolStoreContract, AChangeIsNewsForTheOtherAlone) {
  this->begin();
  ASSERT_TRUE(this->other().tells_of_changes());
  this->write(this->store(), {}, this->row(1, "a"));
  EXPECT_TRUE(this->wait_for([&] { return this->other().take_news("default"); }));
  this->read(this->other());
  EXPECT_FALSE(this->store().take_news("default"));
  EXPECT_FALSE(this->other().take_news("default"));
}

TYPED_TEST_P(PoolStoreContract, WhatIsAskedWhileItIsAwayIsLost) {
  this->begin();
  this->world_->part();
  EXPECT_EQ(this->read(this->store()).kind, StoreAnswer::Kind::lost);
  EXPECT_NE(this->store().why_away(), "");
  EXPECT_EQ(this->write(this->store(), {}, this->row(1, "a")).kind, StoreAnswer::Kind::lost);
  EXPECT_FALSE(this->store().take_news("default"));
}

TYPED_TEST_P(PoolStoreContract, ThatItIsThereAgainIsNews) {
  this->begin();
  this->world_->part();
  this->read(this->store());
  this->world_->join();
  EXPECT_TRUE(this->wait_for([&] { return this->store().take_news("default"); }));
  EXPECT_EQ(this->store().why_away(), "");
  EXPECT_EQ(this->read(this->store()).kind, StoreAnswer::Kind::row);
}

TYPED_TEST_P(PoolStoreContract, AnAbandonedQuestionIsNotAnswered) {
  this->begin();
  this->store().read("default");
  this->store().abandon();
  EXPECT_FALSE(this->store().busy("default"));
  EXPECT_FALSE(this->store().take_answer("default"));
}

REGISTER_TYPED_TEST_SUITE_P(PoolStoreContract, FirstThereIsNoRowAndThatIsNews,
                            IsBusyFromTheQuestionUntilTheAnswerIsTaken, OneOfTwoFirstRowsIsStored,
                            WhatIsWrittenIsReadByTheOther, NothingIsWrittenOverAnotherGeneration,
                            NothingIsWrittenOverOtherLimits, TheServerSaysWhenItWasSwitched,
                            AChangeIsNewsForTheOtherAlone, WhatIsAskedWhileItIsAwayIsLost, ThatItIsThereAgainIsNews,
                            AnAbandonedQuestionIsNotAnswered);

}  // namespace quotawatch::contracts
