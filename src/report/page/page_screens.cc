#include "report/page/page_screens.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <string>
#include <utility>

#include "report/page/page_lanes.h"
#include "report/shown_screens.h"

namespace quotawatch {
namespace {

struct Shown {
  std::size_t session = 0;
  const ShowScreen* screen = nullptr;
  bool matters = false;  // has a verdict other than clear
};

// What every session showed and its verdict at each moment, in one pass.
class Showing {
 public:
  Showing(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal)
      : transcript_(transcript), journal_(journal), sessions_(session_names(transcript.config)) {}

  // Moments must not decrease. Includes what happens at the moment itself.
  std::vector<Shown> at(Milliseconds moment) {
    for (; next_event_ < transcript_.events.size(); ++next_event_) {
      const auto& event = transcript_.events[next_event_];
      if (event.offset > moment) break;
      screens_.take(event.action);
    }
    for (; next_entry_ < journal_.size(); ++next_entry_) {
      const auto& entry = journal_[next_entry_];
      if (entry.offset > moment) break;
      if (entry.event.kind != EventKind::verdict || !entry.event.session) continue;
      matters_[*entry.event.session] = entry.event.verdict != "clear";
    }
    std::vector<Shown> all;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      if (const auto* screen = screens_.find(sessions_[i])) {
        all.push_back({i, screen, matters_[sessions_[i]]});
      }
    }
    return all;
  }

 private:
  const Transcript& transcript_;
  const std::vector<sim::JournalEntry>& journal_;
  std::vector<std::string> sessions_;
  std::size_t next_event_ = 0;
  std::size_t next_entry_ = 0;
  ShownScreens screens_;
  std::map<std::string, bool> matters_;
};

// Deduplicates equal screens, and equal rows of different screens.
class Keeper {
 public:
  Keeper(PageTexts& texts, std::size_t room) : texts_(texts), most_(texts.bytes() + room) {}

  // Returns -1 if there is no room for a new screen.
  int keep(const ShowScreen& screen) {
    if (const auto known = by_event_.find(&screen); known != by_event_.end()) return known->second;
    if (texts_.bytes() >= most_) return -1;
    auto lines = screen.lines;
    while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
    std::vector<std::size_t> rows{static_cast<std::size_t>(screen.columns), static_cast<std::size_t>(screen.rows)};
    for (const auto& line : lines) rows.push_back(texts_.index(line));
    const auto [entry, added] = by_rows_.emplace(std::move(rows), static_cast<int>(list_.size()));
    if (added) list_.push_back(entry->first);
    by_event_.emplace(&screen, entry->second);
    return entry->second;
  }

  std::vector<std::vector<std::size_t>> take() { return std::move(list_); }

 private:
  PageTexts& texts_;
  std::size_t most_;
  std::map<const ShowScreen*, int> by_event_;
  std::map<std::vector<std::size_t>, int> by_rows_;
  std::vector<std::vector<std::size_t>> list_;
};

}  // namespace

PageScreens collect_screens(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                            const std::vector<Milliseconds>& moments, PageTexts& texts, std::size_t room) {
  assert(std::ranges::is_sorted(moments));
  Showing showing(transcript, journal);
  std::vector<std::vector<Shown>> shown;
  shown.reserve(moments.size());
  for (const auto moment : moments) shown.push_back(showing.at(moment));
  Keeper keeper(texts, room);
  for (const auto& moment : shown) {
    for (const auto& one : moment) {
      if (one.matters) keeper.keep(*one.screen);
    }
  }
  PageScreens result;
  for (const auto& moment : shown) {
    auto& list = result.at.emplace_back();
    for (const auto& one : moment) list.emplace_back(one.session, keeper.keep(*one.screen));
  }
  result.screens = keeper.take();
  return result;
}

}  // namespace quotawatch
