// What warnings say of the limit that is near.
#include "judge/rules/near_limit.h"

#include <gtest/gtest.h>

#include <array>

namespace quotawatch {
namespace {

using std::chrono::days;
using std::chrono::hours;

struct Warning {
  const char* text;
  std::optional<int> percent;
  std::optional<Milliseconds> window;
  const char* reset = "";
};

TEST(NearLimit, IsReadFromTheWarningsOfPrograms) {
  const auto warnings = std::to_array<Warning>({
      {"you've used 92% of your 5-hour limit · resets 12am (Europe/Paris)", 92, hours{5}, "12am"},
      {"You've used 90% of your weekly limit · resets Dec 2, 7pm", 90, days{7}, "Dec 2, 7pm"},
      {"over 75% of your weekly limit used", 75, days{7}},
      {"approaching usage limit · resets at 7pm", {}, {}, "7pm"},
      {"approaching weekly limit", {}, days{7}},
      {"you've used 81% of your session limit · resets 3pm", 81, hours{5}, "3pm"},
      {"heads up, you have less than 10% of your 5h limit left. run /status for a breakdown.", 90, hours{5}},
      {"heads up, you've used over 90% of your weekly limit. run /status for a breakdown.", 90, days{7}},
      {"5h limit: 8% left, run /status", 92, hours{5}},
      {"monthly limit: 3% left", 97, days{30}},
      {"you have 12% of your daily quota remaining", 88, days{1}},
      {"used 99.5% of the 7-day usage limit; resets in 2 hours", 99, days{7}, "in 2 hours"},
      {"you're close to your usage limit", {}, {}},
      {"you have used 250% of your limit", {}, {}},
  });
  for (const auto& [text, percent, window, reset] : warnings) {
    const auto near = read_near_limit(text);
    EXPECT_EQ(near.percent, percent) << text;
    EXPECT_EQ(near.window, window) << text;
    EXPECT_EQ(near.reset ? near.reset->text : "", reset) << text;
  }
}

}  // namespace
}  // namespace quotawatch
