#include "os/files/recording_file.h"

#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "os/files/output_file.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

constexpr std::size_t page = 4096;  // the smallest page size; larger ones are multiples of it
constexpr std::size_t longest_padding = 1024;

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }

// True if a transcript may be cut here: at the end of a line, or within a row of a screen.
bool may_end_at(std::string_view event, std::size_t at) {
  assert(at > 0 && at < event.size());
  if (event[at - 1] == '\n') return true;
  const std::size_t line = event.rfind('\n', at - 1) + 1;
  return event[line] == '|' && begins_character(event[at]);
}

bool may_be_cut(std::string_view event, std::size_t offset) {
  for (std::size_t at = page - offset % page; at < event.size(); at += page) {
    if (!may_end_at(event, at)) return false;
  }
  return true;
}

}  // namespace

std::string padding_before(std::string_view event, std::size_t offset) {
  for (std::size_t size = 0; size <= longest_padding; ++size) {
    if (!may_be_cut(event, offset + size)) continue;
    std::string padding(size, size < 2 ? '\n' : ' ');
    if (size >= 2) {
      padding.front() = '#';
      padding.back() = '\n';
    }
    return padding;
  }
  return "";
}

RecordingFile::RecordingFile(std::string path, std::string_view text, bool replace)
    : path_(std::move(path)), size_(text.size()) {
  const auto place = find_output_place(path_);
  if (place.kind == OutputPlace::Kind::stream) {
    throw InputError(path_, 0, "is no file on a disk; `-o -` writes to stdout");
  }
  const std::string& end = place.followed.end;
  const std::string fresh = end + ".new";
  auto made = make_new_file(fresh, text);
  if (made.problem) throw InputError(path_, 0, *made.problem);
  file_ = std::move(made.file);
  const int result = replace ? ::rename(fresh.c_str(), end.c_str()) : ::link(fresh.c_str(), end.c_str());
  const int error = result == 0 ? 0 : errno;
  if (!replace || error != 0) ::unlink(fresh.c_str());
  if (error == EEXIST) throw InputError(path_, 0, "is there already; --force replaces it");
  if (error != 0) throw InputError(path_, 0, "cannot be made: " + error_text(error));
}

Problem RecordingFile::append(std::string_view event) {
  assert(event.ends_with('\n'));
  std::string text = padding_before(event, size_);
  text += event;
  if (::lseek(file_.get(), static_cast<off_t>(size_), SEEK_SET) < 0) {
    return describe_problem("write", path_, errno);
  }
  const auto [error, written] = write_all(file_.get(), text);
  if (error == 0) {
    size_ += text.size();
    return std::nullopt;
  }
  if (written > 0 && ::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) {
    return describe_problem("shorten", path_, errno);
  }
  return describe_problem("write", path_, error);
}

Problem RecordingFile::overwrite(std::size_t offset, std::string_view text) {
  assert(offset + text.size() <= size_);
  const ssize_t count = ::pwrite(file_.get(), text.data(), text.size(), static_cast<off_t>(offset));
  if (count == static_cast<ssize_t>(text.size())) return std::nullopt;
  return describe_problem("write", path_, count < 0 ? errno : EIO);
}

}  // namespace quotawatch::os
