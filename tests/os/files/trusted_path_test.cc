// Who could change the file at a path: the rules with made-up files, and real paths followed link
// by link.
#include "os/files/trusted_path.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "os/host/users.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
namespace fs = std::filesystem;
using os::FileDescriptor;
using os::PathPart;
using Kind = PathPart::Kind;

constexpr uid_t us = 1000;
constexpr uid_t nobody_known = 4'000'000;  // no user has this number, so it is shown as a number
constexpr gid_t our_group = 1000;
constexpr gid_t their_group = 4'000'001;

os::Trust trust_of_us() {
  return {us, [](gid_t group) { return group == our_group; }};
}

// The danger that is reported; "" if there is none.
std::string danger(Kind kind, uid_t owner, mode_t mode, gid_t group = our_group, bool has_access_list = false) {
  const PathPart part{"/x", kind, owner, group, mode, has_access_list};
  return os::find_danger(part, trust_of_us()).value_or("");
}

TEST(Danger, IsAFileOfAnotherUser) {
  for (const Kind kind : {Kind::folder, Kind::link, Kind::device, Kind::file}) {
    EXPECT_EQ(danger(kind, us, 0700), "");
    EXPECT_EQ(danger(kind, 0, 0700), "");
    EXPECT_NE(danger(kind, nobody_known, 0700), "");
  }
  EXPECT_EQ(danger(Kind::folder, nobody_known, 0755),
            "the folder \"/x\" belongs to the user 4000000, who could change it; take it over "
            "(`chown " +
                os::user_name(us) + " /x`) or choose a place of your own");
  EXPECT_NE(danger(Kind::link, nobody_known, 0777).find("(`chown -h "), std::string::npos);
}

TEST(Danger, IsWhatEverybodyCanWrite) {
  EXPECT_EQ(danger(Kind::folder, us, 0777), "the folder \"/x\" can be written by everybody; `chmod go-w /x` ends that");
  EXPECT_EQ(danger(Kind::file, 0, 0602), "the file \"/x\" can be written by everybody; `chmod go-w /x` ends that");
  EXPECT_EQ(danger(Kind::file, us, 0755), "");
  // The sticky bit matters for folders only.
  EXPECT_EQ(danger(Kind::folder, 0, 01777), "");
  EXPECT_NE(danger(Kind::file, 0, 01777), "");
  // A link has no permissions of its own, and a device stores nothing that could be changed.
  EXPECT_EQ(danger(Kind::link, us, 0777), "");
  EXPECT_EQ(danger(Kind::device, 0, 0666), "");
}

TEST(Danger, IsWhatAGroupWithOthersInItCanWrite) {
  for (const Kind kind : {Kind::folder, Kind::file}) {
    EXPECT_EQ(danger(kind, us, 0775, our_group), "");
    EXPECT_EQ(danger(kind, us, 0755, their_group), "");
    EXPECT_NE(danger(kind, us, 0775, their_group).find("written by the group 4000001"), std::string::npos);
  }
  EXPECT_EQ(danger(Kind::folder, us, 01775, their_group), "");
}

TEST(Danger, IsAnAccessListThatLetsOthersWrite) {
  EXPECT_NE(danger(Kind::folder, us, 0775, our_group, true), "");
  EXPECT_EQ(danger(Kind::folder, us, 0755, our_group, true), "");
}

TEST(Groups, ArePrivateOnlyIfKnownAndEmptyOfOthers) {
  EXPECT_TRUE(os::is_private_group(0, 0));
  EXPECT_FALSE(os::is_private_group(their_group, us));
  // The primary group of `nobody` and of several system users.
  EXPECT_FALSE(os::is_private_group(65534, 0));
}

class FollowTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string real_ = fs::canonical(folder_.path());
};

TEST_F(FollowTest, LeadsThroughLinksToTheEnd) {
  fs::create_directories(folder_ / "a/b");
  write_file(folder_ / "a/b/file", "");
  fs::create_symlink("a/b", folder_ / "relative");
  fs::create_symlink(folder_ / "relative", folder_ / "absolute");
  fs::create_symlink("../b/./file", folder_ / "a/b/link");
  for (const char* path : {"a/b/file", "a//b/./file", "a/b/../b/file", "relative/file", "absolute/file",
                           "absolute/../b/link", "a/b/link"}) {
    const auto followed = os::follow(folder_ / path);
    EXPECT_EQ(followed.end, real_ + "/a/b/file") << path;
    EXPECT_EQ(followed.error, 0) << path;
    EXPECT_TRUE(followed.exists) << path;
    EXPECT_FALSE(followed.is_descriptor) << path;
    EXPECT_FALSE(followed.in_shared_folder) << path;
    EXPECT_EQ(followed.parts.front().path, "/");
    EXPECT_EQ(followed.parts.back().path, real_ + "/a/b/file");
  }
}

TEST_F(FollowTest, StartsFromWhereWeAre) {
  write_file(folder_ / "file", "");
  const auto before = fs::current_path();
  fs::current_path(folder_.path());
  const auto followed = os::follow("file");
  fs::current_path(before);
  EXPECT_EQ(followed.end, real_ + "/file");
  EXPECT_TRUE(followed.exists);
}

TEST_F(FollowTest, NamesEveryFolderLinkAndFileOnTheWay) {
  fs::create_directory(folder_ / "folder");
  write_file(folder_ / "folder/file", "");
  fs::create_symlink("folder", folder_ / "link");
  std::vector<std::pair<std::string, Kind>> seen;
  for (const auto& part : os::follow(folder_ / "link/file").parts) {
    if (part.path.starts_with(real_ + "/")) {
      seen.emplace_back(part.path.substr(real_.size() + 1), part.kind);
    }
  }
  const std::vector<std::pair<std::string, Kind>> expected{
      {"link", Kind::link}, {"folder", Kind::folder}, {"folder/file", Kind::file}};
  EXPECT_EQ(seen, expected);
}

TEST_F(FollowTest, ReportsWhatIsMissing) {
  const auto file = os::follow(folder_ / "file");
  EXPECT_EQ(file.error, 0);
  EXPECT_FALSE(file.exists);
  EXPECT_EQ(file.end, real_ + "/file");

  const auto folder = os::follow(folder_ / "no/such/file");
  EXPECT_EQ(folder.error, ENOENT);
  EXPECT_FALSE(folder.exists);
  EXPECT_EQ(folder.end, real_ + "/no/such/file");

  fs::create_symlink("nothing", folder_ / "dangling");
  const auto dangling = os::follow(folder_ / "dangling");
  EXPECT_EQ(dangling.error, 0);
  EXPECT_FALSE(dangling.exists);
  EXPECT_EQ(dangling.end, real_ + "/nothing");

  write_file(folder_ / "plain", "");
  EXPECT_EQ(os::follow(folder_ / "plain/file").error, ENOTDIR);
}

TEST_F(FollowTest, EndsInAChainOfLinksWithoutEnd) {
  fs::create_symlink("b", folder_ / "a");
  fs::create_symlink("a", folder_ / "b");
  EXPECT_EQ(os::follow(folder_ / "a").error, ELOOP);
  write_file(folder_ / "0", "");
  for (int i = 1; i <= 41; ++i) {
    fs::create_symlink(std::to_string(i - 1), folder_ / std::to_string(i));
  }
  EXPECT_TRUE(os::follow(folder_ / "40").exists);
  EXPECT_EQ(os::follow(folder_ / "41").error, ELOOP);
}

TEST_F(FollowTest, KnowsDevicesAndWhatIsOpenAlready) {
  EXPECT_EQ(os::follow("/dev/null").parts.back().kind, Kind::device);
  EXPECT_FALSE(os::follow("/dev/null").is_descriptor);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  for (const char* folder : {"/dev/fd/", "/proc/self/fd/"}) {
    const auto followed = os::follow(folder + std::to_string(writer.get()));
    EXPECT_TRUE(followed.is_descriptor) << folder;
    EXPECT_EQ(followed.error, 0) << folder;
    const FileDescriptor again(::open(followed.end.c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_TRUE(again) << folder;
  }
}

TEST_F(FollowTest, KnowsFoldersInWhichOthersMayMakeFiles) {
  fs::create_directories(folder_ / "shared/own");
  fs::permissions(folder_ / "shared", fs::perms{01777});
  EXPECT_TRUE(os::follow(folder_ / "shared/file").in_shared_folder);
  EXPECT_FALSE(os::follow(folder_ / "shared/own/file").in_shared_folder);
  fs::create_symlink(folder_ / "shared/own/file", folder_ / "shared/link");
  EXPECT_FALSE(os::follow(folder_ / "shared/link").in_shared_folder);
}

// The error of following `path`; "" if there is none.
std::string refusal(const std::string& path) {
  try {
    os::follow_trusted(path);
    return "";
  } catch (const InputError& error) {
    EXPECT_EQ(error.file(), path);
    return error.problem();
  }
}

TEST_F(FollowTest, RefusesAPathThatOthersCouldChange) {
  fs::create_directories(folder_ / "open/own");
  write_file(folder_ / "open/own/file", "");
  EXPECT_EQ(refusal(folder_ / "open/own/file"), "");
  fs::permissions(folder_ / "open", fs::perms{0777});
  const std::string expected = "others could change what stands there: the folder \"" + real_ +
                               "/open\" can be written by everybody; `chmod go-w " + real_ + "/open` ends that";
  EXPECT_EQ(refusal(folder_ / "open/own/file"), expected);
  EXPECT_EQ(refusal(folder_ / "open/not/yet"), expected);
  // A link does not hide the folders it leads through.
  fs::create_symlink(folder_ / "open/own", folder_ / "link");
  EXPECT_EQ(refusal(folder_ / "link/file"), expected);
  fs::permissions(folder_ / "open", fs::perms{01777});
  EXPECT_EQ(refusal(folder_ / "link/file"), "");
  fs::permissions(folder_ / "open/own/file", fs::perms{0666});
  EXPECT_NE(refusal(folder_ / "link/file").find("the file"), std::string::npos);
}

TEST_F(FollowTest, RefusesALinkAndAFolderOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  fs::create_directory(folder_ / "folder");
  write_file(folder_ / "folder/file", "");
  fs::create_symlink("folder", folder_ / "link");
  EXPECT_EQ(refusal(folder_ / "link/file"), "");
  ASSERT_EQ(::lchown((folder_ / "link").c_str(), nobody_known, 0), 0);
  EXPECT_NE(refusal(folder_ / "link/file").find("the link \"" + real_ + "/link\" belongs to"), std::string::npos);
  EXPECT_EQ(refusal(folder_ / "folder/file"), "");
  ASSERT_EQ(::chown((folder_ / "folder").c_str(), nobody_known, 0), 0);
  EXPECT_NE(refusal(folder_ / "folder/file").find("the folder \"" + real_ + "/folder\" belongs"), std::string::npos);
}

TEST_F(FollowTest, WhatWasOpenedIsLookedAtAgain) {
  const std::string path = folder_ / "file";
  write_file(path, "");
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_NO_THROW(os::require_trusted(file.get(), path, true));
  // A second name is a danger only where others can create names.
  fs::create_hard_link(path, folder_ / "second");
  EXPECT_NO_THROW(os::require_trusted(file.get(), path, false));
  EXPECT_THROW(os::require_trusted(file.get(), path, true), InputError);
  fs::permissions(path, fs::perms{0622});
  EXPECT_THROW(os::require_trusted(file.get(), path, false), InputError);
}

}  // namespace
}  // namespace quotawatch
