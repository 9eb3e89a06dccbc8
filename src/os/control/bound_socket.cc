#include "os/control/bound_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/control/socket_address.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// Removes a dead monitor's socket, or a link, which could only be a trap. Anything else at this
// path belongs to another program and is an error.
void remove_stale(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw InputError(path, 0, "cannot be examined: " + error_text(errno));
  }
  if (!S_ISSOCK(status.st_mode) && !S_ISLNK(status.st_mode)) {
    throw InputError(path, 0, "is no socket; move it away");
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw InputError(path, 0, "cannot be removed: " + error_text(errno));
  }
}

FileDescriptor bind_at(const std::string& path, int type) {
  const SocketAddress address(path);
  remove_stale(path);
  FileDescriptor socket = make_socket(type);
  if (!socket) throw InputError(path, 0, "no socket can be made: " + error_text(errno));
  // The socket must have its mode from the start: a later chmod would leave a gap in which others
  // can connect. fchmod() overrides the default access list of the folder.
  ::fchmod(socket.get(), 0600);
  const mode_t before = ::umask(0177);
  const bool bound = ::bind(socket.get(), address.get(), SocketAddress::size) == 0;
  const int error = errno;
  ::umask(before);
  if (!bound) throw InputError(path, 0, "cannot be made: " + error_text(error));
  return socket;
}

// Device and inode, to notice that another file has taken the socket's place.
std::optional<std::pair<dev_t, ino_t>> identity_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return std::pair{status.st_dev, status.st_ino};
}

}  // namespace

BoundSocket::BoundSocket(std::string path, int type)
    : path_(std::move(path)), descriptor_(bind_at(path_, type)), identity_(identity_of(path_)) {}

void BoundSocket::remove() {
  const auto identity = std::exchange(identity_, std::nullopt);
  if (identity && identity_of(path_) == identity) ::unlink(path_.c_str());
}

}  // namespace quotawatch::os
