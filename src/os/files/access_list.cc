#include "os/files/access_list.h"

#include <sys/xattr.h>

namespace quotawatch::os {

bool has_access_list(const std::string& path) {
  return ::lgetxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

}  // namespace quotawatch::os
