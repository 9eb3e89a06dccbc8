// Checking a journal against expectations: decisions always, observations where expected.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/replay/replay.h"

namespace quotawatch::sim {
namespace {

using std::chrono::seconds;

// A transcript with nothing but expectations, one per line from line 4 on.
Transcript expecting(const std::vector<std::string>& lines) {
  return parse_transcript(
      fmt::format("quotawatch-transcript 1\nstart 2026-11-23T19:51:05Z\nuntil 1h\n\n{}\n", fmt::join(lines, "\n")),
      "file");
}

JournalEntry happened(Milliseconds offset, EventKind kind, const std::string& session = "") {
  JournalEntry entry{offset, 0, {}};
  entry.event.kind = kind;
  if (!session.empty()) entry.event.session = session;
  return entry;
}

// "missing @30s", "different @60s", "unexpected @90s", in order.
std::string found(const Transcript& transcript, const std::vector<JournalEntry>& journal) {
  std::string text;
  for (const auto& mismatch : check(transcript, journal)) {
    const auto offset = mismatch.expected ? mismatch.expected->offset : mismatch.got->offset;
    const char* const kind = mismatch.kind == Mismatch::Kind::missing     ? "missing"
                             : mismatch.kind == Mismatch::Kind::different ? "different"
                                                                          : "unexpected";
    text +=
        fmt::format("{}{} @{}", text.empty() ? "" : ", ", kind, std::chrono::duration_cast<seconds>(offset).count());
  }
  return text;
}

TEST(ReplayCheck, NothingExpectedAndNothingHappenedIsRight) { EXPECT_EQ(found(expecting({}), {}), ""); }

TEST(ReplayCheck, EveryDecisionNeedsItsExpectation) {
  for (const auto& name : event_names()) {
    const auto kind = *find_event(name);
    EXPECT_EQ(found(expecting({}), {happened(seconds{30}, kind)}), is_decision(kind) ? "unexpected @30" : "") << name;
  }
}

TEST(ReplayCheck, EveryExpectationNeedsItsEvent) {
  for (const auto& name : event_names()) {
    if (name == "switch_resumed" || name == "account") continue;  // does not happen at a poll
    const auto transcript = expecting({"expect @30s " + name});
    EXPECT_EQ(found(transcript, {}), "missing @30") << name;
    EXPECT_EQ(found(transcript, {happened(seconds{30}, *find_event(name))}), "") << name;
    EXPECT_EQ(found(transcript, {happened(seconds{30} - Milliseconds{1}, EventKind::verdict)}), "missing @30");
  }
}

TEST(ReplayCheck, TheMomentMustBeTheSame) {
  const auto transcript = expecting({"expect @60s suspect"});
  EXPECT_EQ(found(transcript, {happened(seconds{30}, EventKind::suspect)}), "unexpected @30, missing @60");
  EXPECT_EQ(found(transcript, {happened(seconds{60} + Milliseconds{1}, EventKind::suspect)}),
            "missing @60, unexpected @60");
}

TEST(ReplayCheck, FieldsNamedMustBeEqualOthersAreFree) {
  auto entry = happened(seconds{30}, EventKind::switch_, "main");
  entry.event.from = "a";
  entry.event.to = "";
  entry.event.pool = 2;
  entry.event.confirmed = true;
  for (const char* right : {"expect @30s switch", "expect @30s switch session=main from=a",
                            "expect @30s switch to= pool=2 confirmed=true", "expect @30s switch rule="}) {
    EXPECT_EQ(found(expecting({right}), {entry}), "") << right;
  }
  for (const char* wrong : {"expect @30s switch session=mai", "expect @30s switch to=b", "expect @30s switch from=",
                            "expect @30s switch session=main from=b", "expect @30s switch pool=3",
                            "expect @30s switch rule=limit", "expect @30s switch confirmed=false"}) {
    EXPECT_EQ(found(expecting({wrong}), {entry}), "different @30") << wrong;
  }
}

TEST(ReplayCheck, InstantsAreEqualHoweverWritten) {
  auto entry = happened(seconds{30}, EventKind::switch_);
  entry.event.reset_at = parse_wall("2026-11-23T20:00:00Z");
  for (const char* same : {"2026-11-23T20:00:00Z", "2026-11-23T20:00:00.000Z", "2026-11-23T21:00:00+01:00"}) {
    EXPECT_EQ(found(expecting({fmt::format("expect @30s switch reset_at={}", same)}), {entry}), "") << same;
  }
  EXPECT_EQ(found(expecting({"expect @30s switch reset_at=2026-11-23T20:00:00.001Z"}), {entry}), "different @30");
  EXPECT_EQ(found(expecting({"expect @30s switch retry_at=2026-11-23T20:00:00Z"}), {entry}), "different @30");
}

TEST(ReplayCheck, MatchesWithinAMomentInAnyOrder) {
  const std::vector<JournalEntry> journal{happened(seconds{30}, EventKind::stale, "main"),
                                          happened(seconds{30}, EventKind::stale, "side"),
                                          happened(seconds{30}, EventKind::suspect, "main")};
  EXPECT_EQ(
      found(expecting({"expect @30s suspect", "expect @30s stale session=side", "expect @30s stale session=main"}),
            journal),
      "");
}

TEST(ReplayCheck, EachEventHoldsOneExpectationOnly) {
  const auto twice = expecting({"expect @30s suspect", "expect @30s suspect"});
  EXPECT_EQ(found(twice, {happened(seconds{30}, EventKind::suspect)}), "missing @30");
  const std::vector<JournalEntry> both{happened(seconds{30}, EventKind::suspect),
                                       happened(seconds{30}, EventKind::suspect)};
  EXPECT_EQ(found(twice, both), "");
  EXPECT_EQ(found(expecting({"expect @30s suspect"}), both), "unexpected @30");
}

TEST(ReplayCheck, AnExpectationWithoutFieldsLeavesTheEventThatAnotherNames) {
  const std::vector<JournalEntry> journal{happened(seconds{30}, EventKind::stale, "main"),
                                          happened(seconds{30}, EventKind::stale, "side")};
  EXPECT_EQ(found(expecting({"expect @30s stale session=main", "expect @30s stale"}), journal), "");
  EXPECT_EQ(found(expecting({"expect @30s stale", "expect @30s stale session=main"}), journal), "");
}

TEST(ReplayCheck, TheEventThatDiffersIsTheOneLeftOver) {
  const std::vector<JournalEntry> journal{happened(seconds{30}, EventKind::suspect, "main"),
                                          happened(seconds{30}, EventKind::suspect, "side")};
  const auto transcript = expecting({"expect @30s suspect session=other", "expect @30s suspect session=main"});
  const auto mismatches = check(transcript, journal);
  ASSERT_EQ(mismatches.size(), 1U);
  EXPECT_EQ(mismatches[0].kind, Mismatch::Kind::different);
  EXPECT_EQ(mismatches[0].expected, &transcript.expectations[0]);
  EXPECT_EQ(mismatches[0].got, &journal[1]);
}

TEST(ReplayCheck, ObservationsAreCheckedOnlyWhereWritten) {
  const std::vector<JournalEntry> journal{happened(seconds{30}, EventKind::skip),
                                          happened(seconds{30}, EventKind::verdict, "main")};
  EXPECT_EQ(found(expecting({}), journal), "");
  EXPECT_EQ(found(expecting({"expect @30s verdict session=main"}), journal), "");
  EXPECT_EQ(found(expecting({"expect @30s verdict session=side"}), journal), "different @30");
  EXPECT_EQ(found(expecting({"expect @60s verdict session=main"}), journal), "missing @60");
}

TEST(ReplayCheck, ReportsInOrderOfTime) {
  const std::vector<JournalEntry> journal{happened(seconds{30}, EventKind::suspect, "main"),
                                          happened(seconds{60}, EventKind::suspect, "main"),
                                          happened(seconds{90}, EventKind::clear)};
  EXPECT_EQ(found(expecting({"expect @60s suspect session=side", "expect @120s switch"}), journal),
            "unexpected @30, different @60, unexpected @90, missing @120");
}

}  // namespace
}  // namespace quotawatch::sim
