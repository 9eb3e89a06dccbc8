// Output files for people: pages, reports, transcripts. In a folder where others can create files,
// nothing of theirs is ever opened, truncated or followed, even if it appears meanwhile.
//
// Every file that the program writes is created here or by make_new_file() (durable_file.h): either
// a new file renamed to its place, or one opened by open_private(). Pipes, devices and inherited
// descriptors are written as they are.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "os/files/trusted_path.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// Where output goes, after following links of our own and of root.
struct OutputPlace {
  enum class Kind { absent, file, stream };  // stream: pipe, device, open descriptor
  Kind kind = Kind::absent;
  FollowedPath followed;
  mode_t mode = 0600;  // of the file to be created
};

// Throws InputError if the path leads to anything else, or to a file or link of another user.
OutputPlace find_output_place(const std::string& path);

// Replaces the file in one step, or leaves it alone and throws InputError. New files get `mode`; an existing
// file of ours keeps its own.
void write_output(const std::string& path, std::string_view text, mode_t mode = 0600);

// Opens a file for as long as the program runs: one of ours that nobody else can change, or a new
// one with mode 0600. `flags`: as for open(2). Throws InputError; if it cannot be opened, the
// message begins with `what`.
FileDescriptor open_private(const std::string& path, int flags, bool in_shared_folder, std::string_view what);

}  // namespace quotawatch::os
