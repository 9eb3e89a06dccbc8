// Owns an open file descriptor and closes it. Used by all of src/os, and by main, which calls
// reserve_standard_descriptors().
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace quotawatch::os {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { reset(); }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }
  void reset(int number = -1);

 private:
  int number_ = -1;
};

// The system's message for an errno: "No space left on device".
std::string error_text(int error);

// A unix socket, and both ends of a pipe (to read, to write), which no child inherits; nothing waits on the socket.
// Invalid, with errno, on failure.
FileDescriptor make_socket(int type);
std::pair<FileDescriptor, FileDescriptor> make_pipe();

// Writes all of `bytes`. Returns 0 or the errno, and how much was written.
struct WriteResult {
  int error = 0;
  std::size_t written = 0;
};
WriteResult write_all(int descriptor, std::string_view bytes);

// Opens /dev/null for those of descriptors 0 to 2 that are closed: otherwise the first file opened
// would become stdout and receive its output.
void reserve_standard_descriptors();

}  // namespace quotawatch::os
