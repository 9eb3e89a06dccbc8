#include "os/files/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/text.h"
#include "os/files/descriptor_path.h"
#include "os/files/durable_file.h"
#include "os/host/users.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

[[noreturn]] void refuse(const std::string& path, int error) {
  throw InputError(path, 0, "cannot be written: " + error_text(error));
}

void require_own_links(const std::string& path, const FollowedPath& followed) {
  for (const auto& part : followed.parts) {
    if (part.kind == PathPart::Kind::link) require_safe(path, part);
  }
}

// Replacing a file of another user would take it away from its owner.
void require_own(const std::string& path, const struct stat& status) {
  if (status.st_uid == ::geteuid()) return;
  throw InputError(path, 0,
                   fmt::format("belongs to the user {}; remove it or choose another name", user_name(status.st_uid)));
}

// One of our own descriptors, shared with other writers. Opening it again would start at the
// beginning of its file.
FileDescriptor duplicate(const std::string& path) {
  const auto ours = descriptor_of(path);
  return FileDescriptor(ours ? ::fcntl(*ours, F_DUPFD_CLOEXEC, 0)
                             : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
}

// Like other programs, waits for a pipe's reader.
FileDescriptor open_stream(const std::string& path, const FollowedPath& followed) {
  if (followed.is_descriptor) {
    FileDescriptor file = duplicate(followed.end);
    if (!file) refuse(path, errno);
    return file;
  }
  FileDescriptor file(::open(followed.end.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY));
  if (!file) refuse(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) refuse(path, errno);
  if (S_ISREG(status.st_mode)) throw InputError(path, 0, "was replaced while it was opened");
  require_trusted(file.get(), followed.end, followed.in_shared_folder);
  return file;
}

void write_stream(const std::string& path, const FollowedPath& followed, std::string_view text) {
  const FileDescriptor file = open_stream(path, followed);
  static_cast<void>(std::fflush(stdout));  // may be the same file: our output follows what was printed before
  if (const int error = write_all(file.get(), text).error; error != 0) refuse(path, error);
}

}  // namespace

OutputPlace find_output_place(const std::string& path) {
  OutputPlace place;
  place.followed = follow(path);
  require_own_links(path, place.followed);
  if (place.followed.error != 0) refuse(path, place.followed.error);
  if (place.followed.is_descriptor) place.kind = OutputPlace::Kind::stream;
  if (!place.followed.exists || place.followed.is_descriptor) return place;
  struct stat status {};
  if (::lstat(place.followed.end.c_str(), &status) != 0) refuse(path, errno);
  if (S_ISDIR(status.st_mode)) refuse(path, EISDIR);
  if (S_ISLNK(status.st_mode)) refuse(path, ELOOP);  // replaced by a link in the meantime
  place.kind = S_ISREG(status.st_mode) ? OutputPlace::Kind::file : OutputPlace::Kind::stream;
  if (place.kind == OutputPlace::Kind::stream) {
    require_safe(path, place.followed.parts.back());
    return place;
  }
  require_own(path, status);
  // A file with a second name may be another user's hard link: do not inherit its mode.
  if (status.st_nlink == 1) place.mode = status.st_mode & 0777U;
  return place;
}

void write_output(const std::string& path, std::string_view text, mode_t mode) {
  const auto place = find_output_place(path);
  if (place.kind == OutputPlace::Kind::stream) return write_stream(path, place.followed, text);
  const std::string& end = place.followed.end;
  const std::string fresh = end + ".new";
  auto made = make_new_file(fresh, text);
  if (made.problem) throw InputError(path, 0, *made.problem);
  int error = ::fchmod(made.file.get(), place.kind == OutputPlace::Kind::absent ? mode : place.mode) == 0 ? 0 : errno;
  // reported late by a full network disk
  if (::close(made.file.release()) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(fresh.c_str(), end.c_str()) != 0) error = errno;
  if (error == 0) return;
  ::unlink(fresh.c_str());
  refuse(path, error);
}

FileDescriptor open_private(const std::string& path, int flags, bool in_shared_folder, std::string_view what) {
  FileDescriptor file(::open(path.c_str(), flags | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) throw InputError(path, 0, fmt::format("{}: {}", what, error_text(errno)));
  require_trusted(file.get(), path, in_shared_folder);
  return file;
}

}  // namespace quotawatch::os
