// Transcripts: what is parsed, and that their text is kept unchanged.
#include "transcript/transcript.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/text.h"
#include "tests/support.h"

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view whole = R"(quotawatch-transcript 1
# a comment in the header
start 2026-11-23T19:51:05.250Z
timezone Europe/Paris
config {"quota":{"poll_interval":"10s"},"pool":{"dedicated":[{"name":"main"}]},"pack":"seed"}
source claude-code 2.1.330, tmux 3.3a
until 2m

# a comment in the body
@0s screen main 100x36
|❯ go on
|  |  # not a comment
|
|   trailing blanks   
@1.5s screen "two words" 1x2

@45s gone main
@50s fail main timed out, twice
@60s tmux down
@60s tmux up
  
@60s switcher ok
@60s switcher ok 5s
@60s switcher fail no such account
@60s switcher fail after 1.5s no such account
@60s switcher fail after all
@60s switcher hang
@90s clock +1h
@90s clock -1h30m
@90s restart

expect @10s suspect session=main
# between
expect @15s switch_done from=a to= why="two words"
expect @90s switch_resumed
expect @100s skip reason=cooldown
)";

template <typename T>
T action(const Transcript& transcript, std::size_t index) {
  return std::get<T>(transcript.events.at(index).action);
}

TEST(ParseTranscript, ReadsTheHeader) {
  const auto transcript = parse_transcript(whole, "some/case.transcript");
  EXPECT_EQ(transcript.path, "some/case.transcript");
  EXPECT_EQ(format_wall(transcript.start), "2026-11-23T19:51:05.250Z");
  EXPECT_EQ(transcript.zone.name(), "Europe/Paris");
  EXPECT_EQ(transcript.config.quota.poll_interval, seconds{10});
  EXPECT_EQ(transcript.config.dedicated, std::vector<std::string>{"main"});
  EXPECT_EQ(transcript.config.pack, "seed");
  EXPECT_EQ(transcript.source, "claude-code 2.1.330, tmux 3.3a");
  EXPECT_EQ(transcript.until, minutes{2});
}

TEST(ParseTranscript, ReadsScreensExactly) {
  const auto transcript = parse_transcript(whole, "file");
  const auto screen = action<ShowScreen>(transcript, 0);
  EXPECT_EQ(screen.session, "main");
  EXPECT_EQ(screen.columns, 100);
  EXPECT_EQ(screen.rows, 36);
  EXPECT_EQ(screen.lines, (std::vector<std::string>{"❯ go on", "  |  # not a comment", "", "   trailing blanks   "}));
  EXPECT_EQ(action<ShowScreen>(transcript, 1), (ShowScreen{"two words", 1, 2, {}}));
  EXPECT_EQ(transcript.events.at(0).line, 10U);
  EXPECT_EQ(transcript.events.at(1).offset, Milliseconds{1500});
}

TEST(ParseTranscript, ReadsEverythingThatCanHappen) {
  using Kind = SwitcherOutcome::Kind;
  const auto transcript = parse_transcript(whole, "file");
  ASSERT_EQ(transcript.events.size(), 15U);
  EXPECT_EQ(action<RemoveSession>(transcript, 2), RemoveSession{"main"});
  EXPECT_EQ(action<FailCaptures>(transcript, 3), (FailCaptures{"main", "timed out, twice"}));
  EXPECT_EQ(action<SetServer>(transcript, 4), SetServer{TmuxFault::Mode::down});
  EXPECT_EQ(action<SetServer>(transcript, 5), SetServer{TmuxFault::Mode::up});
  EXPECT_EQ(action<SetSwitcher>(transcript, 6), (SetSwitcher{{Kind::ok, Milliseconds{0}, ""}}));
  EXPECT_EQ(action<SetSwitcher>(transcript, 7), (SetSwitcher{{Kind::ok, seconds{5}, ""}}));
  EXPECT_EQ(action<SetSwitcher>(transcript, 8), (SetSwitcher{{Kind::fail, Milliseconds{0}, "no such account"}}));
  EXPECT_EQ(action<SetSwitcher>(transcript, 9), (SetSwitcher{{Kind::fail, Milliseconds{1500}, "no such account"}}));
  EXPECT_EQ(action<SetSwitcher>(transcript, 10), (SetSwitcher{{Kind::fail, Milliseconds{0}, "after all"}}));
  EXPECT_EQ(action<SetSwitcher>(transcript, 11), (SetSwitcher{{Kind::hang, Milliseconds{0}, ""}}));
  EXPECT_EQ(action<StepClock>(transcript, 12), StepClock{hours{1}});
  EXPECT_EQ(action<StepClock>(transcript, 13), StepClock{-minutes{90}});
  EXPECT_EQ(action<Restart>(transcript, 14), Restart{});
}

TEST(ParseTranscript, ReadsExpectations) {
  const auto transcript = parse_transcript(whole, "file");
  using Fields = std::vector<std::pair<std::string, std::string>>;
  ASSERT_EQ(transcript.expectations.size(), 4U);
  const auto& done = transcript.expectations[1];
  EXPECT_EQ(done.offset, seconds{15});
  EXPECT_EQ(done.kind, EventKind::switch_done);
  EXPECT_EQ(done.fields, (Fields{{"from", "a"}, {"to", ""}, {"why", "two words"}}));
  EXPECT_EQ(done.line, 34U);
  EXPECT_EQ(transcript.expectations[0].fields, (Fields{{"session", "main"}}));
  EXPECT_EQ(transcript.expectations[2].fields, Fields{});
}

std::string minimal(std::string_view header, std::string_view body) {
  return fmt::format("quotawatch-transcript 1\nstart 2026-11-23T19:51:05Z\n{}\n{}", header, body);
}

TEST(ParseTranscript, HasDefaultsForAllButTheStart) {
  const auto transcript = parse_transcript(minimal("", "@70s tmux up\n"), "file");
  EXPECT_EQ(transcript.zone.name(), Zone::utc().name());
  EXPECT_EQ(transcript.config.quota.poll_interval, seconds{30});
  EXPECT_EQ(transcript.config.pack, "auto");
  EXPECT_EQ(transcript.until, seconds{70}) << "the last event's";
  EXPECT_EQ(parse_transcript(minimal("", ""), "file").until, seconds{0});
}

TEST(ParseTranscript, TakesAPackFromBesideTheTranscript) {
  const tests::TemporaryFolder folder;
  folder.write("packs/mine.json", "");
  const auto transcript =
      parse_transcript(minimal("config {\"pack\":\"../packs/mine.json\"}\n", ""), folder.path() + "/cases/file");
  EXPECT_TRUE(std::filesystem::equivalent(transcript.config.pack, folder.path() + "/packs/mine.json"));
}

TEST(PollMoments, ComeOneIntervalAfterTheStartAndEveryRestart) {
  const auto transcript =
      parse_transcript(minimal("until 5m\n", "@45s restart\n@75s restart\n@100s restart\n"), "file");
  std::string moments;
  for (Milliseconds offset{0}; offset <= minutes{3}; offset += Milliseconds{500}) {
    if (is_poll_moment(transcript, offset)) moments += std::to_string(offset.count() / 1000) + " ";
  }
  EXPECT_EQ(moments, "30 130 160 ") << "a restart at 75 s comes before the poll then";
}

TEST(PrintTranscript, GivesTheTextAgain) {
  const std::string text(whole);
  for (const auto& variant : {text, text.substr(0, text.size() - 1), text + "\n\n# end", text + "\n"}) {
    EXPECT_EQ(print_transcript(parse_transcript(variant, "file")), variant);
  }
}

TEST(PrintTranscript, GivesEveryFixtureAgain) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FIXTURES)) {
    if (entry.path().extension() != ".transcript") continue;
    ++count;
    const std::string text = read_file(entry.path(), std::size_t{16} << 20U);
    EXPECT_EQ(print_transcript(load_transcript(entry.path().string())), text) << entry.path();
  }
  EXPECT_GT(count, 0U);
}

TEST(LoadTranscript, SaysWhichFileCannotBeRead) {
  const tests::TemporaryFolder folder;
  EXPECT_TRUE(tests::fails([&] { load_transcript(folder.path() + "/none"); }, 0, "cannot be opened"));
}

}  // namespace
}  // namespace quotawatch::sim
