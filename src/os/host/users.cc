#include "os/host/users.h"

#include <grp.h>
#include <pwd.h>

#include "base/text.h"

// The program has one thread, as these functions of libc require.
// NOLINTBEGIN(concurrency-mt-unsafe)
namespace quotawatch::os {
namespace {

// Looked up by name, since groups list their members by name. An unknown name counts as another
// user.
bool is_user_or_root(const char* name, uid_t user) {
  const passwd* entry = ::getpwnam(name);
  return entry != nullptr && (entry->pw_uid == user || entry->pw_uid == 0);
}

bool is_first_group_of_others(gid_t group, uid_t user) {
  bool found = false;
  ::setpwent();
  while (const passwd* entry = ::getpwent()) {
    found = entry->pw_gid == group && entry->pw_uid != user && entry->pw_uid != 0;
    if (found) break;
  }
  ::endpwent();
  return found;
}

}  // namespace

std::string user_name(uid_t user) {
  const passwd* entry = ::getpwuid(user);
  return entry == nullptr ? std::to_string(user) : escape_controls(entry->pw_name);
}

std::string group_name(gid_t group) {
  const ::group* entry = ::getgrgid(group);
  return entry == nullptr ? std::to_string(group) : escape_controls(entry->gr_name);
}

std::vector<gid_t> groups_of(uid_t user) {
  const passwd* entry = ::getpwuid(user);
  if (entry == nullptr) return {};
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  while (::getgrouplist(entry->pw_name, entry->pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

bool is_private_group(gid_t group, uid_t user) {
  const ::group* entry = ::getgrgid(group);
  if (entry == nullptr) return false;
  for (char** member = entry->gr_mem; *member != nullptr; ++member) {
    if (!is_user_or_root(*member, user)) return false;
  }
  return !is_first_group_of_others(group, user);
}

}  // namespace quotawatch::os
// NOLINTEND(concurrency-mt-unsafe)
