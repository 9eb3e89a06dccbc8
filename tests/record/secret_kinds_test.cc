// Random secrets of many kinds in the layouts of panes: none is left.
#include "tests/record/secret_kinds.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/text.h"
#include "record/redaction.h"

namespace quotawatch::testing_support {
namespace {

constexpr int rounds = 12;

// Shorter runs are left by chance: the placeholder of "x" is "x".
constexpr int least_leak = 5;

bool is_leak(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return is_digit(c) || is_lower(c) || is_upper(c); }) >= least_leak;
}

// Half a word in the next row cannot be distinguished from the next word.
bool may_pass(std::string_view kind, SecretLayout layout) {
  const bool name = kind.find("ssh «") != kind.npos || kind.find("drwx") != kind.npos;
  return name && (layout == SecretLayout::hard_wrapped || layout == SecretLayout::gutter);
}

TEST(SecretKinds, NoneIsLeftInAnyLayout) {
  std::mt19937 random(20261130);
  Redactor redactor;
  int leaks = 0;
  int screens = 0;
  for (const auto& kind : secret_kinds()) {
    for (int layout = 0; layout < secret_layout_count; ++layout) {
      int of_kind = 0;
      for (int i = 0; i < rounds; ++i) {
        const auto line = draw_secret(kind, random);
        const auto screen = lay_out(line, static_cast<SecretLayout>(layout), random);
        const std::string leak = longest_leak(screen, redactor.screen(screen.text, screen.columns));
        if (may_pass(kind, static_cast<SecretLayout>(layout))) continue;
        ++screens;
        of_kind += is_leak(leak) ? 1 : 0;
      }
      EXPECT_LE(of_kind, 2) << kind << " in layout " << layout;
      leaks += of_kind;
    }
  }
  EXPECT_GT(screens, 7000);
  EXPECT_LE(leaks, screens / 500);
}

TEST(SecretKinds, SentencesAboutSecretsStay) {
  for (const char* text : {
           "Use --password to set one, and --token for CI.",
           "The password must have 12 characters; a token is better.",
           "Connect with ssh to the server, then ping it.",
           "curl -u is for a user and a password",
           "docker run -u 1000:1000 -p 8080:80 nginx",
           "See https://docs.example.org/webhooks for hooks.",
           "const token = await refresh(session)",
           "Error: key not found in map[string]int at utf8ToUtf16LE",
           "https://github.com/acme/app/pull/42?tab=files&page=2",
           "12 passed, 3 failed, 100% of 2048 in 4h14m",
           "feat: parse 0x7fff5fbff8c0 as address of libSystem.B.dylib",
           "req_1 at 2026-11-30T10:00:00Z, node-v20.11.1-linux-x64",
       }) {
    EXPECT_EQ(Redactor().line(text), text);
  }
}

TEST(SecretKinds, TheNextRowStaysIfItSaysSomethingElse) {
  for (const char* next :
       {"  ⎿  5-hour limit reached ∙ resets 8pm", "You've hit your limit · resets 8pm (Europe/Paris)",
        "Claude usage limit", "8pm it is", "5-hour limit reached ∙ resets 8pm"}) {
    const std::string below = fmt::format("\n{}\n", next);
    EXPECT_EQ(Redactor().screen("export MY_TOKEN=ghp_0123456789abcdefghijklmnopqrstuvwxyzAB" + below, 80),
              "export MY_TOKEN=ghp_0000000000xxxxxxxxxxxxxxxxxxxxxxxxxxXX" + below);
  }
}

}  // namespace
}  // namespace quotawatch::testing_support
