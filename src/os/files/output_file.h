// What is written for people: pages, reports, transcripts. In a folder in which others can
// make files nothing of theirs is opened, cut or followed, whenever it appears.
//
// Every file that the program writes is made here or by make_new_file() (durable_file.h):
// either new and moved to its place, or opened by open_private(). What is a pipe, a device or
// a descriptor that was opened for us is written as it is.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "os/files/trusted_path.h"
#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// Where output goes, our own links and root's followed.
struct OutputPlace {
  enum class Kind { absent, file, stream };  // stream: pipe, device, open descriptor
  Kind kind = Kind::absent;
  FollowedPath followed;
  mode_t mode = 0600;  // of the file that will stand there
};

// Throws InputError where there is something else, or something or a link of another user's.
OutputPlace find_output_place(const std::string& path);

// Writes a file whole or not at all, in place of what stands there. New ones are for their
// owner alone; one of ours keeps its permissions. Throws InputError.
void write_output(const std::string& path, std::string_view text);

// Opens a file that is written to as long as we run: one of ours that nobody else can
// change, or a new one for us alone. `flags`: as for open(2). Throws InputError; where it
// cannot be opened, with `what` before the reason.
FileDescriptor open_private(const std::string& path, int flags, bool in_shared_folder,
                            std::string_view what);

}  // namespace quotawatch::os
