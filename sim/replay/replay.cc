#include "sim/replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

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
    const bool same =
        !polls_.empty() && polls_.back().counted == decision.counted && polls_.back().evidence == evidence;
    if (!same) polls_.push_back({now.steady.time_since_epoch(), evidence, decision.counted});
  }

 private:
  std::vector<PollRecord>& polls_;
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
  RunChecker checker(transcript.config);
  ResumeChecker resume_checker(transcript.config);
  PollRecorder recorder(result.polls);
  result.journal = play(transcript, judges, {&checker, &resume_checker, &recorder});
  result.mismatches = check(transcript, result.journal);
  result.violations = checker.finish();
  std::ranges::move(resume_checker.finish(), std::back_inserter(result.violations));
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
