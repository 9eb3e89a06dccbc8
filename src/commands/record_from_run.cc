// quotawatch record --from-run: the last minutes of a monitor, as a regression test.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/record.h"
#include "os/control/monitor_query.h"
#include "os/control/private_socket.h"
#include "os/files/recording_file.h"
#include "os/host/acting_user.h"
#include "os/host/system_clock.h"
#include "quotawatch/config.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/pack.h"
#include "report/console.h"
#include "report/replay_report.h"
#include "run/option_values.h"
#include "run/recording_answer.h"
#include "sim/replay/settled_recording.h"

namespace quotawatch {
namespace {

constexpr Milliseconds recording_timeout{20'000};
constexpr Milliseconds around{std::chrono::minutes{5}};

RecordingQuestion question_of(const RecordOptions& options) {
  const WallTime now = os::read_system_clock().wall;
  RecordingQuestion question;
  question.redact = options.redact;
  if (!options.around.empty()) {
    const auto moment = parse_wall(options.around);
    if (!moment) {
      throw InputError("--around", 0,
                       fmt::format("{} is no time; write 2026-11-23T19:51:05Z, as the journal has "
                                   "it",
                                   in_quotes(options.around)));
    }
    question.from = *moment - around;
    question.to = *moment + around;
    return question;
  }
  question.from = now - duration_of_option("--last", options.last);
  question.to = now;
  return question;
}

RecordingAnswer ask(const std::string& socket, const RecordingQuestion& question) {
  const auto reply = os::ask_monitor(socket, to_json(question), recording_timeout);
  using Outcome = os::MonitorReply::Outcome;
  if (reply.outcome == Outcome::not_running) {
    throw InputError(socket, 0, "no monitor runs with this config; `quotawatch run --config` starts one");
  }
  if (reply.outcome != Outcome::answered) throw InputError(socket, 0, reply.why);
  return read_recording_answer(reply.text, "the monitor");
}

struct Asked {
  sim::SettledRecording settled;
  std::array<std::size_t, secret_kind_count> redacted{};
};

Asked ask_and_settle(const std::string& socket, RecordingQuestion question, JudgeCache& judges) {
  Asked asked;
  const auto ask_for = [&](RecordedTimes times) -> sim::WrittenRecording {
    question.times = times;
    const auto answer = ask(socket, question);
    asked.redacted = answer.redacted;
    return {parse_transcript(answer.transcript, "recording"), answer.waiting};
  };
  asked.settled = sim::settle_recording(ask_for, judges);
  return asked;
}

// If a replay cannot continue from the first choice of beginning, an earlier one usually works.
Asked record(const std::string& socket, RecordingQuestion question, JudgeCache& judges) {
  auto asked = ask_and_settle(socket, question, judges);
  if (asked.settled.same || !asked.settled.waiting) return asked;
  try {
    question.calm = true;
    auto calm = ask_and_settle(socket, question, judges);
    if (calm.settled.same) return calm;
  } catch (const InputError& error) {
    spdlog::debug("{}", escape_controls(error.what()));
  }
  return asked;
}

// Comments for the file's header.
std::vector<std::string> comments_of(const Asked& asked, bool redact) {
  std::vector<std::string> comments{asked.settled.same
                                        ? "replays to the same decisions"
                                        : "REPLAYS DIFFERENTLY: what is expected here is what the run decided"};
  if (asked.settled.times == RecordedTimes::exact)
    comments.emplace_back("polls are as late as they were, for that decides");
  comments.push_back(redact ? "redacted: " + describe_redactions(asked.redacted) : "not redacted");
  auto packs = packs_of(asked.settled.transcript.config);
  std::ranges::sort(packs);
  packs.erase(std::unique(packs.begin(), packs.end()), packs.end());
  for (const auto& pack : packs) {
    if (pack == "auto" || builtin_pack_text(pack)) continue;
    comments.push_back(fmt::format("needs the pack {}, which is not part of this file", escape_controls(pack)));
  }
  return comments;
}

std::string with_comments(std::string text, const std::vector<std::string>& comments) {
  std::string lines;
  for (const auto& comment : comments) lines += fmt::format("# {}\n", comment);
  return text.insert(text.find('\n') + 1, lines);
}

void print_report(const RecordOptions& options, const ReplayCase& replayed, const Asked& asked) {
  const auto& transcript = replayed.transcript;
  spdlog::info("recorded {} from {} to {}, decisions: {}{}", format_duration(transcript.until),
               format_wall(transcript.start), format_wall(transcript.start + transcript.until),
               transcript.expectations.size(), options.to_stdout() ? "" : ", in " + in_quotes(options.output));
  for (const auto& comment : comments_of(asked, options.redact)) spdlog::info("{}", comment);
  if (!asked.settled.same) fmt::print(stderr, "{}", report_failure(replayed, false));
}

}  // namespace

int record_from_run(const RecordOptions& options) {
  JudgeCache judges;
  const auto asked = [&] {
    const std::string path = find_config(options.config, "record");
    const os::ActingUser user(path);
    const Config config = load_config(path);
    return record(os::socket_path(config.state_path), question_of(options), judges);
  }();
  const auto text = with_comments(print_transcript(asked.settled.transcript), comments_of(asked, options.redact));
  if (options.to_stdout()) {
    print_out(text);
  } else {
    os::RecordingFile(options.output, text, options.force);
  }
  ReplayCase replayed;
  replayed.transcript = parse_transcript(text, options.output);
  replayed.result = sim::replay(replayed.transcript, judges);
  print_report(options, replayed, asked);
  return asked.settled.same ? exit_fine : exit_failed;
}

}  // namespace quotawatch
