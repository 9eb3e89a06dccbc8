#include "sim/replay/minimise.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "quotawatch/input_error.h"
#include "sim/replay/replay.h"

namespace quotawatch::sim {
namespace {

using Events = std::vector<TranscriptEvent>;

// True for a screen directly after the truth about it: the two are kept or dropped together.
bool follows_its_truth(const Events& events, std::size_t i) {
  return i > 0 && std::holds_alternative<ShowScreen>(events[i].action) &&
         std::holds_alternative<SetTruth>(events[i - 1].action) &&
         session_of(events[i].action) == session_of(events[i - 1].action) && events[i].offset == events[i - 1].offset;
}

// The indices where units begin; a unit is kept or dropped as a whole.
std::vector<std::size_t> units_of(const Events& events) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!follows_its_truth(events, i)) begins.push_back(i);
  }
  return begins;
}

// Numbers the events from 1. Returns for each the number of the event that it depends on: a changed
// truth or a redrawn screen needs the screen that first showed the message.
std::vector<std::size_t> number_and_find_owners(Events& events) {
  std::vector<std::size_t> owners(events.size() + 1, 0);
  std::map<std::string, std::size_t> shown;  // by session, the number of that screen
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].line = i + 1;
    const bool is_truth = std::holds_alternative<SetTruth>(events[i].action);
    if (!is_truth && !std::holds_alternative<ShowScreen>(events[i].action)) continue;
    std::size_t& screen = shown[*session_of(events[i].action)];
    if (follows_its_truth(events, i)) {
      screen = i + 1;
    } else if (!is_truth || i + 1 == events.size() || !follows_its_truth(events, i + 1)) {
      owners[i + 1] = screen;
    }
  }
  return owners;
}

class Minimiser {
 public:
  Minimiser(Transcript transcript, std::string invariant, JudgeCache& judges, std::size_t most)
      : best_(std::move(transcript)),
        invariant_(std::move(invariant)),
        judges_(judges),
        most_tries_(most),
        owners_(number_and_find_owners(best_.events)) {}

  Minimised run() {
    Transcript whole = best_;
    if (!keep_if_failing(best_)) return {std::move(best_), tries_, false};
    for (std::size_t before = 0; before != best_.events.size() && tries_ < most_tries_;) {
      before = best_.events.size();
      drop_sessions();
      drop_events();
      begin_later();
    }
    // The last cut was never replayed.
    if (!failure(best_)) return {std::move(whole), tries_, true};
    return {std::move(best_), tries_, true};
  }

 private:
  // The offset at which the invariant first breaks.
  std::optional<Milliseconds> failure(const Transcript& candidate) {
    ++tries_;
    try {
      for (const auto& violation : replay(candidate, judges_).violations) {
        if (violation.invariant == invariant_) return violation.offset;
      }
    } catch (const InputError&) {
      // An unreadable state is a different failure.
    }
    return std::nullopt;
  }

  // Events after the failure do not matter.
  bool keep_if_failing(Transcript candidate) {
    if (tries_ + 1 >= most_tries_) return false;  // keep one try for the final check
    const auto at = failure(candidate);
    if (!at) return false;
    // A poll's obligations are checked at the next poll, which may be late.
    const Milliseconds enough = 2 * candidate.config.quota.poll_interval + candidate.config.tmux_timeout;
    candidate.until = std::min(candidate.until, *at + enough);
    std::erase_if(candidate.events, [&](const auto& event) { return event.offset > candidate.until; });
    best_ = std::move(candidate);
    return true;
  }

  bool try_events(Events events) {
    std::set<std::size_t> left{0};
    for (const auto& event : events) left.insert(event.line);
    std::erase_if(events, [&](const auto& event) { return !left.contains(owners_[event.line]); });
    Transcript candidate = best_;
    candidate.events = std::move(events);
    return keep_if_failing(std::move(candidate));
  }

  void drop_sessions() {
    std::set<std::string> sessions;
    for (const auto& event : best_.events) {
      if (auto session = session_of(event.action)) sessions.insert(*session);
    }
    for (const auto& session : sessions) {
      Events events = best_.events;
      std::erase_if(events, [&](const auto& event) {
        const auto* link = std::get_if<LinkSession>(&event.action);
        return session_of(event.action) == session || (link != nullptr && link->other == session);
      });
      try_events(std::move(events));
    }
  }

  // Ever smaller pieces, from the end: early events matter more.
  void drop_events() {
    for (std::size_t size = units_of(best_.events).size() / 2; size > 0; size /= 2) {
      auto begins = units_of(best_.events);
      for (std::size_t end = begins.size(); end > 0 && tries_ < most_tries_;) {
        const std::size_t begin = end > size ? end - size : 0;
        if (drop_units(begins, begin, end)) {
          begins = units_of(best_.events);
          end = std::min(begin, begins.size());
        } else {
          end = begin;
        }
      }
    }
  }

  bool drop_units(const std::vector<std::size_t>& begins, std::size_t begin, std::size_t end) {
    Events events = best_.events;
    const auto at = [&](std::size_t unit) {
      const auto index = unit < begins.size() ? begins[unit] : events.size();
      return events.begin() + static_cast<std::ptrdiff_t>(index);
    };
    events.erase(at(begin), at(end));
    return try_events(std::move(events));
  }

  // Everything before the new beginning happens at once, at the new beginning.
  void begin_later() {
    constexpr std::array<int, 7> percents{99, 95, 90, 75, 50, 25, 10};
    const Milliseconds interval = best_.config.quota.poll_interval;
    for (const int percent : percents) {
      const Milliseconds shift = best_.until * percent / 100 / interval * interval;
      if (shift == Milliseconds{0}) continue;
      Transcript candidate = best_;
      candidate.start += shift;
      candidate.until -= shift;
      for (auto& event : candidate.events) {
        event.offset = std::max(event.offset - shift, Milliseconds{0});
      }
      if (keep_if_failing(std::move(candidate))) return;
    }
  }

  Transcript best_;
  std::string invariant_;
  JudgeCache& judges_;
  std::size_t most_tries_;
  std::size_t tries_ = 0;
  std::vector<std::size_t> owners_;
};

}  // namespace

Minimised minimise(const Transcript& transcript, const std::string& invariant, JudgeCache& judges,
                   std::size_t most_tries) {
  return Minimiser(transcript, invariant, judges, most_tries).run();
}

std::string failing_transcript(const Transcript& transcript, JudgeCache& judges,
                               const std::vector<std::string>& comments) {
  Transcript expecting = transcript;
  expecting.expectations.clear();
  for (const auto& entry : play(transcript, judges)) {
    if (is_decision(entry.event.kind)) expecting.expectations.push_back(expectation_of(entry.offset, entry.event));
  }
  std::string text = write_transcript(expecting);
  std::string above;
  for (const auto& comment : comments) above += "# " + escape_controls(comment) + "\n";
  const auto body = text.find("\n\n") + 2;
  return text.insert(body, above + (above.empty() ? "" : "\n"));
}

}  // namespace quotawatch::sim
