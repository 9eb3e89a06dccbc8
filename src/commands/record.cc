// quotawatch record: transcripts from real panes, or from what a run has just done.
#include "commands/record.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/text.h"
#include "commands/commands.h"
#include "run/option_values.h"

namespace quotawatch {
namespace {

void add_live_options(CLI::App& command, RecordOptions& options) {
  command.add_option("--session", options.sessions, "Record this session; may be repeated")
      ->allow_extra_args(false)
      ->check(refuse_empty);
  command.add_option("--interval", options.interval, "How often the panes are looked at (1s)")
      ->check(refuse_empty);
  command.add_option("--for", options.length, "End after this long, such as 10m")
      ->check(refuse_empty);
  command.add_option("--max-bytes", options.max_bytes, "End when the file would be larger (64MiB)")
      ->transform(CLI::AsSizeValue(false));
}

void add_run_options(CLI::App& command, RecordOptions& options) {
  auto* from_run = command.add_flag("--from-run", options.from_run,
                                    "What the monitor of this config has just done, instead");
  auto* last = command.add_option("--last", options.last, "How much of it (10m)")
                   ->needs(from_run)
                   ->check(refuse_empty);
  command
      .add_option("--around", options.around,
                  "The minutes around this moment of it, such as 2026-11-23T19:51:05Z")
      ->needs(from_run)
      ->excludes(last)
      ->check(refuse_empty);
}

}  // namespace

void add_record(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RecordOptions>();
  auto* command = app.add_subcommand(
      "record", "Write a transcript of real panes, or of what a run has just done");
  command
      ->add_option("--config", options->config,
                   "The config: which sessions and which tmux; with --from-run, whose monitor")
      ->check(refuse_empty);
  command->add_option("-o,--output", options->output, "The file to make (-: stdout)")
      ->check(refuse_empty);
  command->add_flag("--force", options->force, "Replace the file if it is there");
  command->add_flag("!--no-redact", options->redact,
                    "Leave secrets, mail addresses, names of people and machines in it");
  add_live_options(*command, *options);
  add_run_options(*command, *options);
  command->callback([options, &chosen] {
    chosen = [options] {
      return options->from_run ? record_from_run(*options) : record_live(*options);
    };
  });
}

}  // namespace quotawatch
