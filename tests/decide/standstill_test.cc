// When a session with a server error or a throttle stands still, and that this is reported once.
#include "quotawatch/standstill.h"

#include <gtest/gtest.h>

namespace quotawatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class StandstillTest : public testing::Test {
 protected:
  // A poll after this time. True if the session has to be reported now.
  bool poll(Milliseconds later, Verdict verdict, std::string_view screen) {
    now_ += later;
    Reading reading;
    reading.verdict = verdict;
    const bool before = known_ && known_->reported;
    known_ = look_again(known_, reading, screen, now_);
    return known_ && known_->reported && !before;
  }

  SteadyTime now_{minutes{60}};
  std::optional<Standstill> known_;
};

TEST_F(StandstillTest, IsReportedOnceAfterTenMinutes) {
  for (const auto verdict : {Verdict::server_error, Verdict::throttled}) {
    EXPECT_FALSE(poll(seconds{30}, verdict, "API Error: 500"));
    EXPECT_FALSE(poll(minutes{10} - Milliseconds{1}, verdict, "API Error: 500"));
    EXPECT_TRUE(poll(Milliseconds{1}, verdict, "API Error: 500"));
    EXPECT_FALSE(poll(minutes{60}, verdict, "API Error: 500")) << "said once";
  }
}

TEST_F(StandstillTest, AnyOtherVerdictIsNone) {
  for (const auto verdict : {Verdict::exhausted, Verdict::warning, Verdict::auth, Verdict::clear, Verdict::unknown}) {
    poll(seconds{30}, Verdict::server_error, "the same");
    EXPECT_FALSE(poll(minutes{5}, verdict, "the same"));
    EXPECT_EQ(known_, std::nullopt);
    EXPECT_FALSE(poll(minutes{5}, Verdict::server_error, "the same")) << "it has begun again";
  }
}

TEST_F(StandstillTest, AScreenThatChangesDoesNotStandStill) {
  poll(seconds{30}, Verdict::server_error, "one try\nAPI Error: 500");
  EXPECT_FALSE(poll(minutes{9}, Verdict::server_error, "two tries\nAPI Error: 500"));
  EXPECT_FALSE(poll(minutes{9}, Verdict::server_error, "two tries\nAPI Error: 500"));
  EXPECT_TRUE(poll(minutes{1}, Verdict::server_error, "two tries\nAPI Error: 500"));
  EXPECT_FALSE(poll(minutes{9}, Verdict::server_error, "three tries\nAPI Error: 500"));
  EXPECT_TRUE(poll(minutes{10}, Verdict::server_error, "three tries\nAPI Error: 500")) << "another standstill";
}

TEST_F(StandstillTest, AClockIsNoActivity) {
  poll(seconds{30}, Verdict::throttled, "429 at 12:00:30");
  EXPECT_FALSE(poll(minutes{5}, Verdict::throttled, "429 at 12:05:30"));
  EXPECT_TRUE(poll(minutes{5}, Verdict::throttled, "429 at 12:10:30"));
}

TEST_F(StandstillTest, AnotherVerdictBeginsAnother) {
  poll(seconds{30}, Verdict::throttled, "the same");
  EXPECT_FALSE(poll(minutes{10}, Verdict::server_error, "the same"));
  EXPECT_TRUE(poll(minutes{10}, Verdict::server_error, "the same"));
}

}  // namespace
}  // namespace quotawatch
