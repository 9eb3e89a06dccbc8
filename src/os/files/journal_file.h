// The file that a journal is written to: private, bounded in size, and reopened on request. Owned
// by LineJournal.
//
// Full files are kept beside it: PATH.1 is the newest, and files beyond `keep` are removed. Only
// regular files are rotated; a device or a pipe is written as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

struct JournalLimits {
  std::int64_t max_bytes = 0;  // of one file; 0: unlimited
  int keep = 1;
};

class JournalFile {
 public:
  // Opens the file for appending, creating it if needed. Throws InputError, also if others could
  // change it.
  JournalFile(std::string path, JournalLimits limits);

  const std::string& path() const { return path_; }
  int descriptor() const { return file_.get(); }

  // True if the last line is incomplete: the previous run was killed while writing it.
  bool ends_within_a_line() const;

  void limit(JournalLimits limits) { limits_ = limits; }

  // True if `bytes` more would exceed the limit.
  bool is_full_for(std::size_t bytes) const;

  // Renames the file to PATH.1 and continues in a new one. On failure returns the reason and
  // continues in the old file; nothing is lost.
  std::optional<std::string> rotate();

  // Opens the path again, in case logrotate or the user has moved the file. On failure returns the
  // reason and continues in the old file.
  std::optional<std::string> reopen();

 private:
  enum class Opening { first, again };

  void open(Opening opening);
  bool is_regular() const;
  bool stands_at_its_path() const;
  std::string numbered(int number) const;
  std::optional<std::string> make_way();
  void remove_surplus() const;

  std::string path_;  // as given
  JournalLimits limits_;
  std::string place_;  // where `path_` leads, links resolved
  FileDescriptor file_;
};

}  // namespace quotawatch::os
