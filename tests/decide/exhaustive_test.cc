// Every short sequence of polls, decided by the code as by the model.
#include <gtest/gtest.h>

#include <array>

#include "compare.h"
#include "decider.h"
#include "model.h"
#include "scene.h"

namespace quotawatch::tests {
namespace {

enum class Letter { nothing, unknown, hit, hit_with_reset, server_error };
constexpr std::size_t letters = 5;

Pane pane_of(Letter letter, const std::string& session, bool pool) {
  const auto screen = [&](Screen shown) {
    return Pane{session, pool, Pane::Kind::screen, std::move(shown)};
  };
  switch (letter) {
    case Letter::nothing:
      return screen(showing("at work"));
    case Letter::unknown:
      return {session, pool, Pane::Kind::failed, {}};
    case Letter::hit:
      return screen(hit());
    case Letter::hit_with_reset:
      return screen(hit_for(std::chrono::minutes{45}));
    case Letter::server_error:
      return screen(server_error("limit"));
  }
  return {};
}

// What goes on around the polls of one sequence.
struct Setting {
  std::vector<std::string> accounts;
  Milliseconds gap;
  enum class Ends { never, done_at_once, done_before_next, failed_at_once } ends;
  bool restarts;  // before each poll
};

// The code and the model side by side.
class Pair {
 public:
  explicit Pair(const Setting& setting)
      : setting_(setting),
        now_{SteadyTime{}, noon()},
        code_({QuotaRules{}, setting.accounts, Zone::utc()}, "a", now_),
        model_(QuotaRules{}, setting.accounts, "a") {}

  // Empty, or how they differ.
  std::string poll(const std::vector<Pane>& panes) {
    if (setting_.ends == Setting::Ends::done_before_next) finish(true);
    if (setting_.restarts) compare(model_.restart(now_), code_.restart(now_));
    now_.steady += setting_.gap;
    now_.wall += setting_.gap;
    compare(model_.poll(panes, now_), code_.poll(panes, now_));
    if (setting_.ends == Setting::Ends::done_at_once) finish(true);
    if (setting_.ends == Setting::Ends::failed_at_once) finish(false);
    return difference_;
  }

 private:
  void finish(bool done) {
    if (!model_.in_flight()) return;
    const std::string id = model_.in_flight_id();
    compare(model_.end(id, done, now_), code_.end(id, done, now_));
  }

  void compare(const Outcome& model, const Outcome& code) {
    difference_ += difference(model, code);
  }

  const Setting& setting_;
  Moment now_;
  Decider code_;
  Model model_;
  std::string difference_;
};

std::vector<Setting> settings() {
  using Ends = Setting::Ends;
  std::vector<Setting> all;
  for (const auto& accounts : {std::vector<std::string>{}, {"a"}, {"a", "b"}}) {
    for (const auto gap : {interval, 3 * interval + ms, cooldown}) {
      for (const auto ends : {Ends::done_at_once, Ends::done_before_next, Ends::failed_at_once}) {
        all.push_back({accounts, gap, ends, false});
      }
    }
  }
  all.push_back({{"a", "b"}, interval, Ends::never, false});
  all.push_back({{"a", "b"}, interval, Ends::never, true});
  all.push_back({{"a", "b"}, cooldown, Ends::done_before_next, true});
  return all;
}

// The sequence number `index` of those with `length` letters.
std::vector<Letter> sequence(std::size_t index, std::size_t length) {
  std::vector<Letter> word;
  for (std::size_t i = 0; i < length; ++i, index /= letters) {
    word.push_back(static_cast<Letter>(index % letters));
  }
  return word;
}

std::string numbers(const std::vector<Letter>& word) {
  std::string text;
  for (const auto letter : word) text += std::to_string(static_cast<int>(letter));
  return text;
}

TEST(EverySequence, OfFivePollsOfOneSession) {
  std::size_t sequences = 0;
  for (const auto& setting : settings()) {
    for (std::size_t index = 0; index < letters * letters * letters * letters * letters; ++index) {
      const auto word = sequence(index, 5);
      Pair pair(setting);
      for (const auto letter : word) {
        const std::string differs = pair.poll({pane_of(letter, "main", false)});
        ASSERT_EQ(differs, "") << numbers(word) << ", gap " << setting.gap.count();
      }
      ++sequences;
    }
  }
  EXPECT_EQ(sequences, 30U * 3125U);
}

TEST(EverySequence, OfThreePollsOfTwoPoolSessions) {
  const Setting setting{{"a", "b"}, interval, Setting::Ends::failed_at_once, false};
  for (std::size_t index = 0; index < 15625; ++index) {
    const auto word = sequence(index, 6);
    Pair pair(setting);
    for (std::size_t i = 0; i < word.size(); i += 2) {
      const std::string differs =
          pair.poll({pane_of(word[i], "pool-0", true), pane_of(word[i + 1], "pool-1", true)});
      ASSERT_EQ(differs, "") << numbers(word);
    }
  }
}

}  // namespace
}  // namespace quotawatch::tests
