#include "report/explain_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "quotawatch/duration.h"
#include "report/console.h"

namespace quotawatch {
namespace {

fmt::text_style style_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::exhausted:
      return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
    case Verdict::clear:
      return fmt::fg(fmt::terminal_color::green);
    default:
      return fmt::fg(fmt::terminal_color::yellow);
  }
}

std::string describe_reset(const Reading& reading, const Dated& dated, const Zone& zone) {
  if (!reading.reset) return "none named";
  const Zone named = reading.reset->zone.value_or(zone);
  const DatedReset& reset = dated.reset;
  if (reset.too_far) {
    return fmt::format("{} (further off than this limit can last: it counts as none)", reading.reset->text);
  }
  if (!reset.at) return fmt::format("{} (not dated)", reading.reset->text);
  std::string text = fmt::format("{} = {}", reading.reset->text, named.format_local(*reset.at));
  if (named != zone) text += " = " + zone.format_local(*reset.at);
  const auto* const note = reset.expired    ? ", which has passed"
                           : reset.retry_at ? ", which has just passed: refused again"
                                            : "";
  return fmt::format("{} = {}{}", text, format_wall(*reset.at), note);
}

// Where a rule matched: a row, and a column if messages are distinguished.
std::string describe_place(const RuleFinding& finding) {
  if (finding.column == 0) return fmt::format("row {}", finding.row);
  return fmt::format("row {}, column {}", finding.row, finding.column);
}

// What the verdict means for a monitor.
std::string describe_hit(const Reading& reading, const Dated& dated) {
  if (dated.reset.expired) return " (the banner has expired)";
  if (!names_limit(reading.verdict)) return "";
  if (!reading.counts) return " (never a hit)";
  return reading.scope == LimitScope::model ? " (of one model)" : "";
}

std::string explain_findings(const Explanation& explanation) {
  std::string out;
  for (const auto& finding : explanation.findings) {
    out += fmt::format("rule     {} ({}) on {}: {}\n", finding.rule, verdict_name(finding.verdict),
                       describe_place(finding), finding.reason);
  }
  if (explanation.findings.empty()) {
    out += fmt::format("rule     none of the {} in pack {} matches\n", explanation.rules, explanation.pack);
  }
  return out;
}

std::string describe_near(const NearLimit& near) {
  return fmt::format("{}{}{}", near.percent ? fmt::format("{}%", *near.percent) : "not said how much",
                     near.window ? fmt::format(" of a limit for {}", format_duration(*near.window)) : "",
                     near.reset ? fmt::format(", resets {}", escape_controls(near.reset->text)) : "");
}

}  // namespace

std::string explain_text(const Explanation& explanation, const Dated& dated, const ZoneChoice& zone) {
  const bool colour = stdout_takes_colour();
  const auto faint = fmt::text_style(fmt::emphasis::faint);
  const Reading& reading = explanation.reading;
  std::string out;
  std::size_t shown = explanation.screen.rows.size();
  while (shown > 0 && explanation.screen.regions[shown - 1] == RegionKind::blank) --shown;
  for (std::size_t row = 0; row < shown; ++row) {
    const auto region = explanation.screen.regions[row];
    const auto margin = fmt::format("{:>4} {:<8}|", row + 1, region == RegionKind::blank ? "" : region_name(region));
    const bool decided = row + 1 == reading.row;
    const auto text = escape_controls(explanation.screen.rows[row]);
    out += styled(colour, faint, margin) + (decided ? "> " : "  ") +
           styled(colour && decided, style_of(dated.verdict), text) + "\n";
  }
  out += fmt::format("\nscreen   {}, judged by pack {}\n", screen_name(explanation.screen.kind), explanation.pack);
  out += fmt::format("timezone {}\n", describe_zone(zone.zone.name(), zone.why));
  out += explain_findings(explanation);
  if (!reading.unrecognised.empty()) {
    out += fmt::format("unknown  {}: looks like a limit and fits no rule\n",
                       in_quotes(make_snippet(reading.unrecognised)));
  }
  out += fmt::format("verdict  {}{}\n", styled(colour, style_of(dated.verdict), verdict_name(dated.verdict)),
                     describe_hit(reading, dated));
  if (names_limit(reading.verdict)) out += fmt::format("reset    {}\n", describe_reset(reading, dated, zone.zone));
  if (reading.near) out += fmt::format("used     {}\n", describe_near(*reading.near));
  return out;
}

}  // namespace quotawatch
