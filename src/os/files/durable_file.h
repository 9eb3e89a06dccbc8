// Files that hold the old text or the new one after a crash, never half of it.
// What FileStateStore, RecordingFile and output_file.cc are made of.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// What went wrong, for people: `cannot write "x": No space left on device`.
using Problem = std::optional<std::string>;

std::string describe_problem(std::string_view what, const std::string& path, int error);

// Makes a file for its owner only and sees its text onto the disk. Whatever has
// this name is the rest of a crash, or a trap: it is removed, never written through.
struct NewFile {
  FileDescriptor file;  // still open, for it cannot be opened again with as much trust
  Problem problem;
};
NewFile make_new_file(const std::string& path, std::string_view text);

// The same, and closes it.
Problem write_new_file(const std::string& path, std::string_view text);

// Gives the file at `path`, if there is one, the name `kept` too, in place of what
// had that name before; `path` exists all the time.
Problem keep_as(const std::string& path, const std::string& kept);

// Why no file could be renamed to take the place of the one at `path`, where it exists: by
// what it is itself, not by its folder. `in_shared_folder`: only owners may replace files there.
Problem why_not_replaceable(const std::string& path, bool in_shared_folder);

// Renames `from` to `to`, in place of what had that name, and sees it onto the disk.
Problem replace_file(const std::string& from, const std::string& to);

// The text of a regular file of ours, no link, cut one byte beyond `limit`; nothing if
// there is no such file. Throws InputError where it cannot be read, or could be
// written by others.
std::optional<std::string> read_if_exists(const std::string& path, std::size_t limit);

}  // namespace quotawatch::os
