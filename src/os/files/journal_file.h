// The file that a journal is written to: private, bounded, and opened anew when it
// is asked to be. Owned by LineJournal.
//
// Full files lie beside it: PATH.1 is the newest of them, and the one beyond `keep`
// goes. Only regular files are kept so; a device or a pipe is written as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

struct JournalLimits {
  std::int64_t max_bytes = 0;  // of one file; 0: it grows without end
  int keep = 1;
};

class JournalFile {
 public:
  // Opens the file to append to it, and makes it where there is none. Throws
  // InputError, also where others could change it.
  JournalFile(std::string path, JournalLimits limits);

  const std::string& path() const { return path_; }
  int descriptor() const { return file_.get(); }

  // True if the last line lacks its end: the last run was cut off in the middle of it.
  bool ends_within_a_line() const;

  void limit(JournalLimits limits) { limits_ = limits; }

  // True if `bytes` more would be too many for this file.
  bool is_full_for(std::size_t bytes) const;

  // Puts the file beside and goes on in a new one. Says why not; then it goes on in
  // the old one and nothing is lost.
  std::optional<std::string> rotate();

  // Opens the path again, where somebody may have moved the file away. Says why not;
  // then it goes on in the old one.
  std::optional<std::string> reopen();

 private:
  enum class Opening { first, again };

  void open(Opening opening);
  bool is_regular() const;
  bool stands_at_its_path() const;
  std::string numbered(int number) const;
  std::optional<std::string> make_way();
  void remove_surplus() const;

  std::string path_;  // as it was given
  JournalLimits limits_;
  std::string place_;  // where that leads
  FileDescriptor file_;
};

}  // namespace quotawatch::os
