// quotawatch replay: plays recorded transcripts through the monitor, on virtual time.
#include <fmt/format.h>
#include <re2/re2.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/ordered_work.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/files/output_file.h"
#include "os/host/system_clock.h"
#include "quotawatch/input_error.h"
#include "report/cast_export.h"
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
  std::string asciinema;
  std::string session;  // of it
  bool redact = true;   // the page, and the recording
  bool json = false;
  bool explain = false;
  bool bless = false;
  bool list = false;
  std::size_t jobs = 1;
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
    const auto style = passed ? fmt::text_style(fmt::fg(fmt::terminal_color::green))
                              : fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
    print_out(fmt::format("{} {}\n", styled(colour, style, passed ? "passed" : "FAILED"),
                          escape_controls(replayed.transcript.path)));
  }
  if (options.explain) print_out(report_journal(replayed));
  print_out(report_failure(replayed, colour));
}

// What a page or a recording shows of a case: redacted, its own transcript and journal.
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

void write_cast(const ReplayOptions& options, const ReplayCase& replayed) {
  PageCase shown{replayed.transcript, replayed.result.journal};
  if (options.redact) {
    Redactor redactor = host_redactor();
    redact_run(shown.transcript, shown.journal, redactor);
  }
  os::write_output(options.asciinema, cast_of(shown.transcript, shown.journal, options.session));
}

int list(const std::vector<std::string>& paths) {
  for (const auto& path : paths) print_out(escape_controls(path) + "\n");
  return exit_fine;
}

int exit_code(const std::vector<ReplayCase>& cases) {
  bool owing = false;
  for (const auto& replayed : cases) {
    for (const auto& violation : replayed.result.violations) {
      if (violation.invariant != sim::liveness_invariant) return exit_invariant;
      owing = true;
    }
  }
  if (owing) return exit_liveness;
  return std::ranges::all_of(cases, [](const auto& one) { return one.result.passed(); }) ? exit_fine : exit_failed;
}

// A case and its result; mismatches point into the transcript they were checked against, so the transcript stays where
// it is.
struct Replayed {
  sim::ReplayResult result;
  Milliseconds took{0};
};

std::vector<ReplayCase> replay_all(std::vector<Transcript> transcripts, const ReplayOptions& options,
                                   JudgeCache& judges) {
  std::vector<ReplayCase> cases(transcripts.size());
  for (std::size_t i = 0; i < cases.size(); ++i) cases[i].transcript = std::move(transcripts[i]);
  OrderedWork<Replayed> work(cases.size(), [&cases] {
    auto own_judges = std::make_shared<JudgeCache>();
    return [&cases, own_judges](std::size_t i) {
      const auto began = os::read_system_clock().steady;
      Replayed done{sim::replay(cases[i].transcript, *own_judges), {}};
      done.took = os::read_system_clock().steady - began;
      return done;
    };
  });
  std::size_t next = 0;
  work.run(options.jobs, [&](Replayed done) {
    ReplayCase& replayed = cases[next++];
    replayed.result = std::move(done.result);
    replayed.took = done.took;
    if (options.bless) bless(replayed, judges);
    print_report(replayed, options);
  });
  return cases;
}

int run_replay(const ReplayOptions& options) {
  if (options.bless) refuse_bless_in_ci();
  const auto paths = select_transcripts(options);
  if (options.list) return list(paths);
  if (!options.asciinema.empty() && paths.size() != 1) {
    throw InputError("--asciinema", 0, fmt::format("shows one transcript, and there are {}", paths.size()));
  }
  JudgeCache judges;
  auto transcripts = load_all(paths, judges);
  if (transcripts.empty()) return exit_bad_input;
  const auto began = os::read_system_clock().steady;
  const auto cases = replay_all(std::move(transcripts), options, judges);
  const auto passed = std::ranges::count_if(cases, [](const auto& one) { return one.result.passed(); });
  const auto summary = fmt::format("{} passed, {} failed", passed, static_cast<std::ptrdiff_t>(cases.size()) - passed);
  if (!options.junit.empty()) {
    JunitSuite suite{"replay", os::read_system_clock().steady - began, {}};
    std::ranges::transform(cases, std::back_inserter(suite.cases), junit_case);
    write_junit(options.junit, suite);
  }
  if (!options.html.empty()) write_html(options, cases, summary);
  if (!options.asciinema.empty()) write_cast(options, cases.front());
  const int code = exit_code(cases);
  if (options.json) {
    spdlog::info("{}", summary);  // stdout is for JSON Lines only
  } else {
    const auto colour = fmt::fg(code == exit_fine ? fmt::terminal_color::green : fmt::terminal_color::red);
    print_out(styled(stdout_takes_colour(), colour, summary) + "\n");
  }
  return code;
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
  auto* cast = command->add_option("--asciinema", options->asciinema,
                                   "Write what one session showed to this file, for asciinema to play");
  cast->type_name("FILE");
  command->add_option("--session", options->session, "The session to show (default: the first one)")
      ->type_name("NAME")
      ->needs(cast);
  command->add_flag("!--no-redact", options->redact, "Keep secrets and names on the page and in that recording");
  auto* json = command->add_flag("--json", options->json, "Print every journal event as a JSON line");
  command->add_flag("--explain", options->explain, "Print every journal event for people")->excludes(json);
  command->add_flag("--bless", options->bless, "Rewrite the expectations in the files to what was decided")
      ->excludes(json);
  add_jobs_option(*command, options->jobs, "How many transcripts at once; 0: as many as processors");
  command->add_flag("--list", options->list, "Print the paths of the transcripts, and replay none");
  add_color_option(*command);
  command->callback([options, &chosen] { chosen = [options] { return run_replay(*options); }; });
}

}  // namespace quotawatch
