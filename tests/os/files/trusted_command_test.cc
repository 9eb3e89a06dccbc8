// The hook's program: found as exec finds it, refused if others could change it.
#include "os/files/trusted_command.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
namespace fs = std::filesystem;

using Words = std::vector<std::string>;

class TrustedCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"first", "second"}) fs::create_directory(folder_ / name);
  }

  static Words trusted(const Words& command) { return os::trusted_command(command, "the config", "switch.command"); }

  static std::string refusal(const std::string& program) {
    try {
      trusted({program});
      return "";
    } catch (const InputError& error) {
      EXPECT_EQ(error.file(), "the config");
      EXPECT_TRUE(error.problem().starts_with("switch.command: ")) << error.problem();
      return error.problem();
    }
  }

  TemporaryFolder folder_;
  std::string first_ = folder_ / "first";
  std::string second_ = folder_ / "second";
  Variable path_{"PATH", (first_ + ":" + second_).c_str()};
};

TEST_F(TrustedCommandTest, IsLookedUpInPathAndKeepsItsArguments) {
  write_script(second_ + "/hook", "");
  EXPECT_EQ(trusted({"hook", "", "a b"}), (Words{second_ + "/hook", "", "a b"}));
  write_script(first_ + "/hook", "");
  EXPECT_EQ(trusted({"hook"}), Words{first_ + "/hook"});
  EXPECT_EQ(trusted({second_ + "/hook"}), Words{second_ + "/hook"});
  EXPECT_EQ(trusted({}), Words{});
}

TEST_F(TrustedCommandTest, WhatCannotBeRunIsPassedOverInPath) {
  write_file(first_ + "/hook", "");
  write_script(second_ + "/hook", "");
  EXPECT_EQ(trusted({"hook"}), Words{second_ + "/hook"});
  fs::remove(first_ + "/hook");
  fs::create_directory(first_ + "/hook");
  EXPECT_EQ(trusted({"hook"}), Words{second_ + "/hook"});
}

TEST_F(TrustedCommandTest, AnEmptyPlaceInPathIsTheFolderWeAreIn) {
  const auto before = fs::current_path();
  fs::current_path(first_);
  write_script("hook", "");
  const Variable path("PATH", (second_ + ":").c_str());
  const auto found = trusted({"hook"});
  fs::current_path(before);
  EXPECT_EQ(found, Words{"./hook"});
}

TEST_F(TrustedCommandTest, WithoutAPathTheUsualFoldersCount) {
  const Variable path("PATH", nullptr);
  EXPECT_EQ(trusted({"sh"}), Words{"/bin/sh"});
}

TEST_F(TrustedCommandTest, AProgramThatCannotBeRunIsNoDangerAndSaysWhy) {
  EXPECT_EQ(os::why_not_runnable({}), "");
  EXPECT_EQ(os::why_not_runnable({"hook"}), "there is no program \"hook\" in PATH; give its whole path");
  const std::string program = first_ + "/hook";
  EXPECT_EQ(os::why_not_runnable({program}),
            "the program \"" + program + "\" cannot be found: No such file or directory");
  EXPECT_EQ(refusal(program), "");
  write_file(program, "");
  const std::string expected = "\"" + program + "\" cannot be run; it must be a file with permission to (`chmod u+x`)";
  EXPECT_EQ(os::why_not_runnable({program}), expected);
  EXPECT_EQ(os::why_not_runnable({"hook"}), expected);
  EXPECT_NE(os::why_not_runnable({first_}), "");
  EXPECT_EQ(refusal("hook"), "");
}

TEST_F(TrustedCommandTest, AProgramThatOthersCouldChangeIsRefused) {
  const std::string program = first_ + "/hook";
  write_script(program, "");
  EXPECT_EQ(refusal("hook"), "");
  fs::permissions(program, fs::perms{0777});
  EXPECT_NE(refusal("hook").find("the file \"" + program + "\" can be written by everybody"), std::string::npos);
  fs::permissions(program, fs::perms{0755});
  EXPECT_EQ(refusal("hook"), "");
  fs::permissions(first_, fs::perms{0777});
  EXPECT_NE(refusal("hook").find("the folder \"" + first_ + "\" can be written by everybody"), std::string::npos);
  // Others could create a file that does not exist yet.
  fs::remove(program);
  EXPECT_NE(refusal(program).find("can be written by everybody"), std::string::npos);
}

}  // namespace
}  // namespace quotawatch
