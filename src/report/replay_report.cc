#include "report/replay_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_document.h"
#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/judge.h"
#include "report/console.h"
#include "report/shown_screens.h"

namespace quotawatch {
namespace {

using sim::JournalEntry;
using sim::Mismatch;

constexpr std::size_t rows_shown = 8;  // of a screen, from the bottom

// As it stands in a transcript, without the word that all decisions have there.
std::string line_of(const Expectation& expectation) {
  constexpr std::string_view expect_word = "expect ";
  const std::string line = format_expectation(expectation);
  return line.starts_with(expect_word) ? line.substr(expect_word.size()) : line;
}

std::string fields_of(const Event& event) {
  std::string text;
  for (const auto& name : field_names()) {
    if (const auto value = field_text(event, name)) {
      text += fmt::format(
          " {}={}", name,
          value->find(' ') == std::string::npos && !value->empty() ? escape_controls(*value) : in_quotes(*value));
    }
  }
  return text;
}

std::string describe(const JournalEntry& entry) {
  return fmt::format("@{} {}{}", format_offset(entry.offset), event_name(entry.event.kind), fields_of(entry.event));
}

Milliseconds moment_of(const Mismatch& mismatch) {
  return mismatch.got ? mismatch.got->offset : mismatch.expected->offset;
}

// The group that a mismatch is about; empty: any.
std::string group_of(const Mismatch& mismatch) {
  if (mismatch.got) return mismatch.got->event.group.value_or("");
  for (const auto& [name, value] : mismatch.expected->fields) {
    if (name == "group") return value;
  }
  return "";
}

// The group's last poll at or before a moment; null before the first one.
const sim::PollRecord* poll_at(const ReplayCase& replayed, Milliseconds offset, const std::string& group) {
  const auto& polls = replayed.result.polls;
  auto poll = std::ranges::upper_bound(polls, offset, {}, &sim::PollRecord::offset);
  while (poll != polls.begin()) {
    --poll;
    if (group.empty() || poll->evidence.group == group) return &*poll;
  }
  return nullptr;
}

// The most relevant session: the one named, else the first that shows a limit, else the first.
std::string session_of_interest(const ReplayCase& replayed, const Mismatch& mismatch) {
  if (mismatch.got && mismatch.got->event.session) return *mismatch.got->event.session;
  if (mismatch.expected) {
    for (const auto& [name, value] : mismatch.expected->fields) {
      if (name == "session") return value;
    }
  }
  const auto* poll = poll_at(replayed, moment_of(mismatch), group_of(mismatch));
  if (poll == nullptr || poll->evidence.verdicts.empty()) return "";
  const auto& verdicts = poll->evidence.verdicts;
  const auto limit = std::ranges::find_if(verdicts, names_limit, &DatedVerdict::verdict);
  return limit != verdicts.end() ? limit->session : verdicts.front().session;
}

const ShowScreen* screen_at(const Transcript& transcript, const std::string& session, Milliseconds offset) {
  ShownScreens shown;
  for (const auto& event : transcript.events) {
    if (event.offset > offset) break;
    shown.take(event.action);
  }
  return shown.find(session);
}

std::string report_screen(const ReplayCase& replayed, const std::string& session, Milliseconds offset) {
  const auto* screen = screen_at(replayed.transcript, session, offset);
  if (screen == nullptr) return "    screen    none of any session watched\n";
  std::vector<std::string> rows;
  for (const auto& line : screen->lines) {
    if (!trim(line).empty()) rows.push_back(escape_controls(line));
  }
  const std::size_t first = rows.size() > rows_shown ? rows.size() - rows_shown : 0;
  std::string out = fmt::format("    screen    {}{}\n", escape_controls(session), first > 0 ? ", its last rows" : "");
  for (std::size_t row = first; row < rows.size(); ++row) out += "            | " + rows[row] + "\n";
  return out;
}

// How a session's limit was counted; empty if it shows none.
std::string report_hit(const Evidence& evidence, const std::string& session) {
  const auto hit = std::ranges::find(evidence.hits, session, &Hit::session);
  if (hit != evidence.hits.end()) {
    if (hit->charged) return fmt::format(", a hit of {}, which is not the active account", in_quotes(hit->account));
    return hit->stale ? ", a stale hit" : ", a fresh hit";
  }
  const auto limit = std::ranges::find(evidence.uncounted, session, &UncountedLimit::session);
  return limit != evidence.uncounted.end() ? ", no hit: " + limit->why : "";
}

std::string report_verdict(const Evidence& evidence, const DatedVerdict& dated) {
  std::string out = fmt::format("    why       {} is {}", escape_controls(dated.session), verdict_name(dated.verdict));
  if (!dated.rule.empty()) out += fmt::format(" by rule {}: {}", dated.rule, in_quotes(dated.snippet));
  if (dated.reset_at) out += fmt::format(", resets {}", format_wall(*dated.reset_at));
  if (!dated.why.empty()) out += fmt::format(" ({})", escape_controls(dated.why));
  return out + report_hit(evidence, dated.session) + "\n";
}

// How many sessions show a hit, and how many are needed.
std::string report_count(int count, bool fresh, int threshold) {
  return fmt::format("{} of {} needed{}", count, threshold, count > 0 && !fresh ? ", none fresh" : "");
}

// The monitor's evidence: each session's verdict, and the counts.
std::string report_reasons(const ReplayCase& replayed, Milliseconds offset, const std::string& group) {
  std::string out;
  for (const auto& entry : replayed.result.journal) {
    const bool ours = group.empty() || entry.event.group == group;
    if (entry.offset == offset && ours && entry.event.kind == EventKind::skip) {
      out += fmt::format("    why       nothing is decided now: {}\n", *entry.event.reason);
    }
  }
  const auto* poll = poll_at(replayed, offset, group);
  if (poll == nullptr) return out + "    counts    nothing yet, no poll has come\n";
  for (const auto& dated : poll->evidence.verdicts) out += report_verdict(poll->evidence, dated);
  const auto& [pool, interactive, pool_fresh, interactive_fresh, lone] = poll->counted;
  const QuotaRules& quota = replayed.transcript.config.quota;
  return out + fmt::format("    counts    pool {}{}; interactive {}\n",
                           report_count(pool, pool_fresh, quota.pool_threshold),
                           lone ? ", or one that stands alone, as it does" : "",
                           report_count(interactive, interactive_fresh, quota.interactive_threshold));
}

// The other moment at which the same event happened, if there is one.
std::string report_elsewhere(const ReplayCase& replayed, const Mismatch& missing) {
  for (const auto& other : replayed.result.mismatches) {
    const bool same = other.kind == Mismatch::Kind::unexpected && other.got->event.kind == missing.expected->kind;
    if (same) return fmt::format("nothing of the kind here; one came at @{}", format_offset(other.got->offset));
  }
  return "nothing of the kind";
}

std::string report_got(const ReplayCase& replayed, const Mismatch& mismatch) {
  if (mismatch.kind == Mismatch::Kind::missing) return report_elsewhere(replayed, mismatch);
  const bool different = mismatch.kind == Mismatch::Kind::different;
  const auto got = different ? sim::corrected(mismatch) : expectation_of(mismatch.got->offset, mismatch.got->event);
  return line_of(got);
}

// The fields that differ, each with both values.
std::string report_fields(const Mismatch& mismatch) {
  std::string out;
  if (mismatch.kind != Mismatch::Kind::different) return out;
  for (const auto& field : mismatch.expected->fields) {
    if (field_holds(field, mismatch.got->event)) continue;
    out += fmt::format("    differs   {}: expected {}, got {}\n", field.first, in_quotes(field.second),
                       in_quotes(field_text(mismatch.got->event, field.first).value_or("")));
  }
  return out;
}

std::string report_mismatch(const ReplayCase& replayed, const Mismatch& mismatch, bool colour) {
  const auto green = fmt::fg(fmt::terminal_color::green);
  const auto red = fmt::fg(fmt::terminal_color::red);
  const std::string expected = mismatch.expected
                                   ? fmt::format("{}  (line {})", line_of(*mismatch.expected), mismatch.expected->line)
                                   : "no such decision";
  return styled(colour, green, "  - expected  " + escape_controls(expected)) + "\n" +
         styled(colour, red, "  + got       " + escape_controls(report_got(replayed, mismatch))) + "\n" +
         report_fields(mismatch);
}

// A section for each moment with mismatches: the position in the file, and the screen.
std::string report_moment(const ReplayCase& replayed, const Mismatch& first) {
  const auto offset = moment_of(first);
  const std::size_t line = first.expected ? first.expected->line : 0;
  const std::string place = line == 0 ? "" : fmt::format(":{}", line);
  return fmt::format("  {}{}: at @{} ({})\n", escape_controls(replayed.transcript.path), place, format_offset(offset),
                     format_duration(offset)) +
         report_screen(replayed, session_of_interest(replayed, first), offset);
}

std::string report_violation(const sim::Violation& violation) {
  return fmt::format("  invariant broken: {} at @{}: {}\n", violation.invariant, format_offset(violation.offset),
                     escape_controls(violation.what));
}

// The end of a series of polls skipped for the same reason.
using Entry = std::vector<JournalEntry>::const_iterator;
Entry last_of_skips(Entry first, Entry end) {
  if (first->event.kind != EventKind::skip) return first;
  const auto next = std::find_if(first, end, [first](const JournalEntry& entry) {
    return entry.event.kind != EventKind::skip || entry.event.reason != first->event.reason;
  });
  return std::prev(next);
}

}  // namespace

std::string report_failure(const ReplayCase& replayed, bool colour) {
  std::string out;
  const auto& mismatches = replayed.result.mismatches;
  for (std::size_t i = 0; i < mismatches.size(); ++i) {
    const auto moment = moment_of(mismatches[i]);
    if (i == 0 || moment_of(mismatches[i - 1]) != moment) out += report_moment(replayed, mismatches[i]);
    out += report_mismatch(replayed, mismatches[i], colour);
    const bool last = i + 1 == mismatches.size() || moment_of(mismatches[i + 1]) != moment;
    if (last) out += report_reasons(replayed, moment, group_of(mismatches[i]));
  }
  for (const auto& violation : replayed.result.violations) out += report_violation(violation);
  return out;
}

std::string report_journal(const ReplayCase& replayed) {
  const auto& journal = replayed.result.journal;
  std::string out;
  for (auto entry = journal.begin(); entry != journal.end(); ++entry) {
    const auto last = last_of_skips(entry, journal.end());
    out += "  " + describe(*entry);
    if (last != entry) out += fmt::format(" and so on until @{}", format_offset(last->offset));
    out += "\n";
    entry = last;
  }
  return out;
}

std::string report_json(const ReplayCase& replayed) {
  std::string out;
  for (const auto& entry : replayed.result.journal) {
    nlohmann::ordered_json json{{"file", replayed.transcript.path},
                                {"offset", format_offset(entry.offset)},
                                {"at", format_wall_ms(entry.event.at)},
                                {"event", event_name(entry.event.kind)}};
    add_fields(entry.event, json);
    out += dump_line(json) + "\n";
  }
  return out;
}

JunitCase junit_case(const ReplayCase& replayed) {
  JunitCase one{replayed.transcript.path, replayed.transcript.path, replayed.took, "", ""};
  if (replayed.result.passed()) return one;
  one.message = fmt::format("{} differences, {} invariants broken", replayed.result.mismatches.size(),
                            replayed.result.violations.size());
  one.failure = report_failure(replayed, false);
  return one;
}

}  // namespace quotawatch
