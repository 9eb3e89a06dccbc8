#include "os/loop/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace quotawatch::os {

void FileDescriptor::reset(int number) {
  if (number_ >= 0) ::close(number_);
  number_ = number;
}

std::string error_text(int error) { return std::generic_category().message(error); }

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
