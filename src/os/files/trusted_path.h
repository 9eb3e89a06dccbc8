// Could anybody but us change what stands at a path? Asked before a program is run
// and before a file is opened that others must not choose for us.
//
// FileStateStore and JournalFile ask it for their files, `run` for its config and
// for the programs it names. Others are all users but us (the effective user) and
// root. Once every part of a path belongs to us or root and cannot be written by
// others, nobody else can put another thing there, so there is no race to lose. In
// a folder that is shared but sticky, as /tmp is, others can only make what does
// not exist yet: there what was opened is held against the same rules.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace quotawatch::os {

// One thing on the way to a file, as lstat tells it.
struct PathPart {
  enum class Kind { folder, link, device, file };  // device: of characters, such as /dev/null
  std::string path;
  Kind kind = Kind::file;
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0;               // permissions and the sticky bit
  bool has_access_list = false;  // so that `mode` does not tell who may write
  // A link that somebody else may have given this name, for its folder is shared.
  bool has_second_name = false;
};

// Whom we trust beside root. A value, so that tests can be anybody.
struct Trust {
  uid_t user = 0;
  // True if nobody but the user and root is a member: the groups that many systems
  // make for each user.
  std::function<bool(gid_t group)> group_is_private;
};
Trust own_trust();

// Who else could change it, and what would be right: `the folder "/srv/x" can be
// written by everybody; …`. Nothing if nobody can.
std::optional<std::string> find_danger(const PathPart& part, const Trust& trust);

// A path, followed link by link.
struct FollowedPath {
  std::vector<PathPart> parts;  // from the root on; the file itself last, if it exists
  std::string end;              // where the path leads: absolute, without links
  int error = 0;                // why it could not be followed (ENOENT: a folder is missing)
  bool exists = false;
  bool is_descriptor = false;     // it leads to an open file of ours, as /dev/stdout does
  bool in_shared_folder = false;  // others may make files beside it
};
FollowedPath follow(const std::string& path);

// Throws InputError, naming `path`, if others could change this part of it.
void require_safe(const std::string& path, const PathPart& part);

// Follows a path and throws InputError, naming `path`, if anybody else could change
// what it leads to. One that does not exist yet, or cannot be followed, is no danger.
FollowedPath follow_trusted(const std::string& path);

// The same for a file that is open, `path` being its name: throws if it is another
// user's or can be written by others; and in a shared folder also if it has a second
// name, for somebody may have given a file of ours that name.
void require_trusted(int descriptor, const std::string& path, bool in_shared_folder);

}  // namespace quotawatch::os
