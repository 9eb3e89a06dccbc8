// Users and groups of this machine, as far as it matters who else could write a
// file. What trusted_path.cc asks the system.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace quotawatch::os {

// As people know them: "alice", or "1000" where there is no name.
std::string user_name(uid_t user);
std::string group_name(gid_t group);

// All groups that the user is in, the first one first; none where there is no such user.
std::vector<gid_t> groups_of(uid_t user);

// True if the group exists and nobody but `user` and root is in it, neither listed
// as its member nor with it as the first group. Users whom a directory service has
// but does not list are not seen.
bool is_private_group(gid_t group, uid_t user);

}  // namespace quotawatch::os
