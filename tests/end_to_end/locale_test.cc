// Screens in UTF-8 are read whatever the locale is, of the monitor as of the tmux server.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/environment.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::run_program;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

// A locale that is not installed, one without UTF-8, and no variable at all.
const std::vector<std::vector<std::string>> locales{
    {}, {"LANG=C"}, {"LC_ALL=POSIX", "LANG=en_US.UTF-8"}, {"LANG=de_DE.ISO-8859-1"}, {"LC_CTYPE=ja_JP.eucJP"}};

class LocaleTest : public testing::Test {
 protected:
  ~LocaleTest() override { tmux({}, {"kill-server"}); }

  // With these variables, and nothing else that a program would expect of a shell.
  std::vector<std::string> in(const std::vector<std::string>& locale, const std::vector<std::string>& command) const {
    std::vector<std::string> words{"env", "-i", "PATH=" + environment_variable("PATH"), "HOME=" + folder_.path(),
                                   "TMUX_TMPDIR=" + folder_.path()};
    words.insert(words.end(), locale.begin(), locale.end());
    words.insert(words.end(), command.begin(), command.end());
    return words;
  }
  std::string tmux(const std::vector<std::string>& locale, const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{"tmux", "-f", "/dev/null", "-L", socket_};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program(in(locale, words)).output;
  }

  TemporaryFolder folder_;
  std::string socket_;
};

TEST_F(LocaleTest, UtfIsReadOnEitherSideWhateverItIs) {
  int servers_so_far = 0;
  for (const auto& servers : locales) {
    socket_ = fmt::format("locale-{}", ++servers_so_far);  // the name of one that ends is not free at once
    write_file(
        folder_ / "quotawatch.json",
        nlohmann::json{{"pool", {{"dedicated", {{{"name", "main"}}}}}}, {"tmux", {{"socket_name", socket_}}}}.dump());
    const std::string screen = demo() + "/screens/ccl-auto-1.txt";
    tmux(servers, {"new-session", "-d", "-s", "main", "-x", "100", "-y", "36", "cat '" + screen + "'; exec sleep 600"});
    ASSERT_TRUE(eventually([&] {
      return tmux({}, {"capture-pane", "-p", "-t", "=main:"}).find("hit your limit") != std::string::npos;
    }));
    for (const auto& ours : locales) {
      const auto result =
          run_program(in(ours, {binary_path(), "run", "--config", folder_ / "quotawatch.json", "--once", "--dry-run"}));
      EXPECT_TRUE(has(result.output, "\"verdict\":\"exhausted\",\"rule\":\"limit-banner\""));
      EXPECT_TRUE(has(result.output, "⎿ \u00a0You've hit your limit · resets 12:20am (Europe/Paris)"))
          << fmt::format("server: {}; monitor: {}", fmt::join(servers, " "), fmt::join(ours, " "));
    }
    tmux(servers, {"kill-server"});
  }
}

}  // namespace
}  // namespace quotawatch::testing_support
