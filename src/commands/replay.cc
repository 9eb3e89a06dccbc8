// quotawatch replay: plays recorded transcripts through the monitor, on virtual time.
#include <fmt/format.h>
#include <re2/re2.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands/commands.h"
#include "os/files/output_file.h"
#include "quotawatch/input_error.h"
#include "report/console.h"
#include "report/page/html_page.h"
#include "report/page/page_redaction.h"
#include "report/replay_report.h"
#include "run/recording_answer.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

struct ReplayOptions {
  std::vector<std::string> paths;
  std::string filter;
  std::string junit;
  std::string html;
  bool redact = true;  // the page
  bool json = false;
  bool explain = false;
  bool bless = false;
};

std::vector<std::string> find_transcripts(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw InputError(path, 0, "no such file or folder");
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file() && entry.path().extension() == ".transcript") {
      found.push_back(entry.path().string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> select_transcripts(const ReplayOptions& options) {
  const RE2 filter(options.filter, RE2::Quiet);
  if (!filter.ok()) {
    throw InputError("--filter", 0,
                     fmt::format("{} is no regular expression: {}", in_quotes(options.filter), filter.error()));
  }
  std::vector<std::string> selected;
  for (const auto& path : options.paths) {
    for (auto& found : find_transcripts(path)) {
      const bool known = std::find(selected.begin(), selected.end(), found) != selected.end();
      if (!known && RE2::PartialMatch(found, filter)) selected.push_back(std::move(found));
    }
  }
  if (selected.empty() && !options.filter.empty()) {
    throw InputError(options.paths.front(), 0,
                     fmt::format("no transcript here matches --filter {}", in_quotes(options.filter)));
  }
  if (selected.empty()) {
    throw InputError(options.paths.front(), 0, "no transcript to replay; they are files named *.transcript");
  }
  return selected;
}

// Reads all files before playing any, so that bad files are all reported before any other output.
std::vector<Transcript> load_all(const std::vector<std::string>& paths, JudgeCache& judges) {
  std::vector<Transcript> transcripts;
  bool bad = false;
  for (const auto& path : paths) {
    try {
      transcripts.push_back(load_transcript(path));
      for (const auto& pack : packs_of(transcripts.back().config)) judges.find(pack);
    } catch (const InputError& error) {
      spdlog::error("{}", escape_controls(error.what()));
      bad = true;
    }
  }
  if (bad) transcripts.clear();
  return transcripts;
}

void refuse_bless_in_ci() {
  const char* ci = std::getenv("CI");  // NOLINT(concurrency-mt-unsafe)
  if (ci != nullptr && std::string_view(ci) == "true") {
    throw InputError("--bless", 0, "refused under CI=true: expectations are changed by people, who look at them");
  }
}

// Replays the case with its new expectations, so that the report is about the blessed file.
void bless(ReplayCase& replayed, JudgeCache& judges) {
  const std::string path = replayed.transcript.path;
  const std::string text = sim::bless(replayed.transcript, replayed.result);
  if (text == print_transcript(replayed.transcript)) return;
  os::write_output(path, text);
  print_out(fmt::format("blessed {}\n", escape_controls(path)));
  replayed.transcript = parse_transcript(text, path);
  replayed.result = sim::replay(replayed.transcript, judges);
}

void print_report(const ReplayCase& replayed, const ReplayOptions& options) {
  if (options.json) {
    print_out(report_json(replayed));
    fmt::print(stderr, "{}", report_failure(replayed, false));
    return;
  }
  const bool colour = stdout_takes_colour();
  const bool passed = replayed.result.passed();
  if (!passed || options.explain) {
    print_out(fmt::format("{} {}\n", passed ? "passed" : "FAILED", escape_controls(replayed.transcript.path)));
  }
  if (options.explain) print_out(report_journal(replayed));
  print_out(report_failure(replayed, colour));
}

// What a page shows of a case: redacted, its own transcript and journal.
struct PageCase {
  Transcript transcript;
  std::vector<sim::JournalEntry> journal;
};

void write_html(const ReplayOptions& options, const std::vector<ReplayCase>& cases, const std::string& summary) {
  Redactor redactor = host_redactor();
  std::deque<PageCase> shown;  // stay where they are
  std::vector<PageRun> runs;
  for (const auto& replayed : cases) {
    const auto& result = replayed.result;
    auto& page = shown.emplace_back(PageCase{replayed.transcript, result.journal});
    std::string report = report_failure(replayed, false);
    if (options.redact) {
      redact_run(page.transcript, page.journal, redactor);
      report = redactor.line(report);
    }
    runs.push_back({page.transcript.path, page.transcript, page.journal, result.violations, result.passed(), report});
  }
  os::write_output(options.html, html_page(runs, cases.size() == 1 ? runs.front().title : summary));
}

// Mismatches point into the transcript they were checked against, so a case must not be copied.
int run_replay(const ReplayOptions& options) {
  if (options.bless) refuse_bless_in_ci();
  JudgeCache judges;
  auto transcripts = load_all(select_transcripts(options), judges);
  if (transcripts.empty()) return exit_bad_input;
  std::vector<ReplayCase> cases(transcripts.size());
  std::size_t passed = 0;
  bool broken = false;
  bool owing = false;
  for (std::size_t i = 0; i < transcripts.size(); ++i) {
    ReplayCase& replayed = cases[i];
    replayed.transcript = std::move(transcripts[i]);
    replayed.result = sim::replay(replayed.transcript, judges);
    if (options.bless) bless(replayed, judges);
    print_report(replayed, options);
    passed += replayed.result.passed() ? 1U : 0U;
    for (const auto& violation : replayed.result.violations) {
      (violation.invariant == sim::liveness_invariant ? owing : broken) = true;
    }
  }
  const auto summary = fmt::format("{} passed, {} failed", passed, cases.size() - passed);
  if (!options.junit.empty()) write_junit(options.junit, cases);
  if (!options.html.empty()) write_html(options, cases, summary);
  if (options.json) {
    spdlog::info("{}", summary);  // stdout is for JSON Lines only
  } else {
    print_out(summary + "\n");
  }
  if (broken) return exit_invariant;
  if (owing) return exit_liveness;
  return passed == cases.size() ? exit_fine : exit_failed;
}

}  // namespace

void add_replay(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ReplayOptions>();
  auto* command = app.add_subcommand("replay", "Play recorded transcripts and check every decision");
  command->add_option("path", options->paths, "Transcripts, or folders of *.transcript files")
      ->type_name("PATH")
      ->required();
  command->add_option("--filter", options->filter, "Only paths that match this regular expression")->type_name("RE");
  command->add_option("--junit", options->junit, "Write the results to this file as JUnit XML")->type_name("FILE");
  command->add_option("--html", options->html, "Write what happened to this file, as a page for a browser")
      ->type_name("FILE");
  command->add_flag("!--no-redact", options->redact, "Keep secrets and names on the page");
  auto* json = command->add_flag("--json", options->json, "Print every journal event as a JSON line");
  command->add_flag("--explain", options->explain, "Print every journal event for people")->excludes(json);
  command->add_flag("--bless", options->bless, "Rewrite the expectations in the files to what was decided")
      ->excludes(json);
  command->callback([options, &chosen] { chosen = [options] { return run_replay(*options); }; });
}

}  // namespace quotawatch
