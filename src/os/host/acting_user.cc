#include "os/host/acting_user.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "os/files/trusted_path.h"
#include "os/host/users.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

std::vector<gid_t> own_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(::getgroups(0, nullptr)));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

}  // namespace

ActingUser::ActingUser(const std::string& path) {
  if (::geteuid() != 0) return;
  const auto followed = follow(path);
  if (!followed.exists || followed.is_descriptor || followed.parts.back().owner == 0) return;
  const uid_t user = followed.parts.back().owner;
  const auto groups = groups_of(user);
  group_before_ = ::getegid();
  groups_before_ = own_groups();
  // The user last: changing the groups needs root's rights.
  if (::setgroups(groups.size(), groups.data()) != 0 ||
      ::setegid(groups.empty() ? static_cast<gid_t>(-1) : groups.front()) != 0 || ::seteuid(user) != 0) {
    throw InputError(path, 0,
                     fmt::format("belongs to {}, as whom it cannot be read: {}", user_name(user), error_text(errno)));
  }
  acts_ = true;
}

// Continuing with the wrong rights would be worse than ending the program.
ActingUser::~ActingUser() {
  if (!acts_) return;
  if (::seteuid(0) != 0 || ::setegid(group_before_) != 0 ||
      ::setgroups(groups_before_.size(), groups_before_.data()) != 0) {
    std::abort();
  }
}

}  // namespace quotawatch::os
