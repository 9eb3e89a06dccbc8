#include "transcript/transcript.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "base/escapes.h"
#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/session_patterns.h"
#include "transcript/transcript_lines.h"

namespace quotawatch {
namespace {

constexpr std::size_t largest_transcript = 256U << 20;
constexpr std::size_t longest_line = 64U << 10;
constexpr std::size_t longest_state = 16U << 20;
constexpr std::int64_t most_polls = 5'000'000;  // more than four years at the default interval
constexpr std::string_view magic = "quotawatch-transcript 1";
const std::vector<std::string> header_words{"start", "timezone", "config", "state", "source", "until"};

// After these actions, the time of the next poll is not predictable.
bool makes_late(const Action& action) {
  if (const auto* server = std::get_if<SetServer>(&action)) {
    return server->mode == TmuxFault::Mode::slow;
  }
  return std::holds_alternative<Stall>(action) || std::holds_alternative<Crash>(action);
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& path) {
    transcript_.path = path;
    for (const auto line : split_lines(text)) transcript_.lines.emplace_back(line);
    transcript_.ends_with_newline = text.empty() || text.back() == '\n';
  }

  Transcript parse() {
    check_first_lines();
    std::size_t number = 1;
    for (; number < transcript_.lines.size(); ++number) {
      if (trim(transcript_.lines[number]).empty()) break;
      read_header(transcript_.lines[number], number + 1);
    }
    if (!seen_.contains("start")) {
      fail(1, "the header has no start; write `start 2026-11-23T19:51:05Z`");
    }
    for (; number < transcript_.lines.size(); ++number) {
      read_body(transcript_.lines[number], number + 1);
    }
    finish();
    return std::move(transcript_);
  }

 private:
  [[noreturn]] void fail(std::size_t line, const std::string& problem) const {
    throw InputError(transcript_.path, line, problem);
  }

  void check_first_lines() const {
    const std::string first = transcript_.lines.empty() ? "" : transcript_.lines[0];
    if (first.starts_with(magic) && first.ends_with('\r')) {
      fail(1, "has Windows line ends; write it with plain newlines");
    }
    if (first.starts_with("quotawatch-transcript ") && first != magic) {
      fail(1,
           fmt::format("{} is not the format this quotawatch reads; that is {}", in_quotes(first), in_quotes(magic)));
    }
    if (first != magic) {
      fail(1, fmt::format("is no transcript; the first line should be {}", in_quotes(magic)));
    }
    for (std::size_t i = 0; i < transcript_.lines.size(); ++i) {
      const auto& line = transcript_.lines[i];
      const std::size_t longest = line.starts_with("state ") ? longest_state : longest_line;
      if (line.size() > longest) {
        fail(i + 1, fmt::format("longer than {} KiB, more than a row can be", longest / 1024));
      }
    }
  }

  void read_header(std::string_view text, std::size_t number) {
    if (text[0] == '#') return;
    const std::string word(text.substr(0, text.find(' ')));
    const std::string_view value = trim(text.substr(word.size()));
    if (std::find(header_words.begin(), header_words.end(), word) == header_words.end()) {
      const auto hint =
          word[0] == '@' || word == "expect" ? "; an empty line must end the header" : suggest(word, header_words);
      fail(number, fmt::format("{} is no word of the header{}", in_quotes(word), hint));
    }
    if (!seen_.insert(word).second) fail(number, fmt::format("{} stands here twice", word));
    if (value.empty()) fail(number, fmt::format("{} says nothing", word));
    set_header(word, std::string(value), number);
  }

  void set_header(const std::string& word, const std::string& value, std::size_t number) {
    if (word == "start") {
      const auto start = parse_wall(value);
      if (!start) fail(number, fmt::format("{} is no time; write 2026-11-23T19:51:05Z", in_quotes(value)));
      transcript_.start = *start;
    } else if (word == "timezone") {
      const auto zone = Zone::named(value);
      if (!zone) fail(number, fmt::format("{} is no zone{}", in_quotes(value), Zone::suggest(value)));
      transcript_.zone = *zone;
    } else if (word == "config") {
      transcript_.config = parse_config(value, transcript_.path, number);
      transcript_.config_text = value;
    } else if (word == "state") {
      transcript_.state = parse_state(value, transcript_.path, number);
    } else if (word == "source") {
      transcript_.source = value;
    } else {
      LineReader line(value, transcript_.path, number);
      transcript_.until = line.duration("the last moment");
      line.expect_end();
    }
  }

  void read_body(std::string_view text, std::size_t number) {
    if (!text.empty() && text[0] == '|') {
      read_row(text.substr(1), number);
      return;
    }
    open_screen_ = nullptr;
    constexpr std::string_view on_typed = "on typed ";
    if (text.starts_with(on_typed)) return read_answer(text.substr(on_typed.size()), number);
    if (trim(text).empty() || text[0] == '#') return;
    constexpr std::string_view expect = "expect ";
    if (text.substr(0, expect.size()) == expect) {
      read_expectation(text.substr(expect.size()), number);
    } else if (text[0] == '@') {
      read_event(text, number);
    } else {
      if (text[0] == ' ' || text[0] == '\t') fail(number, "begins with a blank; take it out");
      const std::string word(text.substr(0, text.find(' ')));
      fail(number, fmt::format("{} begins no line; lines begin with @TIME, expect, on typed, | or #", in_quotes(word)));
    }
  }

  void read_row(std::string_view row, std::size_t number) {
    if (open_screen_ == nullptr)
      fail(number, "a row without a screen; rows follow their `@TIME screen` line, with nothing between");
    if (open_screen_->lines.size() == static_cast<std::size_t>(open_screen_->rows)) {
      fail(number, fmt::format("one row more than the {} of this screen", open_screen_->rows));
    }
    open_screen_->lines.push_back(without_escapes(row));
  }

  void read_event(std::string_view text, std::size_t number) {
    LineReader line(text, transcript_.path, number);
    TranscriptEvent event;
    event.line = number;
    event.offset = line.offset();
    if (line.take("typed")) return read_typed(line, event.offset);
    check_order(number, transcript_.events.empty() ? Milliseconds{0} : transcript_.events.back().offset, event.offset);
    event.action = parse_action(line);
    transcript_.events.push_back(std::move(event));
    open_screen_ = std::get_if<ShowScreen>(&transcript_.events.back().action);
  }

  // Stands where it happens, among the events, or among the expectations.
  void read_typed(LineReader& line, Milliseconds offset) {
    check_order(line.number(), last_typed_, offset);
    last_typed_ = offset;
    transcript_.expectations.push_back(parse_typed(line, offset));
  }

  void read_answer(std::string_view text, std::size_t number) {
    LineReader line(text, transcript_.path, number);
    transcript_.answers.push_back(parse_answer(line));
    open_screen_ = &transcript_.answers.back().screen;
  }

  void read_expectation(std::string_view text, std::size_t number) {
    LineReader line(text, transcript_.path, number);
    auto expectation = parse_expectation(line);
    check_order(number, last_expected_, expectation.offset);
    last_expected_ = expectation.offset;
    transcript_.expectations.push_back(std::move(expectation));
  }

  void check_order(std::size_t number, Milliseconds before, Milliseconds now) const {
    if (now >= before) return;
    fail(number, fmt::format("the time goes back: @{} stands after @{}", format_offset(now), format_offset(before)));
  }

  void finish() {
    if (!seen_.contains("until") && !transcript_.events.empty()) {
      transcript_.until = transcript_.events.back().offset;
    }
    const auto polls = transcript_.until / transcript_.config.quota.poll_interval;
    check_years();
    if (polls > most_polls) {
      fail(1, fmt::format("{} polls until its end, more than the {} that can be replayed", polls, most_polls));
    }
    check_accounts();
    find_sessions();
    std::ranges::stable_sort(transcript_.expectations, {}, &Expectation::offset);
    check_starts();
    for (const auto& expectation : transcript_.expectations) check_possible(expectation);
  }

  // Those that the config names by pattern are the ones that show something.
  void find_sessions() {
    std::vector<std::string> shown;
    for (const auto& event : transcript_.events) {
      if (const auto* screen = std::get_if<ShowScreen>(&event.action)) shown.push_back(screen->session);
      if (const auto* link = std::get_if<LinkSession>(&event.action)) shown.push_back(link->session);
      if (const auto* fail = std::get_if<FailCaptures>(&event.action)) shown.push_back(fail->session);
    }
    transcript_.config = with_found(std::move(transcript_.config), std::move(shown));
  }

  void check_accounts() const {
    std::vector<std::string> known;
    for (const auto& group : groups_of(transcript_.config)) {
      known.insert(known.end(), group.accounts.begin(), group.accounts.end());
    }
    for (const auto& event : transcript_.events) {
      const auto* command = std::get_if<AccountCommand>(&event.action);
      if (command == nullptr || std::ranges::find(known, command->account) != known.end()) continue;
      fail(event.line, fmt::format("{} is no account of this config{}", in_quotes(command->account),
                                   suggest(command->account, known)));
    }
  }

  // A program that is started shows a screen before or afterwards; else the name is a slip.
  void check_starts() const {
    std::vector<std::string> shown;
    for (const auto& event : transcript_.events) {
      if (const auto* screen = std::get_if<ShowScreen>(&event.action)) shown.push_back(screen->session);
      if (const auto* link = std::get_if<LinkSession>(&event.action)) shown.push_back(link->session);
    }
    for (const auto& event : transcript_.events) {
      const auto* start = std::get_if<StartProgram>(&event.action);
      if (start == nullptr || std::ranges::find(shown, start->session) != shown.end()) continue;
      fail(event.line, fmt::format("{} never shows a screen, so no program can be started in it{}",
                                   in_quotes(start->session), suggest(start->session, shown)));
    }
  }

  // Refuses times near the ends of the years that can be written.
  void check_years() const {
    constexpr auto first = WallTime{};  // 1970
    const auto last = parse_wall("8000-01-01T00:00:00Z");
    Milliseconds stepped{0};
    for (const auto& event : transcript_.events) {
      if (const auto* step = std::get_if<StepClock>(&event.action)) stepped += step->by;
      if (std::chrono::abs(stepped) > std::chrono::hours{24 * 36'600}) {
        fail(event.line, "the clock is stepped more than 100 years away");
      }
    }
    if (transcript_.start < first || transcript_.start > last) {
      fail(1, "starts outside the years 1970 to 8000");
    }
  }

  void check_possible(const Expectation& expectation) const {
    const std::string at = "@" + format_offset(expectation.offset);
    if (expectation.offset > transcript_.until) {
      fail(expectation.line,
           fmt::format("can never hold: {} is after the end, {}", at, format_offset(transcript_.until)));
    }
    switch (expectation.kind) {
      case EventKind::switch_done:
      case EventKind::switch_failed:
      case EventKind::reset:
      case EventKind::resume:
      case EventKind::resumed:
      case EventKind::resume_held:
      case EventKind::resume_failed:
      case EventKind::typed:
        return;  // at any time: when the hook or a limit ends, and a while after it
      case EventKind::account:
        if (is_command_moment<AccountCommand>(expectation.offset)) return;
        fail(expectation.line, fmt::format("can never hold: the operator says nothing of an account at {}", at));
      case EventKind::pause:
        // A poll ends one whose time is over.
        if (is_command_moment<PauseCommand>(expectation.offset)) return;
        if (is_poll_moment(transcript_, expectation.offset)) return;
        fail(expectation.line,
             fmt::format("can never hold: no pause begins or ends at {}, and no poll comes then", at));
      case EventKind::switch_resumed:
        if (is_restart_moment(expectation.offset)) return;
        fail(expectation.line, fmt::format("can never hold: no restart at {}", at));
      default:
        if (is_poll_moment(transcript_, expectation.offset)) return;
        fail(expectation.line, fmt::format("can never hold: no poll at {}; polls come every {} after the start and "
                                           "after each restart",
                                           at, format_duration(transcript_.config.quota.poll_interval)));
    }
  }

  // If tmux is slow, the command may be carried out later.
  template <typename Command>
  bool is_command_moment(Milliseconds offset) const {
    return std::ranges::any_of(transcript_.events, [&](const TranscriptEvent& event) {
      if (event.offset <= offset && makes_late(event.action)) return true;
      return event.offset == offset && std::holds_alternative<Command>(event.action);
    });
  }

  bool is_restart_moment(Milliseconds offset) const {
    const auto starts_run = [&](const TranscriptEvent& event) {
      if (event.offset <= offset && std::holds_alternative<Crash>(event.action)) return true;
      const auto* restart = std::get_if<Restart>(&event.action);
      return restart != nullptr && event.offset + restart->down_for == offset;
    };
    return std::any_of(transcript_.events.begin(), transcript_.events.end(), starts_run);
  }

  Transcript transcript_;
  std::set<std::string> seen_;
  Milliseconds last_expected_{0};
  Milliseconds last_typed_{0};
  ShowScreen* open_screen_ = nullptr;
};

}  // namespace

Transcript parse_transcript(std::string_view text, const std::string& path) {
  check_text(text, path);
  return Parser(text, path).parse();
}

Transcript load_transcript(const std::string& path) {
  return parse_transcript(read_file(path, largest_transcript), path);
}

std::string print_transcript(const Transcript& transcript) {
  std::string text;
  for (const auto& line : transcript.lines) {
    text += line;
    text += '\n';
  }
  if (!transcript.ends_with_newline && !text.empty()) text.pop_back();
  return text;
}

std::string write_transcript(const Transcript& transcript) {
  std::string text =
      fmt::format("{}\nstart {}\ntimezone {}\n", magic, format_wall(transcript.start), transcript.zone.name());
  if (!transcript.config_text.empty()) text += fmt::format("config {}\n", transcript.config_text);
  if (transcript.state) text += fmt::format("state {}\n", to_json_line(*transcript.state));
  if (!transcript.source.empty()) text += fmt::format("source {}\n", transcript.source);
  assert(std::ranges::is_sorted(transcript.events, {}, &TranscriptEvent::offset));
  assert(std::ranges::is_sorted(transcript.expectations, {}, &Expectation::offset));
  text += fmt::format("until {}\n\n", format_duration(transcript.until));
  for (const auto& event : transcript.events) text += format_event(event) + "\n";
  for (const auto& answer : transcript.answers) text += format_answer(answer) + "\n";
  if (!transcript.expectations.empty()) text += '\n';
  for (const auto& expected : transcript.expectations) text += format_expectation(expected) + "\n";
  return text;
}

std::string format_event(const TranscriptEvent& event) {
  return fmt::format("@{} {}", format_offset(event.offset), format_action(event.action));
}

namespace {

std::string format_typed(const Expectation& expectation) {
  std::string session;
  std::string how;
  std::string text;
  for (const auto& [name, value] : expectation.fields) {
    if (name == "session") session = quote_word(value);
    if (name == "how") how = value;
    if (name == "text") text = value;
  }
  const std::string what = how == "type" ? in_quotes_always(text) : how + " " + text;
  return fmt::format("@{} typed {} {}", format_offset(expectation.offset), session, what);
}

}  // namespace

std::string format_answer(const AnswerKeys& answer) {
  const std::string shown = format_action(answer.screen);  // "screen NAME 80x24", and its rows
  const std::string after =
      answer.delay > Milliseconds{0} ? fmt::format(" after {}", format_duration(answer.delay)) : "";
  const std::string name = quote_word(answer.screen.session);
  const std::string_view rest = std::string_view(shown).substr(std::string_view("screen ").size() + name.size());
  return fmt::format("on typed {}{} screen{}", name, after, rest);
}

std::string format_expectation(const Expectation& expectation) {
  if (expectation.kind == EventKind::typed) return format_typed(expectation);
  std::string text = fmt::format("expect @{} {}", format_offset(expectation.offset), event_name(expectation.kind));
  for (const auto& [name, value] : expectation.fields) {
    text += fmt::format(" {}={}", name, value.empty() ? "" : quote_word(value));
  }
  return text;
}

bool is_poll_moment(const Transcript& transcript, Milliseconds offset) {
  // A poll at this moment belongs to the run begun by the last restart before it or at it: events
  // at the moment of a poll come before the poll.
  Milliseconds began{0};
  for (const auto& event : transcript.events) {
    if (event.offset > offset) break;
    if (makes_late(event.action)) return true;
    if (const auto* restart = std::get_if<Restart>(&event.action)) {
      began = event.offset + restart->down_for;
    }
  }
  // A session that was refused at its reset may be polled again whole minutes after a poll.
  constexpr Milliseconds second_look = std::chrono::minutes{1};
  const Milliseconds interval = transcript.config.quota.poll_interval;
  const Milliseconds since_poll = (offset - began) % interval;
  return offset > began && offset - began >= interval && since_poll % second_look == Milliseconds{0};
}

}  // namespace quotawatch
