#include "sim/replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <memory>
#include <utility>

#include "sim/check/group_view.h"
#include "sim/check/resume_checker.h"
#include "sim/check/run_checker.h"

namespace quotawatch::sim {
namespace {

bool fields_hold(const Expectation& expected, const Event& got) {
  return std::all_of(expected.fields.begin(), expected.fields.end(),
                     [&](const auto& field) { return field_holds(field, got); });
}

class Checker {
 public:
  Checker(const Transcript& transcript, const std::vector<JournalEntry>& journal)
      : transcript_(transcript), journal_(journal), taken_(journal.size(), false) {}

  std::vector<Mismatch> check() {
    // The most specific first, so that no expectation takes an event that another one names.
    std::vector<const Expectation*> wanted;
    for (const auto& expected : transcript_.expectations) wanted.push_back(&expected);
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const auto* a, const auto* b) { return a->fields.size() > b->fields.size(); });
    std::vector<const Expectation*> open;
    for (const auto* expected : wanted) {
      if (!take(*expected, true)) open.push_back(expected);
    }
    // The remaining events of the same kind and time differ only in their fields.
    for (const auto* expected : open) {
      const auto* got = take(*expected, false);
      mismatches_.push_back({got ? Mismatch::Kind::different : Mismatch::Kind::missing, expected, got});
    }
    for (std::size_t i = 0; i < journal_.size(); ++i) {
      if (taken_[i] || !is_decision(journal_[i].event.kind)) continue;
      mismatches_.push_back({Mismatch::Kind::unexpected, nullptr, &journal_[i]});
    }
    std::stable_sort(mismatches_.begin(), mismatches_.end(),
                     [](const auto& a, const auto& b) { return moment(a) < moment(b); });
    return std::move(mismatches_);
  }

 private:
  static Milliseconds moment(const Mismatch& mismatch) {
    return mismatch.expected ? mismatch.expected->offset : mismatch.got->offset;
  }

  const JournalEntry* take(const Expectation& expected, bool with_fields) {
    const auto first =
        std::lower_bound(journal_.begin(), journal_.end(), expected.offset,
                         [](const JournalEntry& entry, Milliseconds offset) { return entry.offset < offset; });
    for (auto entry = first; entry != journal_.end() && entry->offset == expected.offset; ++entry) {
      const auto index = static_cast<std::size_t>(entry - journal_.begin());
      if (taken_[index] || entry->event.kind != expected.kind) continue;
      if (with_fields && !fields_hold(expected, entry->event)) continue;
      taken_[index] = true;
      return &*entry;
    }
    return nullptr;
  }

  const Transcript& transcript_;
  const std::vector<JournalEntry>& journal_;
  std::vector<bool> taken_;
  std::vector<Mismatch> mismatches_;
};

class PollRecorder final : public StageObserver {
 public:
  explicit PollRecorder(std::vector<PollRecord>& polls) : polls_(polls) {}

  void decided(const Evidence& evidence, const Decision& decision, Moment now) override {
    if (last_ && last_->counted == decision.counted && last_->evidence == evidence) return;
    last_ = PollRecord{now.steady.time_since_epoch(), evidence, decision.counted};
    polls_.push_back(*last_);
  }

 private:
  std::vector<PollRecord>& polls_;  // of all groups
  std::optional<PollRecord> last_;
};

// The checkers of one group.
struct GroupChecks {
  GroupChecks(const Config& whole, std::size_t index, std::vector<PollRecord>& polls)
      : config(groups_of(whole)[index]), checker(config), resume_checker(config), recorder(polls) {
    for (StageObserver* observer : {static_cast<StageObserver*>(&checker), static_cast<StageObserver*>(&resume_checker),
                                    static_cast<StageObserver*>(&recorder)}) {
      views.push_back(std::make_unique<GroupView>(whole, index, *observer));
    }
  }

  const Config config;
  RunChecker checker;
  ResumeChecker resume_checker;
  PollRecorder recorder;
  std::vector<std::unique_ptr<GroupView>> views;
};

}  // namespace

std::vector<JournalEntry> play(const Transcript& transcript, JudgeCache& judges,
                               std::vector<StageObserver*> observers) {
  Stage stage({transcript.config, transcript.zone, transcript.start, transcript.until, transcript.state}, judges,
              std::move(observers));
  for (const auto& answer : transcript.answers) stage.answer_keys(answer);
  for (const auto& event : transcript.events) {
    stage.clock().schedule(SteadyTime{event.offset}, VirtualClock::Order::event,
                           [&stage, &event]() -> std::optional<Wake> {
                             stage.perform(event.action);
                             return std::nullopt;
                           });
  }
  stage.play();
  return stage.take_journal();
}

std::vector<Mismatch> check(const Transcript& transcript, const std::vector<JournalEntry>& journal) {
  assert(std::ranges::is_sorted(journal, {}, &JournalEntry::offset));
  return Checker(transcript, journal).check();
}

ReplayResult replay(const Transcript& transcript, JudgeCache& judges) {
  ReplayResult result;
  std::vector<std::unique_ptr<GroupChecks>> groups;
  std::vector<StageObserver*> observers;
  for (std::size_t i = 0; i < groups_of(transcript.config).size(); ++i) {
    groups.push_back(std::make_unique<GroupChecks>(transcript.config, i, result.polls));
    for (const auto& view : groups.back()->views) observers.push_back(view.get());
  }
  result.journal = play(transcript, judges, observers);
  result.mismatches = check(transcript, result.journal);
  for (const auto& group : groups) {
    std::ranges::move(group->checker.finish(), std::back_inserter(result.violations));
    std::ranges::move(group->resume_checker.finish(), std::back_inserter(result.violations));
  }
  std::ranges::stable_sort(result.violations, {}, &Violation::offset);
  return result;
}

// The fields that the author pinned, with their present values.
Expectation corrected(const Mismatch& mismatch) {
  assert(mismatch.kind == Mismatch::Kind::different);
  Expectation expectation = *mismatch.expected;
  for (auto& [name, value] : expectation.fields) {
    value = field_text(mismatch.got->event, name).value_or("");
  }
  return expectation;
}

std::string bless(const Transcript& transcript, const ReplayResult& result) {
  // The text of each line. Dropped lines become nullopt; additions are inserted after a line.
  std::vector<std::optional<std::string>> lines(transcript.lines.begin(), transcript.lines.end());
  std::multimap<std::size_t, std::string> additions;  // by line number
  const auto place = [&](Milliseconds offset) {
    const auto& all = transcript.expectations;
    std::size_t line = all.empty() ? transcript.lines.size() : all.front().line - 1;
    for (const auto& expectation : all) {
      if (expectation.offset <= offset) line = expectation.line;
    }
    return line;
  };
  for (const auto& mismatch : result.mismatches) {
    if (mismatch.kind == Mismatch::Kind::missing) {
      lines[mismatch.expected->line - 1].reset();
    } else if (mismatch.kind == Mismatch::Kind::different) {
      lines[mismatch.expected->line - 1] = format_expectation(corrected(mismatch));
    } else {
      additions.emplace(place(mismatch.got->offset),
                        format_expectation(expectation_of(mismatch.got->offset, mismatch.got->event)));
    }
  }
  Transcript blessed = transcript;
  blessed.lines.clear();
  for (std::size_t number = 0; number <= lines.size(); ++number) {
    if (number > 0 && lines[number - 1]) blessed.lines.push_back(*lines[number - 1]);
    const auto [first, last] = additions.equal_range(number);
    const bool first_ever = first != last && transcript.expectations.empty();
    if (first_ever && !blessed.lines.back().empty()) blessed.lines.emplace_back();
    for (auto added = first; added != last; ++added) blessed.lines.push_back(added->second);
  }
  return print_transcript(blessed);
}

}  // namespace quotawatch::sim
