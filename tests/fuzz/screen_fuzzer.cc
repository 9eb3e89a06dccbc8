// Screens: `auto` and every built-in pack read any screen. A reading is the same each time, agrees
// with its explanation, does not depend on blank rows below, and refers to text on the screen.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "fuzzing.h"
#include "quotawatch/judge.h"
#include "quotawatch/pack.h"
#include "quotawatch/screen.h"

namespace quotawatch::fuzzing {
namespace {

bool is_view_into(std::string_view part, std::string_view text) {
  return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
}

void check_screen(const Screen& screen, std::string_view text) {
  check(screen.rows.size() == screen.regions.size(), "every row has its region");
  for (const auto row : screen.rows) check(is_view_into(row, text), "a row views into the text");
  for (const auto& message : screen.messages) {
    check(message.first_row < screen.rows.size(), "a message begins on a row");
    check(find_invalid_utf8(message.normalised.text) == std::string_view::npos, "a message is valid UTF-8");
    for (std::size_t i = 0; i < message.normalised.text.size(); ++i) {
      check(message.normalised.origin_of(i) < text.size(), "every byte of a message has its origin");
    }
  }
}

// Resets resolve to an instant after the banner appeared, in any host zone; those with a date may
// be in the past.
void check_reset(const ResetTime& reset) {
  for (const auto seen : {"1970-01-01T00:00:00Z", "2026-10-25T00:30:00Z", "7999-12-31T23:59:59Z"}) {
    for (const auto* const zone : {"UTC", "America/New_York", "Australia/Lord_Howe"}) {
      const auto host = Zone::find(zone);
      check(host.has_value(), "the zone is known");
      const auto first_seen = *parse_wall(seen);
      const auto instant = resolve_reset(reset, first_seen, *host);
      check(!instant || reset.at_clock || reset.after || reset.at_instant, "what cannot be resolved is not");
      const bool next = reset.at_clock && (!reset.day || reset.day->index() == 0);
      check(!instant || !next || *instant > first_seen, "the next such moment is to come");
      check(!instant || parse_wall(format_wall(*instant)) == instant,
            "an instant can be written into the state and read again");
    }
  }
}

void check_reading(const Reading& reading, std::string_view text) {
  const auto rows = split_lines(text);
  check(reading.row <= rows.size(), "the row is on the screen");
  check((reading.row == 0) == reading.rule.empty(), "a rule decides where a row does");
  if (reading.row > 0) {
    check(is_view_into(reading.line, text) || rows[reading.row - 1].find(reading.line) != std::string_view::npos,
          fmt::format("the line stands in its row: {}", in_quotes(reading.line)));
  }
  for (const auto& words : {reading.line, reading.unrecognised}) {
    check(find_invalid_utf8(words) == std::string_view::npos, "what is quoted is valid UTF-8");
    const auto snippet = make_snippet(words);
    check(escape_controls(snippet) == snippet, "a snippet is harmless");
  }
  check(reading.verdict != Verdict::unknown, "a screen that is seen is not unknown");
  check(!names_limit(reading.verdict) || reading.limit.has_value(), "a hit has its message");
  if (reading.reset) check_reset(*reading.reset);
}

void check_findings(const Explanation& explanation) {
  int decided = 0;
  for (const auto& finding : explanation.findings) {
    check(finding.row >= 1 && finding.row <= explanation.screen.rows.size(), "a finding is on the screen");
    check(!finding.reason.empty(), "every finding says why");
    decided += finding.decided ? 1 : 0;
  }
  check(decided <= 1, "at most one rule decides");
  check((decided == 1) == !explanation.reading.rule.empty(), "the rule that decides is found");
}

void check_judge(Judge& judge, std::string_view text) {
  const Reading reading = judge.read(text);
  check(reading == judge.read(text), "a screen is read the same way twice");
  const std::string with_blank_rows = std::string(text) + "\n\n  \n";
  check(judge.read(with_blank_rows) == reading, "blank rows below change nothing");
  const Explanation explanation = judge.explain(text);
  check(explanation.reading == reading, fmt::format("a screen is explained as it is read ({})", explanation.pack));
  check_screen(explanation.screen, text);
  check_reading(reading, text);
  check_findings(explanation);
}

}  // namespace

void try_input(std::string_view input) {
  static std::array<Judge, 7> judges{Judge(load_packs("auto")),     Judge(load_packs("claude-code")),
                                     Judge(load_packs("codex")),    Judge(load_packs("gemini")),
                                     Judge(load_packs("opencode")), Judge(load_packs("copilot")),
                                     Judge(load_packs("seed"))};
  const std::string text = valid_utf8(input);
  for (auto& judge : judges) check_judge(judge, text);
}

}  // namespace quotawatch::fuzzing
