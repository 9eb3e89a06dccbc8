// Files that contain either the old text or the new text after a crash, never a mixture. Used by
// FileStateStore, RecordingFile and output_file.cc.
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

// Creates a file with mode 0600 and syncs its text to disk. An existing file of that name is left
// over from a crash or a trap: it is removed, never written through.
struct NewFile {
  FileDescriptor file;  // still open: reopening it by name would be less safe
  Problem problem;
};
NewFile make_new_file(const std::string& path, std::string_view text);

// As make_new_file(), and closes the file.
Problem write_new_file(const std::string& path, std::string_view text);

// Makes `kept` a second name of the file at `path`, if there is one, replacing an existing `kept`.
// `path` exists at all times.
Problem keep_as(const std::string& path, const std::string& kept);

// Why a rename could not replace the file at `path`, judged by the file itself and not by its
// folder. `in_shared_folder`: only the owner may replace it there. Empty if it can be replaced.
Problem why_not_replaceable(const std::string& path, bool in_shared_folder);

// Renames `from` to `to`, replacing it, and syncs the folder.
Problem replace_file(const std::string& from, const std::string& to);

// The text of a regular file of ours (not a link), cut one byte beyond `limit`; empty if the file
// does not exist. Throws InputError if it cannot be read or if others could write to it.
std::optional<std::string> read_if_exists(const std::string& path, std::size_t limit);

}  // namespace quotawatch::os
