// quotawatch record: transcripts of real panes, or of a running monitor's recent past.
#include "commands/record.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "run/option_values.h"

namespace quotawatch {
namespace {

void add_live_options(CLI::App& command, RecordOptions& options) {
  command.add_option("--session", options.sessions, "Record this session; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(refuse_empty);
  command
      .add_option("--interval", options.interval,
                  "How often to capture the panes (default: 1s; of --asciinema: as often as the config polls)")
      ->type_name("DURATION")
      ->check(refuse_empty);
  command.add_option("--for", options.length, "End after this long")->type_name("DURATION")->check(refuse_empty);
  command.add_option("--max-bytes", options.max_bytes, "End when the file would be larger (default: 64MiB)")
      ->type_name("BYTES")
      ->transform(CLI::AsSizeValue(false));
}

void add_run_options(CLI::App& command, RecordOptions& options) {
  auto* from_run =
      command.add_flag("--from-run", options.from_run, "Record the recent past of the running monitor of this config");
  command
      .add_option(
          "--asciinema", options.asciinema,
          "Make the transcript of a recording of asciinema (v2, v3); --session names its session (default: main)")
      ->type_name("CAST")
      ->excludes(from_run)
      ->check(refuse_empty);
  auto* last = command.add_option("--last", options.last, "How far back to record")
                   ->type_name("DURATION")
                   ->capture_default_str()
                   ->needs(from_run)
                   ->check(refuse_empty);
  command.add_option("--around", options.around, "The minutes around this moment, such as 2026-11-23T19:51:05Z")
      ->type_name("TIME")
      ->needs(from_run)
      ->excludes(last)
      ->check(refuse_empty);
}

}  // namespace

void add_record(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RecordOptions>();
  auto* command =
      app.add_subcommand("record", "Write a transcript of real panes, of what a run has just done, or of an asciicast");
  add_config_option(*command, options->config);
  add_socket_option(*command, options->socket);
  add_quiet_flag(*command);
  command->add_option("-o,--output", options->output, "The file to write; - is stdout")
      ->type_name("FILE")
      ->check(refuse_empty);
  command->add_flag("--force", options->force, "Replace the file if it exists");
  command->add_flag("!--no-redact", options->redact, "Keep secrets, mail addresses, names of people and machines");
  add_live_options(*command, *options);
  add_run_options(*command, *options);
  command->callback([options, &chosen] {
    chosen = [options] {
      options->config = search_config(options->config);
      if (!options->asciinema.empty()) return record_asciinema(*options);
      return options->from_run ? record_from_run(*options) : record_live(*options);
    };
  });
}

}  // namespace quotawatch
