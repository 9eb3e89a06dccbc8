// The contract of Switcher: run against HookSwitcher and FakeSwitcher.
//
// A World is default constructible and has
//   Switcher& switcher(); Clock& clock(): the clock that the switcher uses;
//   void succeed_after(Milliseconds), fail_after(Milliseconds), hang(): the outcome of requests
//   started from now on;
//   Milliseconds timeout() and slack(): how late a report may be;
//   void impatient(): from now on the timeout applies to requests that do not hang, too;
//   void stall(Milliseconds): the switcher's process is stopped for that long.
#pragma once

#include <gtest/gtest.h>

#include "quotawatch/clock.h"
#include "quotawatch/switcher.h"

namespace quotawatch::contracts {

inline SwitchRequest make_request(std::string id) {
  SwitchRequest request;
  request.id = std::move(id);
  request.from = "a";
  request.to = "b";
  request.session = "main";
  return request;
}

template <typename World>
class SwitcherContract : public testing::Test {
 protected:
  Switcher& switcher() { return world_.switcher(); }
  Clock& clock() { return world_.clock(); }

  // Waits as Monitor does: on the clock, until it reports a notification.
  std::optional<SwitchReport> wait_for_report() {
    const SteadyTime limit = clock().now().steady + std::chrono::seconds{20};
    while (clock().wait_until(limit) == Wake::notified) {
      if (auto report = switcher().take_report()) return report;
    }
    return std::nullopt;
  }

  World world_;
};

TYPED_TEST_SUITE_P(SwitcherContract);

TYPED_TEST_P(SwitcherContract, IsNotBusyBeforeAnyRequest) {
  EXPECT_FALSE(this->switcher().busy());
  EXPECT_FALSE(this->switcher().take_report());
}

TYPED_TEST_P(SwitcherContract, ReportsADoneRequestOnceAndWakesTheClock) {
  this->world_.succeed_after(Milliseconds{30});
  this->switcher().start(make_request("id-1"));
  EXPECT_TRUE(this->switcher().busy());
  EXPECT_FALSE(this->switcher().take_report());
  const auto report = this->wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->id, "id-1");
  EXPECT_TRUE(report->done);
  EXPECT_EQ(report->why, "");
  EXPECT_FALSE(this->switcher().busy());
  EXPECT_FALSE(this->switcher().take_report());
}

TYPED_TEST_P(SwitcherContract, IsBusyUntilTheReportIsTaken) {
  this->world_.succeed_after(Milliseconds{0});
  this->switcher().start(make_request("id-1"));
  const SteadyTime limit = this->clock().now().steady + std::chrono::seconds{20};
  EXPECT_EQ(this->clock().wait_until(limit), Wake::notified);
  EXPECT_TRUE(this->switcher().busy());
  EXPECT_TRUE(this->switcher().take_report());
  EXPECT_FALSE(this->switcher().busy());
}

TYPED_TEST_P(SwitcherContract, ReportsAFailureWithItsReason) {
  this->world_.fail_after(Milliseconds{0});
  this->switcher().start(make_request("id-1"));
  const auto report = this->wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->id, "id-1");
  EXPECT_FALSE(report->done);
  EXPECT_NE(report->why, "");
}

TYPED_TEST_P(SwitcherContract, EndsARequestThatHangsAtItsTimeout) {
  this->world_.hang();
  const SteadyTime start = this->clock().now().steady;
  this->switcher().start(make_request("id-1"));
  const auto report = this->wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->done);
  EXPECT_EQ(report->why, "timed out");
  const Milliseconds taken = this->clock().now().steady - start;
  EXPECT_GE(taken, this->world_.timeout());
  EXPECT_LE(taken, this->world_.timeout() + this->world_.slack());
}

// Time during which the switcher was stopped must not count as a timeout.
TYPED_TEST_P(SwitcherContract, WhatEndedDuringAStallEndedBeforeADeadlineThatPassedDuringIt) {
  for (const bool good : {true, false}) {
    const Milliseconds delay = this->world_.timeout() * 2;
    good ? this->world_.succeed_after(delay) : this->world_.fail_after(delay);
    this->world_.impatient();
    this->switcher().start(make_request("id-1"));
    this->world_.stall(delay * 3);
    const auto report = this->wait_for_report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->done, good) << report->why;
    EXPECT_NE(report->why, "timed out");
    EXPECT_FALSE(this->switcher().take_report());
  }
}

TYPED_TEST_P(SwitcherContract, TimeGoesOnWhileARequestDoes) {
  this->world_.hang();
  this->switcher().start(make_request("id-1"));
  const SteadyTime deadline = this->clock().now().steady + Milliseconds{5};
  EXPECT_EQ(this->clock().wait_until(deadline), Wake::deadline);
  EXPECT_TRUE(this->switcher().busy());
  EXPECT_FALSE(this->switcher().take_report());
  this->switcher().abandon();
}

TYPED_TEST_P(SwitcherContract, CarriesOutOneRequestAfterTheOther) {
  for (const std::string id : {"id-1", "id-2", "id-3"}) {
    id == "id-2" ? this->world_.fail_after(Milliseconds{0}) : this->world_.succeed_after(Milliseconds{0});
    this->switcher().start(make_request(id));
    const auto report = this->wait_for_report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->id, id);
    EXPECT_EQ(report->done, id != "id-2");
  }
}

TYPED_TEST_P(SwitcherContract, AnAbandonedRequestIsNeverReported) {
  this->world_.hang();
  this->switcher().start(make_request("id-1"));
  this->switcher().abandon();
  EXPECT_FALSE(this->switcher().busy());
  EXPECT_FALSE(this->switcher().take_report());
  this->world_.succeed_after(Milliseconds{0});
  this->switcher().start(make_request("id-2"));
  const auto report = this->wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->id, "id-2");
  EXPECT_TRUE(report->done);
}

TYPED_TEST_P(SwitcherContract, AnAbandonedReportIsForgotten) {
  this->world_.succeed_after(Milliseconds{0});
  this->switcher().start(make_request("id-1"));
  this->clock().wait_until(this->clock().now().steady + std::chrono::seconds{20});
  this->switcher().abandon();
  EXPECT_FALSE(this->switcher().busy());
  EXPECT_FALSE(this->switcher().take_report());
}

REGISTER_TYPED_TEST_SUITE_P(SwitcherContract, IsNotBusyBeforeAnyRequest, ReportsADoneRequestOnceAndWakesTheClock,
                            IsBusyUntilTheReportIsTaken, ReportsAFailureWithItsReason,
                            EndsARequestThatHangsAtItsTimeout,
                            WhatEndedDuringAStallEndedBeforeADeadlineThatPassedDuringIt, TimeGoesOnWhileARequestDoes,
                            CarriesOutOneRequestAfterTheOther, AnAbandonedRequestIsNeverReported,
                            AnAbandonedReportIsForgotten);

}  // namespace quotawatch::contracts
