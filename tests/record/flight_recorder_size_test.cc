// The size of what the flight recorder keeps, and its compression.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "record/flight_recorder.h"
#include "recorded_fleet.h"

namespace quotawatch::sim {
namespace {

// A month of changing screens does not take more memory than its first hour.
TEST(FlightRecorder, StaysWithinItsBytesForAMonth) {
  FlightRecorder::Limits limits{hours{1}, 200'000};
  FlightRecorder recorder(limits);
  Config config = parse_config(config_text, "test");
  config.quota.poll_interval = minutes{5};
  recorder.begin(config, Zone::utc(), {});
  State state;
  std::size_t most = 0;
  std::vector<std::shared_ptr<const std::string>> screens;
  for (int i = 0; i < 97; ++i) {
    std::string text;
    for (int row = 0; row < 24; ++row) text += fmt::format("row {} of screen {}\n", row * i, i);
    screens.push_back(std::make_shared<const std::string>(std::move(text)));
  }
  const int polls = 30 * 24 * 12;
  for (int i = 1; i <= polls; ++i) {
    const Milliseconds at = i * config.quota.poll_interval;
    std::vector<PaneCapture> panes;
    for (int pane = 0; pane < 4; ++pane) {
      const auto& screen = screens[static_cast<std::size_t>(i * (pane + 1)) % screens.size()];
      panes.push_back({PaneCapture::Status::screen, screen, 80, 24, ""});
    }
    const PollTime poll{{SteadyTime{at}, WallTime{at}}, SteadyTime{at}, false};
    recorder.captured({true, false, "", std::move(panes)}, poll);
    state.switches_asked = static_cast<std::uint64_t>(i);
    recorder.saved(true);
    recorder.waiting(state);
    most = std::max(most, recorder.bytes());
  }
  EXPECT_LE(most, limits.max_bytes);
  const auto run = recorder.cut({}, WallTime::max());
  ASSERT_TRUE(run);
  EXPECT_GE(run->steps.size(), 9U) << "three quarters of an hour, and as much as there is";
  EXPECT_LE(run->steps.size(), 16U);
  EXPECT_EQ(run->state.switches_asked + run->steps.size() - 1, static_cast<std::size_t>(polls));
}

TEST(FlightRecorder, ScreensThatStayCostNextToNothing) {
  FlightRecorder recorder({});
  const Config config = parse_config(config_text, "test");
  recorder.begin(config, Zone::utc(), {});
  const auto text = std::make_shared<const std::string>(std::string(4000, 'x') + "\n");
  const std::vector<PaneCapture> panes(4, {PaneCapture::Status::screen, text, 80, 24, ""});
  std::size_t first = 0;
  for (int i = 1; i <= 10; ++i) {
    const Milliseconds at = i * config.quota.poll_interval;
    const PollTime poll{{SteadyTime{at}, WallTime{at}}, SteadyTime{at}, false};
    recorder.captured({true, false, "", panes}, poll);
    recorder.waiting({});
    if (i == 1) first = recorder.bytes();
  }
  EXPECT_LT(recorder.bytes() - first, 9U * 100U);
}

// A recorder too small for a single poll keeps nothing.
TEST(FlightRecorder, ThatIsTooSmallKeepsNothing) {
  RecordedFleet fleet(minutes{10}, config_text, {minutes{30}, 100});
  fleet.show_at(seconds{100}, "main", dated);
  fleet.run();
  EXPECT_FALSE(fleet.cut());
  EXPECT_LE(fleet.recorder.bytes(), 100U);
  EXPECT_FALSE(fleet.decisions().empty());
}

TEST(PackedText, ComesOutAsItWentIn) {
  TextPacker packer;
  std::string large;
  for (int i = 0; i < 30'000; ++i) large += fmt::format("{}\n", i);
  const std::vector<std::string> texts{"", "a", dated, std::string(5000, 'x'), large, large + "1"};
  for (const auto& text : texts) {
    for (const auto& known : texts) EXPECT_EQ(unpack_text(packer.pack(text, known), known), text);
  }
  EXPECT_LT(packer.pack(dated, dated).size(), 20U) << "what is known costs nothing";
}

}  // namespace
}  // namespace quotawatch::sim
