#include "report/page/html_page.h"

#include <algorithm>
#include <list>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_document.h"
#include "base/text.h"
#include "report/page/page_groups.h"
#include "report/page/page_lanes.h"
#include "report/page/page_screens.h"
#include "report/page/page_template.h"
#include "report/page/page_texts.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

// For all screens on one page, in bytes: a month of a fleet must still open at once.
constexpr std::size_t screen_room = 2'000'000;
// Of a report; the rest is in the output of the replay.
constexpr std::size_t report_lines = 400;

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : escape_controls(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// In a script element only its end tag and "<!--" are special: no '<' is left.
std::string for_script(const Json& value) {
  std::string out;
  for (const char c : dump_line(value)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

bool shows_screens(EventKind kind) {
  return kind == EventKind::suspect || kind == EventKind::switch_ || kind == EventKind::exhausted_everywhere;
}

// One run as JSON for the page: texts by number, times in milliseconds since its start.
class RunWriter {
 public:
  RunWriter(const PageRun& run, std::size_t room) : run_(run), room_(room) {}

  Json write() {
    const auto& transcript = run_.transcript;
    Json json{{"title", escape_controls(run_.title)},
              {"passed", run_.passed},
              {"report", report()},
              {"start", transcript.start.time_since_epoch().count()},
              {"zone", zone_of(transcript.config, transcript.zone).name()},
              {"until", transcript.until.count()},
              {"source", escape_controls(transcript.source)},
              {"rules", rules()},
              {"steps", clock_steps()}};
    Json lanes = write_lanes();
    Json decisions = write_decisions();
    json["lanes"] = std::move(lanes);
    json["decisions"] = std::move(decisions);
    json["screens"] = std::move(screens_);
    json["texts"] = texts_.take();
    return json;
  }

 private:
  Json report() const {
    Json lines = Json::array();
    for (const auto line : split_lines(run_.report)) {
      if (lines.size() == report_lines) {
        lines.push_back("and so on");
        break;
      }
      lines.push_back(escape_controls(line));
    }
    return lines;
  }

  Json rules() const {
    const auto& quota = run_.transcript.config.quota;
    return {{"poll_interval", quota.poll_interval.count()},
            {"cooldown", quota.cooldown.count()},
            {"pool_threshold", quota.pool_threshold},
            {"interactive_threshold", quota.interactive_threshold}};
  }

  // When the wall clock was set, and by how much.
  Json clock_steps() const {
    Json steps = Json::array();
    for (const auto& event : run_.transcript.events) {
      if (const auto* step = std::get_if<StepClock>(&event.action)) {
        steps.push_back({event.offset.count(), step->by.count()});
      }
    }
    return steps;
  }

  Json write_lanes() {
    Json lanes = Json::array();
    auto drawn = make_lanes(run_.transcript, run_.journal, run_.violations);
    for (const auto& host : run_.other_hosts) drawn.push_back(host_lane(host.name, host.transcript, host.journal));
    for (const auto& lane : drawn) {
      Json rows = Json::array();
      for (const auto& row : lane.rows) rows.push_back(write_row(row));
      lanes.push_back({{"name", escape_controls(lane.name)}, {"kind", lane.kind}, {"rows", std::move(rows)}});
    }
    return lanes;
  }

  Json write_row(const LaneRow& row) {
    Json spans = Json::array();
    for (const auto& span : row.spans) {
      spans.push_back({span.from.count(), span.to.count(), texts_.index(span.kind), texts_.index(span.text)});
    }
    Json marks = Json::array();
    for (const auto& mark : row.marks) {
      marks.push_back({mark.at.count(), texts_.index(mark.kind), texts_.index(mark.text)});
    }
    return {{"name", escape_controls(row.name)}, {"spans", std::move(spans)}, {"marks", std::move(marks)}};
  }

  // Decisions and violations, ordered by time; a violation comes after its decision.
  Json write_decisions() {
    std::vector<std::pair<Milliseconds, Json>> all;
    std::vector<Milliseconds> moments;
    for (const auto& entry : run_.journal) {
      if (is_decision(entry.event.kind)) all.emplace_back(entry.offset, decision(entry));
    }
    for (const auto& violation : run_.violations) {
      all.emplace_back(violation.offset, Json{{"event", "violation"},
                                              {"reason", escape_controls(violation.invariant)},
                                              {"why", escape_controls(violation.what)}});
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [at, json] : all) {
      if (has_screens(json)) moments.push_back(at);
    }
    auto shown = collect_screens(run_.transcript, run_.journal, moments, texts_, room_);
    screens_ = std::move(shown.screens);
    auto next = shown.at.begin();
    Json decisions = Json::array();
    for (auto& [at, json] : all) {
      json["offset"] = at.count();
      if (has_screens(json)) json["screens"] = std::move(*next++);
      decisions.push_back(std::move(json));
    }
    return decisions;
  }

  static bool has_screens(const Json& decision) {
    const auto kind = find_event(decision["event"].get<std::string>());
    return !kind || shows_screens(*kind);
  }

  static Json decision(const sim::JournalEntry& entry) {
    Json json{{"event", event_name(entry.event.kind)}};
    add_fields(entry.event, json);
    for (auto& value : json) {
      if (value.is_string()) value = escape_controls(value.get<std::string>());
    }
    return json;
  }

  const PageRun& run_;
  std::size_t room_;
  PageTexts texts_;
  Json screens_;
};

}  // namespace

std::string html_page(const std::vector<PageRun>& runs, std::string_view title) {
  std::list<GroupPart> parts;
  const auto shown = one_run_a_group(runs, parts);
  Json list = Json::array();
  for (const auto& run : shown) list.push_back(RunWriter(run, screen_room / shown.size()).write());
  const Json data{{"title", escape_controls(title)}, {"runs", std::move(list)}};
  const PageTemplate page = page_template();
  std::string out(page.before_title);
  out += escape_html(title);
  out += page.before_data;
  out += for_script(data);
  out += page.after_data;
  return out;
}

std::string html_page(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                      const std::vector<sim::Violation>& violations, std::string_view title) {
  const PageRun run{std::string(title), transcript, journal, violations, violations.empty(), ""};
  return html_page({run}, title);
}

}  // namespace quotawatch
