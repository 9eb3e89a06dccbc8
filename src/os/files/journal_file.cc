#include "os/files/journal_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/files/durable_file.h"
#include "os/files/output_file.h"
#include "os/files/trusted_path.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

bool stands_at(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

bool is_regular_at(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

JournalFile::JournalFile(std::string path, JournalLimits limits) : path_(std::move(path)), limits_(limits) {
  open(Opening::first);
}

// All or nothing: if this throws, the file that was open stays open.
void JournalFile::open(Opening opening) {
  const auto followed = follow_trusted(path_);
  constexpr std::string_view problem = "the journal cannot be opened";
  const auto refuse = [this, problem](int error) {
    throw InputError(path_, 0, fmt::format("{}: {}", problem, error_text(error)));
  };
  if (followed.error != 0) refuse(followed.error);
  // During a run, opening a pipe must not wait for a reader.
  int flags = O_WRONLY | O_APPEND | O_CLOEXEC;
  if (opening == Opening::again) flags |= O_NONBLOCK;
  // Inherited descriptors (/dev/stdout) are trusted as they are.
  FileDescriptor file = followed.is_descriptor ? FileDescriptor(::open(followed.end.c_str(), flags))
                                               : open_private(followed.end, flags, followed.in_shared_folder, problem);
  if (!file) refuse(errno);
  place_ = followed.end;
  file_ = std::move(file);
}

bool JournalFile::is_regular() const {
  struct stat status {};
  return ::fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode);
}

bool JournalFile::ends_within_a_line() const {
  const FileDescriptor file(::open(place_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const off_t size = file ? ::lseek(file.get(), 0, SEEK_END) : 0;
  char last = '\n';
  return size > 0 && ::pread(file.get(), &last, 1, size - 1) == 1 && last != '\n';
}

bool JournalFile::is_full_for(std::size_t bytes) const {
  struct stat status {};
  if (limits_.max_bytes == 0 || ::fstat(file_.get(), &status) != 0) return false;
  return S_ISREG(status.st_mode) && status.st_size > 0 &&
         status.st_size + static_cast<std::int64_t>(bytes) > limits_.max_bytes;
}

bool JournalFile::stands_at_its_path() const {
  struct stat ours {};
  struct stat there {};
  return ::fstat(file_.get(), &ours) == 0 && ::lstat(place_.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

std::string JournalFile::numbered(int number) const { return fmt::format("{}.{}", place_, number); }

// Renames from the first free number down, so an attempt that fails half-way loses nothing and can
// be repeated.
std::optional<std::string> JournalFile::make_way() {
  assert(limits_.keep >= 1);
  int last = 1;
  while (last < limits_.keep && stands_at(numbered(last))) ++last;
  for (int number = last - 1; number >= 1; --number) {
    if (::rename(numbered(number).c_str(), numbered(number + 1).c_str()) != 0) {
      return describe_problem("rename", numbered(number), errno);
    }
  }
  return std::nullopt;
}

// There are files beyond `keep` if an earlier run kept more.
void JournalFile::remove_surplus() const {
  for (int number = limits_.keep + 1; is_regular_at(numbered(number)); ++number) {
    if (::unlink(numbered(number).c_str()) != 0) return;
  }
}

std::optional<std::string> JournalFile::rotate() {
  // Another program has moved the file already, or it is an inherited descriptor such as
  // /dev/stdout, which we must not rename.
  if (!stands_at_its_path()) return reopen();
  if (auto problem = make_way()) return problem;
  const std::string newest = numbered(1);
  if (::rename(place_.c_str(), newest.c_str()) != 0) {
    return describe_problem("rename", place_, errno);
  }
  auto problem = reopen();
  if (!problem) {
    remove_surplus();
  } else if (::rename(newest.c_str(), place_.c_str()) != 0) {
    *problem += fmt::format(" (and its file is {} now)", in_quotes(newest));
  }
  return problem;
}

std::optional<std::string> JournalFile::reopen() {
  if (!is_regular()) return std::nullopt;
  try {
    open(Opening::again);
    return std::nullopt;
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace quotawatch::os
