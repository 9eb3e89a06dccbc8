// Users and groups of this machine, to find out who could write a file. Used by trusted_path.cc.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace quotawatch::os {

// Names for people: "alice", or "1000" if the number has no name.
std::string user_name(uid_t user);
std::string group_name(gid_t group);

// All groups of the user, the primary one first; empty if there is no such user.
std::vector<gid_t> groups_of(uid_t user);

// True if the group exists and only `user` and root belong to it, as listed members or by their
// primary group. Users of a directory service that does not list them are not seen.
bool is_private_group(gid_t group, uid_t user);

}  // namespace quotawatch::os
