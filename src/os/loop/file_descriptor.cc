#include "os/loop/file_descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace quotawatch::os {

void FileDescriptor::reset(int number) {
  if (number_ >= 0) ::close(number_);
  number_ = number;
}

std::string error_text(int error) { return std::generic_category().message(error); }

FileDescriptor make_socket(int type) {
  return FileDescriptor(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

std::pair<FileDescriptor, FileDescriptor> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

WriteResult write_all(int descriptor, std::string_view bytes) {
  WriteResult result;
  while (result.written < bytes.size()) {
    const ssize_t count = ::write(descriptor, bytes.data() + result.written, bytes.size() - result.written);
    if (count >= 0) {
      result.written += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      result.error = errno;
      return result;
    }
  }
  return result;
}

void reserve_standard_descriptors() {
  int number = 0;
  do {
    number = ::open("/dev/null", O_RDWR);  // the lowest free number
    if (number < 0) std::abort();
  } while (number <= STDERR_FILENO);
  ::close(number);
}

}  // namespace quotawatch::os
