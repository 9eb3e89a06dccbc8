// What must not be in recordings, and that removing it changes nothing else.
#include "record/redaction.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <set>

#include "base/text.h"
#include "os/host/system_clock.h"
#include "quotawatch/judge.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {
namespace {

const OwnNames own{{"anna", "claude"}, {"box-7", "box-7.example.org"}};

std::string redacted(std::string_view text, int columns = 0) { return Redactor(own).screen(text, columns); }

struct Case {
  const char* text;
  const char* redacted;
};

TEST(Redaction, TakesOutSecrets) {
  for (const auto& [text, expected] : std::initializer_list<Case>{
           {"key sk-ant-api03-AbCd_12-Zz end", "key sk-ant-xxx00-XxXx_00-Xx end"},
           {"sk-proj-4F", "sk-proj-4F"},
           {"sk-proj-4Fab", "sk-proj-0Xxx"},
           {"OPENAI=sk-abcdefghijklm123", "OPENAI=sk-xxxxxxxxxxxxx000"},
           {"ghp_0123456789abcdefABCDEF", "ghp_0000000000xxxxxxXXXXXX"},
           {"github_pat_11AAAA_bbbb", "github_pat_00XXXX_xxxx"},
           {"AKIAIOSFODNN7EXAMPLE", "AKIAXXXXXXXX0XXXXXXX"},
           {"AIzaSyA-1234567890_abcdefghijklmnopq", "AIzaXxX-0000000000_xxxxxxxxxxxxxxxxx"},
           {"xoxb-1234-abcdEF", "xoxb-0000-xxxxXX"},
           {"eyJhbGciOi.eyJzdWIi.sig_1", "eyJxxXxxXx.xxXxxXXx.xxx_0"},
           {"Authorization: Bearer abc.DEF-12345", "Authorization: Bearer xxx.XXX-00000"},
           {"password=hunter2!", "password=xxxxxx0x"},
           {"DB_PASSWORD: 'pa55 word'", "DB_PASSWORD: 'xx00 xxxx'"},
           {"\"api_key\": \"k3y-value\"", "\"api_key\": \"x0x-xxxxx\""},
           {"export MY_TOKEN=abcd", "export MY_TOKEN=xxxx"},
           {"https://me:pass@example.org/x", "https://xx:xxxx@example.org/x"},
           {"0123456789abcdef0123456789abcdef", "0000000000xxxxxx0000000000xxxxxx"},
       }) {
    EXPECT_EQ(redacted(text), expected);
  }
}

TEST(Redaction, TakesOutNamesOfPeopleAndMachines) {
  for (const auto& [text, expected] : std::initializer_list<Case>{
           {"mail anna.b@example.org now", "mail xxxx.x@xxxxxxx.xxx now"},
           {"cd /home/berta/src/app", "cd /home/xxxxx/src/app"},
           {"/Users/Berta", "/Users/Xxxxx"},
           {"/home/bärbel/x", "/home/xxxxxx/x"},
           {"/home/名前/x", "/home/xxxx/x"},
           {"ls ~berta/src", "ls ~xxxxx/src"},
           {"anna@laptop:~/src$ ls", "xxxx@xxxxxx:~/src$ ls"},
           {"[root@db2 etc]# ls", "[xxxx@xx0 etc]# ls"},
           {"on box-7, by anna", "on xxx-0, by xxxx"},
           {"box-7.example.org box-7", "xxx-0.xxxxxxx.xxx xxx-0"},
           {"box-75 annab", "box-75 annab"},
           {"db.prod.internal:5432", "xx.xxxx.xxxxxxxx:5432"},
           {"10.11.12.13 and 127.0.0.1", "00.00.00.00 and 127.0.0.1"},
           {"2001:db8::8a2e:370:7334", "0000:xx0::0x0x:000:0000"},
       }) {
    EXPECT_EQ(redacted(text), expected);
  }
}

TEST(Redaction, LeavesWhatScreensAreJudgedBy) {
  for (const char* text : {
           "You've hit your limit · resets 8pm (Europe/Paris)",
           "claude.ai/settings https://claude.ai/upgrade github.com/anthropics",
           "Claude Code v2.1.330 · claude-opus-4-1-20250805 · gpt-5.1-codex-max",
           "  ~/src/app  main*  12.3k tokens  context: 45%",
           "Invalid API key · Please run /login",
           "Token usage: total=12,345 input=12,000",
           "Please obtain a new token or refresh your existing token: expired",
           "12:30:45 std::string a::b -----------------------------------------",
           "react@19.1.0 ran npm i, user 1.2.3",
           "/usr/local/share/some/quite/long/path/of/folders/and/files/in/them",
           "123e4567-e89b-12d3-a456-426614174000",
           "password: ********",
       }) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Redaction, FollowsASecretOverTheRightEdge) {
  // Wrapped by the terminal, by a program with its indent, and in a box.
  EXPECT_EQ(redacted("key: sk-ant-ap\ni03-AbCd more\n", 14), "key: sk-ant-xx\nx00-XxXx more\n");
  EXPECT_EQ(redacted("● sk-ant-api03-\n  AbCd more\n", 16), "● sk-ant-xxx00-\n  XxXx more\n");
  EXPECT_EQ(redacted("│ ghp_0123456 │\n│ 789abc ok   │\n", 15), "│ ghp_0000000 │\n│ 000xxx ok   │\n");
  // By a program that breaks lines at a width of its own, which shows in what the next row begins with.
  EXPECT_EQ(redacted("sk-ant-api03\nAbCd more\n", 40), "sk-ant-xxx00\nXxXx more\n");
  EXPECT_EQ(redacted("sk-ant-api03\nmore here\n", 40), "sk-ant-xxx00\nmore here\n");
  EXPECT_EQ(redacted("password=hunter\n● Done, as said\n", 40), "password=xxxxxx\n● Done, as said\n");
}

TEST(Redaction, TakesOutTheRowsOfAPrivateKeyAndNothingBelowIt) {
  const std::string key =
      "  -----BEGIN RSA PRIVATE KEY-----\n"
      "  MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0\n"
      "  AQAB\n"
      "  -----END RSA PRIVATE KEY-----\n"
      "  You've hit your limit\n";
  const auto result = redacted(key, 80);
  EXPECT_EQ(result.find("MIIE"), std::string::npos) << result;
  EXPECT_EQ(result.find("AQAB"), std::string::npos) << result;
  EXPECT_NE(result.find("  -----END RSA PRIVATE KEY-----\n  You've hit your limit\n"), std::string::npos) << result;
}

TEST(Redaction, GivesTheSameThingTheSamePlaceholderAndOthersOthers) {
  Redactor redactor(own);
  const auto first = redactor.line("a@b.org");
  EXPECT_EQ(first, "x@x.xxx");
  EXPECT_NE(redactor.line("c@d.org"), first);
  EXPECT_EQ(redactor.line("a@b.org"), first);
  EXPECT_NE(redactor.line("10.0.0.1"), redactor.line("10.0.0.2"));
  std::set<std::string> all;
  for (int i = 0; i < 500; ++i) all.insert(redactor.line(fmt::format("/home/user{:03}", i)));
  EXPECT_EQ(all.size(), 500U);
}

TEST(Redaction, CountsWhatItFoundOnce) {
  Redactor redactor(own);
  for (int i = 0; i < 3; ++i) {
    redactor.screen("a@b.org ghp_0123456789 /home/berta/x c@d.org\nanna@laptop:~$ 10.0.0.1\n", 80);
  }
  EXPECT_EQ(describe_redactions(redactor.counts()),
            "1 secret, 2 mail addresses, 1 user name, 1 host name, 1 network address");
  EXPECT_EQ(describe_redactions(Redactor().counts()), "nothing");
}

// Every screen that was ever recorded for a test.
template <typename Visit>
void visit_screens(Visit visit) {
  for (const auto& folder : std::filesystem::directory_iterator(FIXTURES)) {
    if (!folder.is_directory() || folder.path().filename() == "bad") continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".transcript") continue;
      const auto transcript = load_transcript(entry.path().string());
      for (const auto& event : transcript.events) {
        if (const auto* screen = std::get_if<ShowScreen>(&event.action)) {
          visit(*screen, entry.path().string());
        }
      }
    }
  }
}

std::string text_of(const ShowScreen& screen) { return fmt::format("{}\n", fmt::join(screen.lines, "\n")); }

bool says_the_same(const Reading& a, const Reading& b) {
  const auto text = [](const Reading& reading) { return reading.reset ? reading.reset->text : std::string(); };
  return a.verdict == b.verdict && a.rule == b.rule && a.row == b.row && text(a) == text(b) &&
         a.unrecognised.empty() == b.unrecognised.empty();
}

TEST(Redaction, ChangesNothingAboutWhatRecordedScreensSay) {
  JudgeCache judges;
  std::size_t count = 0;
  std::size_t changed = 0;
  visit_screens([&](const ShowScreen& screen, const std::string& path) {
    const std::string text = text_of(screen);
    const std::string without = redacted(text, screen.columns);
    ++count;
    changed += without != text ? 1U : 0U;
    EXPECT_EQ(split_lines(without).size(), split_lines(text).size()) << path;
    EXPECT_TRUE(says_the_same(judges.find("auto").read(text), judges.find("auto").read(without))) << path << "\n"
                                                                                                  << without;
  });
  EXPECT_GT(count, 200U);
  EXPECT_GT(changed, 0U);
}

// Secrets inserted into recorded screens are removed, and the verdicts stay the same.
RC_GTEST_PROP(RedactionProperty, SecretsAmongTheRowsChangeNothing, ()) {
  static JudgeCache judges;
  static const auto screens = [] {
    std::vector<ShowScreen> all;
    visit_screens([&](const ShowScreen& screen, const std::string&) { all.push_back(screen); });
    return all;
  }();
  ShowScreen screen = *rc::gen::elementOf(screens);
  const auto secret = *rc::gen::element<std::string>("sk-ant-api03-SECRETsecret01", "ghp_SECRETsecret0123456789",
                                                     "SECRETsecret@example.org", "/home/SECRETsecret/src",
                                                     "https://SECRETsecret:pass1@example.org", "password=SECRETsecret");
  std::vector<std::size_t> blank;
  for (std::size_t i = 0; i < screen.lines.size(); ++i) {
    if (trim(screen.lines[i]).empty()) blank.push_back(i);
  }
  RC_PRE(!blank.empty());
  // Far to the right, where no rule looks; and alone, since a row beside it may be a part of it, and then is taken out.
  const auto at = screen.lines.begin() + static_cast<std::ptrdiff_t>(*rc::gen::elementOf(blank));
  const auto indent = *rc::gen::inRange<std::size_t>(30, 60);
  screen.lines.insert(at, {"", std::string(indent, ' ') + secret});
  const std::string text = text_of(screen);
  const std::string without = redacted(text, screen.columns);
  RC_ASSERT(without.find("SECRETsecret") == std::string::npos);
  RC_ASSERT(without.size() == text.size());
  RC_ASSERT(says_the_same(judges.find("auto").read(text), judges.find("auto").read(without)));
}

// Redaction keeps the number of rows and cells of any screen.
RC_GTEST_PROP(RedactionProperty, KeepsTheLayoutOfAnyScreen, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("a", "B", "7", " ", "\n", "@", ".", "-", "/", "/home/", "=", ":", "|", "│",
                                    "sk-ant-", "ghp_", "0123456789abcdef", "password", "-----BEGIN PRIVATE KEY-----",
                                    "-----END PRIVATE KEY-----", "eyJ", "anna", "box-7", "~", "\"", "é", "\u0301"));
  std::string text;
  for (const auto& word : words) text += word;
  const auto columns = *rc::gen::inRange(0, 40);
  const std::string without = redacted(text, columns);
  const auto before = split_lines(text);
  const auto after = split_lines(without);
  RC_ASSERT(before.size() == after.size());
  RC_ASSERT(find_invalid_utf8(without) == std::string::npos);
  const auto cells = [](std::string_view row) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto byte = static_cast<unsigned char>(row[i]);
      // All except the combining accent take one cell.
      if ((byte & 0xc0U) != 0x80U && byte != 0xccU) ++bytes;
    }
    return bytes;
  };
  for (std::size_t i = 0; i < before.size(); ++i) RC_ASSERT(cells(before[i]) == cells(after[i]));
}

TEST(Redaction, TakesTimeThatGrowsWithTheTextOnly) {
  constexpr std::size_t size = 1 << 20;
  for (const std::string part :
       {"a", "0aB", "anna ", "a@", "@", "a.", "1.", "a:", "/", "/home/a", "~a/", "sk-ant-", "eyJa.",
        "-----BEGIN PRIVATE KEY-----", "password=", "key", "a@b", "A1b2C3d4E5f6G7h8I9\n", " "}) {
    std::string text;
    while (text.size() < size) text += part;
    text += '\n';
    const auto begin = os::read_system_clock().steady;
    redacted(text, 80);
    EXPECT_LT(os::read_system_clock().steady - begin, std::chrono::seconds{10}) << part;
  }
}

}  // namespace
}  // namespace quotawatch::sim
