// Reads a file piece by piece, or what comes down a pipe, and refuses what nobody will ever
// write to. Every file that a user names is read with it: by read_file() (text.h), or line
// by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quotawatch {

class FileReader {
 public:
  // Throws InputError where it cannot be opened. A pipe, a socket or a terminal is read as
  // it comes, with waiting; but a named pipe only if somebody has it open for writing, and
  // another device or a file of the kernel's only as long as it has something to read.
  explicit FileReader(std::string path);

  // Reads stdin, which is named `stdin` in errors.
  FileReader();

  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  // What comes next, valid until the next call; empty at the end. Throws InputError.
  std::string_view next();

  // All that is left. Throws InputError if that is more than `limit` bytes.
  std::string rest(std::size_t limit);

  // The next line without its newline; false at the end. Throws InputError with the line's
  // number if it is longer than `limit` bytes.
  bool next_line(std::string& line, std::size_t limit);

  const std::string& name() const { return name_; }
  std::size_t line_number() const { return line_number_; }  // of the line read last, from 1

 private:
  void wait_for_more() const;
  void refuse_pipe_without_writer() const;

  std::string name_;
  int descriptor_;
  bool may_wait_ = true;
  bool named_pipe_ = false;
  bool begun_ = false;
  std::size_t line_number_ = 0;
  std::string buffer_;
  std::string_view pending_;  // of the buffer, behind the last line
};

}  // namespace quotawatch
