#include "transcript/transcript_lines.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "quotawatch/verdict.h"

namespace quotawatch {
namespace {

const std::vector<std::string> action_words{"screen",   "gone",  "fail",    "linked", "ended", "started", "tmux",
                                            "switcher", "clock", "restart", "crash",  "stall", "state",   "disk",
                                            "account",  "pause", "used",    "mode",   "typed", "witness", "truth"};

ShowScreen parse_size(LineReader& line) {
  ShowScreen screen;
  const std::string size = line.word("the size of the pane, such as 80x24");
  static const RE2 form("(\\d{1,4})x(\\d{1,4})");
  if (!RE2::FullMatch(size, form, &screen.columns, &screen.rows) || screen.columns == 0 || screen.rows == 0) {
    line.fail(fmt::format("{} is no size; write columns x rows, such as 80x24", in_quotes(size)));
  }
  return screen;
}

ShowScreen parse_screen(LineReader& line) {
  const std::string session = line.word("the name of a session");
  ShowScreen screen = parse_size(line);
  screen.session = session;
  return screen;
}

// "up, down or slow"
std::string one_of(const std::vector<std::string>& names) {
  if (names.size() == 1) return names.front();
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

// Reads the next word, which must be one of `names`, and returns its index.
std::size_t choose(LineReader& line, std::string_view word_before, const std::vector<std::string>& names) {
  const std::string known = one_of(names);
  const std::string word = line.word(known);
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) {
    line.fail(fmt::format("{} {}: should be {}", word_before, in_quotes(word), known));
  }
  return static_cast<std::size_t>(found - names.begin());
}

SetServer parse_server(LineReader& line) {
  SetServer server;
  server.mode = static_cast<TmuxFault::Mode>(choose(line, "tmux", tmux_mode_names.all()));
  if (server.mode == TmuxFault::Mode::slow) server.delay = line.duration("how long it takes");
  return server;
}

Restart parse_restart(LineReader& line) {
  if (line.at_end()) return {};
  const std::string word = line.word("after");
  if (word != "after") {
    line.fail(fmt::format("{} is too much here; write `restart` or `restart after 30s`", in_quotes(word)));
  }
  return {line.duration("how long nothing runs")};
}

Crash parse_crash(LineReader& line) {
  Crash crash;
  crash.point.after = choose(line, "crash", {"before", "after"}) == 1;
  const auto steps =
      crash.point.after ? fail_step_names.all() : std::vector<std::string>{"save", "write", "start", "type"};
  crash.point.step = static_cast<FailStep>(choose(line, crash.point.after ? "crash after" : "crash before", steps));
  if (line.at_end()) return crash;
  const std::string count = line.word("which one, counted from 1");
  static const RE2 number("[1-9]\\d{0,5}");
  if (!RE2::FullMatch(count, number)) {
    line.fail(fmt::format("{} is no count; write which one is meant, counted from 1", in_quotes(count)));
  }
  crash.point.passed_over = std::stoul(count) - 1;
  return crash;
}

// "no such account", "after 2s no such account"
SwitcherOutcome parse_failure(LineReader& line) {
  SwitcherOutcome outcome{SwitcherOutcome::Kind::fail, Milliseconds{0}, line.rest("why it fails")};
  static const RE2 delayed(R"((?s)after[ \t]+(\d[^ \t]*)[ \t]+(.+))");
  std::string delay;
  std::string why;
  if (!RE2::FullMatch(outcome.why, delayed, &delay, &why)) return outcome;
  try {
    return {outcome.kind, parse_duration(delay), why};
  } catch (const std::invalid_argument& error) {
    line.fail(error.what());
  }
}

SetSwitcher parse_switcher(LineReader& line) {
  using Kind = SwitcherOutcome::Kind;
  const std::string group = line.take("of") ? line.word("the name of a group") : "";
  const std::string how = line.word("ok, fail or hang");
  if (how == "ok") {
    return {{Kind::ok, line.at_end() ? Milliseconds{0} : line.duration("a delay"), ""}, group};
  }
  if (how == "fail") return {parse_failure(line), group};
  if (how == "hang") return {{Kind::hang, Milliseconds{0}, ""}, group};
  line.fail(fmt::format("switcher {}: should be ok, fail or hang", in_quotes(how)));
}

StepClock parse_clock(LineReader& line) {
  const std::string step = line.word("a step such as +1h or -30s");
  const bool back = !step.empty() && step[0] == '-';
  if (!back && (step.empty() || step[0] != '+')) {
    line.fail(fmt::format("clock {}: a step begins with + or -", in_quotes(step)));
  }
  try {
    const auto by = parse_duration(std::string_view(step).substr(1));
    return {back ? -by : by};
  } catch (const std::invalid_argument& error) {
    line.fail(error.what());
  }
}

AccountCommand parse_account(LineReader& line) {
  const auto kind = static_cast<AccountCommand::Kind>(choose(line, "account", account_command_names()));
  std::string account = line.word("the name of an account");
  return {kind, std::move(account), line.take("of") ? line.word("the name of a group") : ""};
}

bool parse_boolean(LineReader& line, const std::string& name, const std::string& value) {
  if (value == "true") return true;
  if (value == "false") return false;
  line.fail(fmt::format("{}={}: should be true or false", name, in_quotes(value)));
}

WallTime parse_instant(LineReader& line, const std::string& name, const std::string& value) {
  if (const auto time = parse_wall(value)) return *time;
  line.fail(fmt::format("{}={}: should be a time such as 2026-11-23T19:51:05Z", name, in_quotes(value)));
}

void set_truth(LineReader& line, const std::string& name, std::string value, Truth& truth) {
  static const std::vector<std::string> names{"counts", "blocked",      "hidden",  "answered",
                                              "asked",  "conversation", "message", "resets_at"};
  if (name == "counts") {
    truth.counts = parse_boolean(line, name, value);
  } else if (name == "blocked") {
    truth.blocked = parse_boolean(line, name, value);
  } else if (name == "hidden") {
    truth.hidden = parse_boolean(line, name, value);
  } else if (name == "answered") {
    truth.answered = parse_boolean(line, name, value);
  } else if (name == "asked") {
    truth.asked = parse_boolean(line, name, value);
  } else if (name == "conversation") {
    truth.conversation = std::move(value);
  } else if (name == "message") {
    truth.message = std::move(value);
  } else if (name == "resets_at") {
    truth.resets_at = parse_instant(line, name, value);
  } else {
    line.fail(fmt::format("{} is no part of a truth{}", in_quotes(name), suggest(name, names)));
  }
}

SetTruth parse_truth(LineReader& line) {
  SetTruth set;
  set.session = line.word("the name of a session");
  const std::string says = line.word("what it shows, such as exhausted");
  const auto verdict = find_verdict(says);
  if (!verdict) {
    line.fail(fmt::format("{} is no verdict{}", in_quotes(says), suggest(says, verdict_names())));
  }
  set.truth.says = *verdict;
  while (!line.at_end()) {
    auto [name, value] = line.field();
    set_truth(line, name, std::move(value), set.truth);
  }
  return set;
}

// "95%/5h/2026-11-23T23:00:00Z", the reset left out where it is not known.
WindowUse parse_use(LineReader& line, std::string_view text) {
  static const RE2 form(R"((\d{1,3})%/([^/]+)(?:/(.+))?)");
  std::string window;
  std::string reset;
  WindowUse use;
  const bool fits = RE2::FullMatch(re2::StringPiece(text.data(), text.size()), form, &use.percent, &window, &reset);
  if (!fits || use.percent > 100) {
    line.fail(fmt::format("used={}: should be 95%/5h, or 95%/5h/2026-11-23T23:00:00Z", in_quotes(text)));
  }
  try {
    use.window = parse_duration(window);
  } catch (const std::invalid_argument& error) {
    line.fail(fmt::format("used={}: {}", in_quotes(text), error.what()));
  }
  if (!reset.empty()) use.reset_at = parse_instant(line, "used", reset);
  return use;
}

SetWitness parse_witness(LineReader& line) {
  SetWitness set;
  set.session = line.word("the name of a session");
  auto words = testimony_names();
  words.emplace_back("none");
  const std::size_t chosen = choose(line, "witness", words);
  if (chosen + 1 < words.size()) set.says = static_cast<Testimony::Says>(chosen);
  while (!line.at_end()) {
    const auto [name, value] = line.field();
    if (name == "resets_at") {
      set.reset_at = parse_instant(line, name, value);
    } else if (name == "used") {
      std::string_view rest = value;
      while (!rest.empty()) set.use.push_back(parse_use(line, take_until(rest, ',')));
    } else {
      line.fail(fmt::format("{} is no field of a witness; there are resets_at and used", in_quotes(name)));
    }
  }
  if (!set.use.empty() && !set.says) line.fail("where there is no record, nothing is known to be used");
  if (set.reset_at && set.says != Testimony::Says::refused) line.fail("only a refused turn has resets_at");
  return set;
}

// A value that the field can never have is an error in the transcript.
void check_field(LineReader& line, const std::string& name, const std::string& value) {
  if (value.empty()) return;  // the field is not set
  if (name == "reset_at" || name == "retry_at") parse_instant(line, name, value);
  if (name == "verdict" && !find_verdict(value)) {
    line.fail(fmt::format("verdict={}: is no verdict{}", in_quotes(value), suggest(value, verdict_names())));
  }
  static const RE2 count("\\d{1,9}");
  if ((name == "pool" || name == "interactive") && !RE2::FullMatch(value, count)) {
    line.fail(fmt::format("{}={}: should be a count of sessions", name, in_quotes(value)));
  }
  if (name == "percent" && !RE2::FullMatch(value, count)) {
    line.fail(fmt::format("percent={}: should be a number", in_quotes(value)));
  }
  if (name == "attempt" && !RE2::FullMatch(value, count)) {
    line.fail(fmt::format("attempt={}: should be a count", in_quotes(value)));
  }
  if (name == "confirmed" || name == "dry_run") parse_boolean(line, name, value);
}

}  // namespace

void LineReader::fail(const std::string& problem) const { throw InputError(path_, number_, problem); }

bool LineReader::at_end() {
  rest_ = trim(rest_);
  return rest_.empty();
}

std::string LineReader::quoted_word() {
  std::size_t end = 1;
  while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2U : 1U;
  if (end >= rest_.size()) fail("a quote is opened and never closed");
  const auto text = rest_.substr(0, end + 1);
  rest_.remove_prefix(end + 1);
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_string()) fail(fmt::format("{} is not quoted as JSON quotes", escape_controls(text)));
  return parsed.get<std::string>();
}

std::string LineReader::word(std::string_view what) {
  if (at_end()) fail(fmt::format("ends too early; {} is missing", what));
  if (rest_[0] == '"') return quoted_word();
  const auto text = rest_.substr(0, rest_.find_first_of(" \t"));
  rest_.remove_prefix(text.size());
  return std::string(text);
}

std::pair<std::string, std::string> LineReader::field() {
  rest_ = trim(rest_);
  const auto equals = rest_.find('=');
  const auto space = rest_.find_first_of(" \t");
  if (equals == std::string_view::npos || equals > space) {
    fail(fmt::format("{} is no field; write name=value", in_quotes(rest_.substr(0, space))));
  }
  std::string name(rest_.substr(0, equals));
  rest_.remove_prefix(equals + 1);
  if (rest_.empty() || rest_[0] == ' ') return {std::move(name), ""};
  return {std::move(name), word("a value")};
}

std::string LineReader::rest(std::string_view what) {
  if (at_end()) fail(fmt::format("ends too early; {} is missing", what));
  return std::string(std::exchange(rest_, {}));
}

Milliseconds LineReader::duration(std::string_view what) {
  const std::string text = word(what);
  try {
    return parse_duration(text);
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
}

Milliseconds LineReader::offset() {
  rest_ = trim(rest_);
  if (rest_.empty() || rest_[0] != '@') {
    fail("a time since the start is missing here; write it as @30s");
  }
  rest_.remove_prefix(1);
  return duration("a time since the start, such as @30s,");
}

void LineReader::expect_end() {
  if (!at_end()) fail(fmt::format("{} is too much here", in_quotes(rest_)));
}

std::string in_quotes_always(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string quote_word(std::string_view text) {
  const bool plain = !text.empty() && text[0] != '"' && text.find_first_of(" \t") == std::string_view::npos &&
                     escape_controls(text) == text;
  if (plain) return std::string(text);
  return in_quotes_always(text);
}

Action parse_action(LineReader& line) {
  const std::string word = line.word("what happens");
  const auto action = [&]() -> Action {
    if (word == "screen") return parse_screen(line);
    if (word == "gone") return RemoveSession{line.word("the name of a session")};
    if (word == "fail") {
      std::string session = line.word("the name of a session");
      return FailCaptures{std::move(session), line.rest("why its captures fail")};
    }
    if (word == "linked") {
      std::string session = line.word("the name of a session");
      return LinkSession{std::move(session), line.word("the session whose pane it shows")};
    }
    if (word == "ended") return EndProgram{line.word("the name of a session")};
    if (word == "started") return StartProgram{line.word("the name of a session")};
    if (word == "tmux") return parse_server(line);
    if (word == "switcher") return parse_switcher(line);
    if (word == "clock") return parse_clock(line);
    if (word == "restart") return parse_restart(line);
    if (word == "crash") return parse_crash(line);
    if (word == "stall") return Stall{line.duration("how long the monitor gets no time")};
    if (word == "state") {
      return DamageState{static_cast<StateDamage>(choose(line, "state", state_damage_names.all()))};
    }
    if (word == "disk") return SetDisk{choose(line, "disk", {"ok", "full"}) == 1};
    if (word == "account") return parse_account(line);
    if (word == "pause") {
      if (line.at_end()) return PauseCommand{};
      return PauseCommand{line.duration("for how long; 0 ends the pause")};
    }
    if (word == "used") return UseClient{line.word("the name of a session")};
    if (word == "mode") {
      std::string session = line.word("the name of a session");
      return SetMode{std::move(session), choose(line, "mode", {"off", "copy"}) == 1};
    }
    if (word == "witness") return parse_witness(line);
    if (word == "truth") return parse_truth(line);
    line.fail(fmt::format("{} is nothing that can happen{}", in_quotes(word), suggest(word, action_words)));
  }();
  line.expect_end();
  return action;
}

bool LineReader::take(std::string_view expected) {
  rest_ = trim(rest_);
  const auto word = rest_.substr(0, rest_.find_first_of(" \t"));
  if (word != expected) return false;
  rest_.remove_prefix(word.size());
  return true;
}

Expectation parse_typed(LineReader& line, Milliseconds offset) {
  Expectation expectation{offset, EventKind::typed, {}, line.number()};
  expectation.fields.emplace_back("session", line.word("the name of a session"));
  if (line.at_quote()) {
    expectation.fields.emplace_back("how", "type");
    expectation.fields.emplace_back("text", line.word("the text"));
    line.expect_end();
    return expectation;
  }
  const std::vector<std::string> kinds{"key", "restart", "command"};
  const std::string how = kinds[choose(line, "typed", kinds)];
  std::string text = line.word(how == "key" ? "the key" : "the program");
  if (how == "key") line.expect_end();
  while (!line.at_end()) text += " " + quote_word(line.word("an argument"));
  expectation.fields.emplace_back("how", how);
  expectation.fields.emplace_back("text", text);
  return expectation;
}

AnswerKeys parse_answer(LineReader& line) {
  AnswerKeys answer;
  answer.line = line.number();
  const std::string session = line.word("the name of a session");
  if (line.take("after")) answer.delay = line.duration("how long the program takes");
  if (!line.take("screen")) line.fail("`on typed NAME` is answered by a screen; write `on typed NAME screen 80x24`");
  answer.screen = parse_size(line);
  answer.screen.session = session;
  line.expect_end();
  return answer;
}

Expectation parse_expectation(LineReader& line) {
  Expectation expectation;
  expectation.line = line.number();
  expectation.offset = line.offset();
  const std::string name = line.word("the event expected");
  const auto kind = find_event(name);
  if (!kind) {
    line.fail(fmt::format("{} is no event{}", in_quotes(name), suggest(name, event_names())));
  }
  expectation.kind = *kind;
  if (*kind == EventKind::typed)
    line.fail("what is typed stands without `expect`: write `@60s typed main \"continue\"`");
  const auto known = field_names();
  while (!line.at_end()) {
    auto field = line.field();
    if (std::find(known.begin(), known.end(), field.first) == known.end()) {
      line.fail(fmt::format("{} is no field of an event{}", in_quotes(field.first), suggest(field.first, known)));
    }
    check_field(line, field.first, field.second);
    expectation.fields.push_back(std::move(field));
  }
  return expectation;
}

}  // namespace quotawatch
