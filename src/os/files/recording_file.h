// A file that grows by whole events and can be read at any moment, even after its writer
// was killed: the output of `record`.
//
// Its last moment stands in its header, in a field of fixed width that is updated in
// place: what was being written when everything ended lies beyond it. An event is written
// with one call; where the kernel could cut that call off (between two pages) the text
// can be cut: between rows, or within a row between characters.
#pragma once

#include <string>
#include <string_view>

#include "os/files/durable_file.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

class RecordingFile {
 public:
  // Makes the file, for its owner only, with this text in it, from one moment to the next.
  // Throws InputError where it cannot be made, or is there and not to be replaced.
  RecordingFile(std::string path, std::string_view text, bool replace);

  // Adds an event, lines each ended by a newline. What could not be written whole is
  // taken back.
  Problem append(std::string_view event);

  // Puts a text in the place of as many bytes.
  Problem overwrite(std::size_t offset, std::string_view text);

  std::size_t size() const { return size_; }

 private:
  std::string path_;
  FileDescriptor file_;
  std::size_t size_ = 0;
};

// Lines to write before `event` at this place in a file so that a text that ends at the
// end of any page is still one. Empty where that is so already, or cannot be done.
std::string padding_before(std::string_view event, std::size_t offset);

}  // namespace quotawatch::os
