#include "os/host/foreground_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "os/loop/process_status.h"

namespace quotawatch::os {
namespace {

using namespace std::string_view_literals;

TEST(ForegroundProgram, AShellIsInteractiveWithoutAScriptOrCommand) {
  for (const auto arguments :
       {"bash\0"sv, "-zsh\0"sv, "/bin/bash\0--login\0-i\0"sv, "fish\0"sv, "/usr/bin/sh\0+x\0"sv}) {
    EXPECT_TRUE(is_interactive_shell(arguments)) << arguments;
  }
  for (const auto arguments : {"bash\0agent.sh\0"sv, "sh\0-c\0agent\0"sv, "bash\0-lc\0agent\0"sv, "node\0"sv,
                               "claude\0"sv, ""sv, "bashful\0"sv, "python3\0-i\0"sv}) {
    EXPECT_FALSE(is_interactive_shell(arguments)) << arguments;
  }
}

TEST(ForegroundProgram, AProcessThatIsGoneHasNone) { EXPECT_FALSE(foreground_program(999'999'999)); }

// A process that ends between the opening and the reading of its file fails the reading; so does the first
// byte of our own memory.
TEST(ForegroundProgram, AFileThatCannotBeReadIsEmpty) {
  EXPECT_EQ(read_process_file(::getpid(), "mem"), "");
  EXPECT_NE(read_process_file(::getpid(), "cmdline"), "");
}

}  // namespace
}  // namespace quotawatch::os
