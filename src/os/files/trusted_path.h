// Could another user change the file at a path? Checked before a program is run and before a file
// is opened that others must not choose for us.
//
// Used by FileStateStore and JournalFile for their files, and by `run` for its config and the
// programs it names. "Others" are all users except us (the effective user) and root. If every
// component of a path belongs to us or root and is not writable by others, nobody else can replace
// it, so the check cannot be raced. In a shared sticky folder such as /tmp, others can still create
// files that do not exist yet: there, the file is checked again once it is open.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace quotawatch::os {

// One component of a path, as reported by lstat().
struct PathPart {
  enum class Kind { folder, link, device, file };  // device: character devices such as /dev/null
  std::string path;
  Kind kind = Kind::file;
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0;               // permissions and the sticky bit
  bool has_access_list = false;  // so `mode` alone does not say who may write
  // A link in a shared folder with a second name, which another user may have given it.
  bool has_second_name = false;
};

// Whom we trust besides root. A value, so that tests can be any user.
struct Trust {
  uid_t user = 0;
  // True if the group's only members are the user and root, as in the per-user groups that many
  // systems create.
  std::function<bool(gid_t group)> group_is_private;
};
Trust own_trust();

// Who else could change it, and the remedy: `the folder "/srv/x" can be written by everybody; …`.
// Empty if nobody else can.
std::optional<std::string> find_danger(const PathPart& part, const Trust& trust);

// A path with its links resolved.
struct FollowedPath {
  std::vector<PathPart> parts;  // from the root on; the file itself last, if it exists
  std::string end;              // where the path leads: absolute, without links
  int error = 0;                // why it could not be followed (ENOENT: a folder is missing)
  bool exists = false;
  bool is_descriptor = false;     // leads to an open descriptor of ours, as /dev/stdout does
  bool in_shared_folder = false;  // others may create files beside it
};
FollowedPath follow(const std::string& path);

// Throws InputError, naming `path`, if others could change this component of it.
void require_safe(const std::string& path, const PathPart& part);

// Resolves a path and throws InputError, naming `path`, if others could change what it leads to. A
// path that does not exist yet, or that cannot be followed, passes.
FollowedPath follow_trusted(const std::string& path);

// The same check for an open file, named `path` in errors: throws if it belongs to another user or
// others can write to it. In a shared folder, also throws if the file has a second name, which
// another user may have linked there.
void require_trusted(int descriptor, const std::string& path, bool in_shared_folder);

}  // namespace quotawatch::os
