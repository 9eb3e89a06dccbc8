// Reads a journal with its rotated files (F.1, F.2, …, also compressed), oldest first, for `quotawatch log`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// Those that exist of `path`, `path`.1 and so on, with or without .gz: oldest first. Empty if there is none.
std::vector<std::string> journal_files(const std::string& path);

// Calls `take` with each whole line of a file. Throws InputError if it cannot be read.
void read_journal_lines(const std::string& path, const std::function<void(std::string_view line)>& take);

// The lines that are added to a file, also after it has been rotated.
class JournalTail {
 public:
  // Begins behind what the file holds now.
  explicit JournalTail(std::string path);
  ~JournalTail();
  JournalTail(const JournalTail&) = delete;
  JournalTail& operator=(const JournalTail&) = delete;

  // What was added since the last call. Never waits.
  void read(const std::function<void(std::string_view line)>& take);

 private:
  void open();
  void read_open(const std::function<void(std::string_view line)>& take);

  std::string path_;
  int file_ = -1;
  std::string rest_;  // of a line that is not whole yet
};

}  // namespace quotawatch
