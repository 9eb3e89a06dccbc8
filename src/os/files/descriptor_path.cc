#include "os/files/descriptor_path.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <string_view>

#include "base/text.h"

namespace quotawatch::os {

FileDescriptor open_folder(const std::string& path) {
  return FileDescriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

std::string path_of_descriptor(int descriptor) { return fmt::format("/proc/self/fd/{}", descriptor); }

std::optional<int> descriptor_of(const std::string& path) {
  const std::string folder = fmt::format("/proc/{}/fd/", ::getpid());
  if (!path.starts_with(folder)) return std::nullopt;
  std::string_view rest = std::string_view(path).substr(folder.size());
  int number = -1;
  if (!take_number(rest, number)) return std::nullopt;
  return number;
}

bool leads_to_descriptor(const std::filesystem::path& link) {
  struct statfs system {};
  return link.parent_path().filename() == "fd" && ::statfs(link.parent_path().c_str(), &system) == 0 &&
         system.f_type == PROC_SUPER_MAGIC;
}

}  // namespace quotawatch::os
