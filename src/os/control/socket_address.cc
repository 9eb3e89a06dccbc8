#include "os/control/socket_address.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "quotawatch/input_error.h"

namespace quotawatch::os {

SocketAddress::SocketAddress(const std::string& path) {
  address_.sun_family = AF_UNIX;
  std::string name = path;
  if (name.size() >= sizeof(address_.sun_path)) {
    const std::filesystem::path whole = path;
    const auto parent = whole.parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    folder_.reset(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder_) throw InputError(path, 0, "its folder cannot be opened: " + error_text(errno));
    name = fmt::format("/proc/self/fd/{}/{}", folder_.get(), whole.filename().string());
  }
  if (name.size() >= sizeof(address_.sun_path)) {
    throw InputError(path, 0, "this name is too long for a socket; give state.path a shorter one");
  }
  std::copy(name.begin(), name.end(), std::begin(address_.sun_path));
}

bool is_trusted_user(unsigned user) { return user == ::geteuid() || user == 0; }

std::optional<ucred> peer_of(int descriptor) {
  ucred peer{};
  socklen_t length = sizeof(peer);
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return std::nullopt;
  return peer;
}

}  // namespace quotawatch::os
