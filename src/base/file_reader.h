// Reads a file or pipe in pieces, and refuses pipes that have no writer. Every file named by the
// user is read with it: by read_file() (text.h), or line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quotawatch {

class FileReader {
 public:
  // Throws InputError if the file cannot be opened. Pipes, sockets and terminals are read as data
  // arrives; but a named pipe must have a writer, and other devices and kernel files are read only
  // until nothing is available.
  explicit FileReader(std::string path);

  // Reads stdin, which is named `stdin` in errors.
  FileReader();

  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  // The next piece, valid until the next call; empty at the end. Throws InputError.
  std::string_view next();

  // The rest of the file. Throws InputError if it is longer than `limit` bytes.
  std::string rest(std::size_t limit);

  // Reads the next line without its newline; false at the end. Throws InputError with the line's
  // number if it is longer than `limit` bytes.
  bool next_line(std::string& line, std::size_t limit);

  const std::string& name() const { return name_; }
  std::size_t line_number() const { return line_number_; }  // of the last line read, from 1

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
  std::string_view pending_;  // the part of the buffer after the last line
};

}  // namespace quotawatch
