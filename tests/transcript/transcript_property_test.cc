// Transcripts written from values, and transcripts damaged at random.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quotawatch/input_error.h"
#include "quotawatch/verdict.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {
namespace {

// Valid UTF-8 without newline and NUL, otherwise arbitrary.
rc::Gen<std::string> any_text() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "B", "é", "漢", "🎉", " ", "\t", "\"", "\\", "/", "|", "@", "#", "=", "'", "$()", ":",
                          ".", "\x1b", "\r", "\x7f", "\u0085", "\u00a0", "\u202e", "expect")),
                      [](const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "")); });
}

// A name may contain newlines but must not be empty.
rc::Gen<std::string> any_name() {
  return rc::gen::map(rc::gen::pair(any_text(), rc::gen::element<std::string>("x", "\n", " ", "\"", "é")),
                      [](const auto& parts) { return parts.first + parts.second; });
}

// A reason takes the rest of its line.
rc::Gen<std::string> any_reason() {
  return rc::gen::map(any_text(), [](const std::string& text) { return "<" + text + ">"; });
}

Milliseconds any_time() {
  return Milliseconds{
      *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 100'000), rc::gen::inRange<std::int64_t>(0, 100'000'000))};
}

// Includes texts that look like the delay before a failure.
rc::Gen<std::string> any_failure() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::element<std::string>("", "after ", "after 2s ", "after  1ms\tafter "), any_reason()),
      [](const auto& parts) { return parts.first + parts.second; });
}

Action any_switcher() {
  using Kind = SwitcherOutcome::Kind;
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return SetSwitcher{{Kind::ok, any_time(), ""}};
    case 1:
      return SetSwitcher{{Kind::fail, *rc::gen::arbitrary<bool>() ? any_time() : Milliseconds{0}, *any_failure()}};
    default:
      return SetSwitcher{{Kind::hang, Milliseconds{0}, ""}};
  }
}

Action any_screen() {
  ShowScreen screen;
  screen.session = *any_name();
  screen.columns = *rc::gen::inRange(1, 10'000);
  screen.lines = *rc::gen::container<std::vector<std::string>>(any_text());
  screen.rows = static_cast<int>(screen.lines.size()) + *rc::gen::inRange(1, 100);
  return screen;
}

TmuxFault any_tmux_fault() {
  using Mode = TmuxFault::Mode;
  const auto mode = *rc::gen::element(Mode::up, Mode::down, Mode::slow, Mode::garbled);
  return {mode, mode == Mode::slow ? any_time() : Milliseconds{0}};
}

Action any_crash() {
  FailPoint point;
  point.after = *rc::gen::arbitrary<bool>();
  point.step = *rc::gen::element(FailStep::save, FailStep::write, FailStep::start);
  if (point.after && *rc::gen::arbitrary<bool>()) point.step = FailStep::report;
  point.passed_over = *rc::gen::inRange<std::size_t>(0, 1'000'000);
  return Crash{point};
}

WallTime any_instant() { return *parse_wall("2026-11-23T19:51:05Z") + any_time(); }

Action any_truth() {
  SetTruth set;
  set.session = *any_name();
  set.truth.says = *rc::gen::element(Verdict::exhausted, Verdict::throttled, Verdict::unknown);
  set.truth.counts = *rc::gen::arbitrary<bool>();
  set.truth.blocked = *rc::gen::arbitrary<bool>();
  set.truth.conversation = *any_text();
  set.truth.message = *any_text();
  if (*rc::gen::arbitrary<bool>()) set.truth.resets_at = any_instant();
  return set;
}

Action any_action() {
  switch (*rc::gen::inRange(0, 14)) {
    case 13:
      return PauseCommand{
          *rc::gen::element<std::optional<Milliseconds>>(std::nullopt, Milliseconds{0}, Milliseconds{90'000})};
    case 12:
      return AccountCommand{*rc::gen::element(AccountCommand::Kind::free, AccountCommand::Kind::use),
                            *rc::gen::element<std::string>("a", "an account", "\"c\"")};
    case 7:
      return any_truth();
    case 8:
      return any_crash();
    case 9:
      return Stall{any_time()};
    case 10:
      return DamageState{*rc::gen::element(StateDamage::lost, StateDamage::torn, StateDamage::old)};
    case 11:
      return SetDisk{*rc::gen::arbitrary<bool>()};
    case 0:
      return any_screen();
    case 1:
      return RemoveSession{*any_name()};
    case 2:
      return FailCaptures{*any_name(), *any_reason()};
    case 3:
      return any_tmux_fault();
    case 4:
      return any_switcher();
    case 5:
      return StepClock{*rc::gen::element(1, -1) * any_time()};
    default:
      return Restart{any_time()};
  }
}

constexpr std::string_view transcript_header =
    "quotawatch-transcript 1\nstart 2026-11-23T19:51:05Z\n"
    R"(config {"accounts":[{"name":"a"},{"name":"an account"},{"name":"\"c\""}],"active_account":"a"})"
    "\n";

RC_GTEST_PROP(TranscriptProperty, EventsAreReadBackAsTheyWereWritten, ()) {
  const TranscriptEvent event{any_time(), any_action(), 0};
  const std::string text = fmt::format("{}\n{}\n", transcript_header, format_event(event));
  RC_LOG() << text << "\n";
  const auto transcript = parse_transcript(text, "file");
  RC_ASSERT(transcript.events.size() == 1U);
  RC_ASSERT(transcript.events[0].offset == event.offset);
  RC_ASSERT(transcript.events[0].action == event.action);
}

State any_state() {
  State state;
  state.active_account = *any_text();
  state.activation_order = *rc::gen::resize(5, rc::gen::container<std::vector<std::string>>(any_text()));
  for (const auto& account : state.activation_order) state.limited_until[account] = any_instant();
  if (*rc::gen::arbitrary<bool>()) {
    state.last_switch = DoneSwitch{*any_name(), *any_text(), *any_text(), any_instant()};
  }
  if (*rc::gen::arbitrary<bool>()) {
    state.in_flight =
        SwitchRequest{*any_name(), *any_text(), *any_text(), *any_name(), *any_text(), std::nullopt, any_instant()};
  }
  state.switches_asked = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
  state.exhaustion_reported = *rc::gen::arbitrary<bool>();
  for (const auto& session : *rc::gen::resize(5, rc::gen::container<std::vector<std::string>>(any_name()))) {
    SessionMemory& memory = state.sessions[session];
    memory.sighting = Sighting{{Fingerprint::of(*any_name()), {{1, 2}, false, false}}, any_instant(), *any_text()};
    memory.stale_reported = *rc::gen::arbitrary<bool>();
  }
  return state;
}

RC_GTEST_PROP(TranscriptProperty, TheHeaderIsReadBackAsItWasWritten, ()) {
  Transcript written;
  written.start = any_instant();
  written.state = any_state();
  written.source = "here";
  written.until = any_time();
  const std::string text = write_transcript(written);
  RC_LOG() << text << "\n";
  const auto transcript = parse_transcript(text, "file");
  RC_ASSERT(transcript.start == written.start);
  RC_ASSERT(transcript.until == written.until);
  RC_ASSERT(transcript.state.has_value());
  RC_ASSERT(same_saved(*transcript.state, *written.state));
}

// A possible value for a field of this name.
std::string any_value(const std::string& name) {
  if (*rc::gen::inRange(0, 10) == 0) return "";  // not set
  if (name == "reset_at" || name == "retry_at") {
    return format_wall(WallTime{Milliseconds{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)}});
  }
  if (name == "verdict") return *rc::gen::elementOf(verdict_names());
  if (name == "pool" || name == "interactive" || name == "attempt" || name == "percent")
    return std::to_string(*rc::gen::inRange(0, 1000));
  if (name == "confirmed" || name == "dry_run") return *rc::gen::element<std::string>("true", "false");
  return *any_name();
}

RC_GTEST_PROP(TranscriptProperty, ExpectationsAreReadBackAsTheyWereWritten, ()) {
  Expectation expectation;
  expectation.kind = *find_event(*rc::gen::elementOf(event_names()));
  expectation.offset = std::chrono::seconds{30} * *rc::gen::inRange(1, 1000);
  for (const auto& name : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(field_names()))) {
    expectation.fields.emplace_back(name, any_value(name));
  }
  std::string cause;
  if (expectation.kind == EventKind::switch_resumed) {
    cause = format_event({expectation.offset, Restart{}, 0});
  } else if (expectation.kind == EventKind::account) {
    cause = format_event({expectation.offset, AccountCommand{AccountCommand::Kind::use, "a"}, 0});
  }
  const std::string text =
      fmt::format("{}until 100h\n\n{}\n{}\n", transcript_header, cause, format_expectation(expectation));
  RC_LOG() << text << "\n";
  const auto transcript = parse_transcript(text, "file");
  RC_ASSERT(transcript.expectations.size() == 1U);
  RC_ASSERT(transcript.expectations[0].offset == expectation.offset);
  RC_ASSERT(transcript.expectations[0].kind == expectation.kind);
  RC_ASSERT(transcript.expectations[0].fields == expectation.fields);
}

constexpr std::string_view sound = R"(quotawatch-transcript 1
start 2026-11-23T19:51:05Z
timezone Europe/Paris
config {"quota":{"pool_threshold":1},"pool":{"dedicated":[{"name":"main"}]},"accounts":[{"name":"a"}],"active_account":"a"}
until 2m

@0s screen main 100x36
|❯ go on
|  ⎿  You've hit your limit · resets 8pm
@45s fail "two words" timed out
@60s switcher ok 5s
@90s clock +1h
@90s restart
expect @30s switch from=a to=b reset_at=2026-11-23T23:00:00Z
expect @35s switch_done why="two words"
)";

void damage(std::string& text) {
  const auto place = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  const auto character =
      *rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string(" \n@|\"\\={}#0123456789smh")));
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      if (place < text.size()) text[place] = character;
      break;
    case 1:
      text.insert(place, 1, character);
      break;
    case 2:
      text.erase(place, *rc::gen::inRange<std::size_t>(1, 40));
      break;
    case 3: {  // a part is repeated elsewhere
      const auto from = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
      text.insert(place, text.substr(from, *rc::gen::inRange<std::size_t>(1, 60)));
      break;
    }
    default:
      if (place < text.size()) text[place] = static_cast<char>(text[place] ^ (1 << *rc::gen::inRange(0, 8)));
  }
}

RC_GTEST_PROP(TranscriptProperty, DamageIsReadExactlyOrRefused, ()) {
  std::string text(sound);
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) damage(text);
  try {
    RC_ASSERT(print_transcript(parse_transcript(text, "file")) == text);
  } catch (const InputError& error) {
    RC_ASSERT(error.line() > 0U);
    RC_ASSERT(error.file() == "file");
  }
}

TEST(TranscriptDamage, ATextCutAnywhereIsReadOrRefused) {
  std::size_t read = 0;
  for (std::size_t size = 0; size <= sound.size(); ++size) {
    const std::string text(sound.substr(0, size));
    try {
      EXPECT_EQ(print_transcript(parse_transcript(text, "file")), text);
      ++read;
    } catch (const InputError& error) {
      EXPECT_GT(error.line(), 0U) << size;
    }
  }
  EXPECT_GT(read, 10U);
}

}  // namespace
}  // namespace quotawatch::sim
