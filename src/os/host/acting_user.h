// Lets root query a user's monitor with that user's rights.
//
// Created by `status` and `record --from-run` around everything they read. So every rule of
// trusted_path.h holds as it does for the user, and nothing that a config names is read or
// connected to with root's rights.
#pragma once

#include <grp.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace quotawatch::os {

class ActingUser {
 public:
  // While it lives, acts as the owner of the file at `path`, if we are root and the owner is
  // another user. Throws InputError if the system does not allow it.
  explicit ActingUser(const std::string& path);
  ~ActingUser();
  ActingUser(const ActingUser&) = delete;
  ActingUser& operator=(const ActingUser&) = delete;

 private:
  bool acts_ = false;
  gid_t group_before_ = 0;
  std::vector<gid_t> groups_before_;
};

}  // namespace quotawatch::os
