#include "os/files/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "os/files/trusted_path.h"
#include "os/host/users.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

int sync_folder_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor && ::fsync(descriptor.get()) == 0 ? 0 : errno;
}

}  // namespace

std::string describe_problem(std::string_view what, const std::string& path, int error) {
  return fmt::format("cannot {} {}: {}", what, in_quotes(path), error_text(error));
}

NewFile make_new_file(const std::string& path, std::string_view text) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return {FileDescriptor(), describe_problem("remove", path, errno)};
  }
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return {FileDescriptor(), describe_problem("make", path, errno)};
  int error = write_all(file.get(), text).error;
  if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  if (error == 0) return {std::move(file), std::nullopt};
  ::unlink(path.c_str());
  return {FileDescriptor(), describe_problem("write", path, error)};
}

Problem write_new_file(const std::string& path, std::string_view text) {
  auto made = make_new_file(path, text);
  if (made.problem || ::close(made.file.release()) == 0) return made.problem;
  const int error = errno;  // reported late by a full network disk
  ::unlink(path.c_str());
  return describe_problem("write", path, error);
}

Problem keep_as(const std::string& path, const std::string& kept) {
  assert(path != kept);
  const std::string link = kept + ".new";
  ::unlink(link.c_str());
  if (::link(path.c_str(), link.c_str()) != 0) {
    if (errno == ENOENT) return std::nullopt;
    // The file system has no hard links: until the new file is in place, only `kept` exists.
    if (::rename(path.c_str(), kept.c_str()) == 0) return std::nullopt;
    return describe_problem("rename", path, errno);
  }
  if (::rename(link.c_str(), kept.c_str()) != 0) return describe_problem("rename", link, errno);
  ::unlink(link.c_str());  // rename() does nothing if both names already were the same file
  return std::nullopt;
}

Problem why_not_replaceable(const std::string& path, bool in_shared_folder) {
  struct statx status {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_MODE | STATX_UID, &status) != 0) {
    return errno == ENOENT ? std::nullopt : Problem(describe_problem("look at", path, errno));
  }
  if ((status.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0) {
    return fmt::format("{} is marked as never to be changed (`chattr -ia` ends that)", in_quotes(path));
  }
  if (S_ISDIR(status.stx_mode)) return in_quotes(path) + " is a folder";
  const uid_t user = ::geteuid();
  if (in_shared_folder && user != 0 && status.stx_uid != user) {
    return fmt::format("{} belongs to {}, who alone may replace it in a shared folder", in_quotes(path),
                       user_name(status.stx_uid));
  }
  return std::nullopt;
}

Problem replace_file(const std::string& from, const std::string& to) {
  assert(from != to);
  if (::rename(from.c_str(), to.c_str()) != 0) return describe_problem("rename", from, errno);
  const int error = sync_folder_of(to);
  if (error != 0) return describe_problem("sync the folder of", to, error);
  return std::nullopt;
}

std::optional<std::string> read_if_exists(const std::string& path, std::size_t limit) {
  // Opening a pipe without O_NONBLOCK would wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) throw InputError(path, 0, "cannot be read: " + error_text(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw InputError(path, 0, "is not a file");
  }
  require_trusted(file.get(), path, false);
  std::string text;
  std::array<char, 65536> buffer;
  while (text.size() <= limit) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw InputError(path, 0, "cannot be read: " + error_text(errno));
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace quotawatch::os
