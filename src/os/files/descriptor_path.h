// Open files as paths: Linux shows each as /proc/PID/fd/NUMBER.
//
// Used by SocketAddress, follow_trusted() and what opens output files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {

// For paths below it only. Invalid, with errno, on failure.
FileDescriptor open_folder(const std::string& path);

// As long as it is open.
std::string path_of_descriptor(int descriptor);

// The number of the descriptor of ours that this path shows.
std::optional<int> descriptor_of(const std::string& path);

// True for a link that shows an open file of some process: its text only describes that file.
bool leads_to_descriptor(const std::filesystem::path& link);

}  // namespace quotawatch::os
