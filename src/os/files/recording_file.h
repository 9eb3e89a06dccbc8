// A file that grows by whole events and can be read at any moment, even after its writer was
// killed: the output of `record`.
//
// The time of the last event is in the header, in a field of fixed width that is updated in place;
// text beyond that time was incomplete when the writer was killed. Each event is written by one
// call. The kernel can cut that call between two pages, so page boundaries are placed (see
// padding_before) where a transcript may be cut: between rows, or within a row between characters.
#pragma once

#include <string>
#include <string_view>

#include "os/files/durable_file.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

class RecordingFile {
 public:
  // Creates the file atomically, with mode 0600 and this text. Throws InputError if it cannot be
  // created, or if it exists and `replace` is false.
  RecordingFile(std::string path, std::string_view text, bool replace);

  // Appends an event: lines, each ended by a newline. A partial write is undone.
  Problem append(std::string_view event);

  // Overwrites as many bytes at `offset`.
  Problem overwrite(std::size_t offset, std::string_view text);

  std::size_t size() const { return size_; }

 private:
  std::string path_;
  FileDescriptor file_;
  std::size_t size_ = 0;
};

// Filler lines to write before `event` at this offset, so that a text cut at any page boundary is
// still a valid transcript. Empty if none are needed, or if none help.
std::string padding_before(std::string_view event, std::size_t offset);

}  // namespace quotawatch::os
