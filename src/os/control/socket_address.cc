#include "os/control/socket_address.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "os/files/descriptor_path.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {

SocketAddress::SocketAddress(const std::string& path) {
  address_.sun_family = AF_UNIX;
  std::string name = path;
  if (name.size() >= sizeof(address_.sun_path)) {
    const std::filesystem::path whole = path;
    const auto parent = whole.parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    folder_ = open_folder(folder);
    if (!folder_) throw InputError(path, 0, "its folder cannot be opened: " + error_text(errno));
    name = path_of_descriptor(folder_.get()) + "/" + whole.filename().string();
  }
  if (name.size() >= sizeof(address_.sun_path)) {
    throw InputError(path, 0, "this name is too long for a socket; give state.path a shorter one");
  }
  std::copy(name.begin(), name.end(), std::begin(address_.sun_path));
}

}  // namespace quotawatch::os
