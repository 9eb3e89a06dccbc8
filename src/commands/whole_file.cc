#include "commands/whole_file.h"

#include <filesystem>
#include <fstream>

#include "quotawatch/input_error.h"

namespace quotawatch {

namespace fs = std::filesystem;

void write_whole(const std::string& path, std::string_view text) {
  std::error_code error;
  const bool replaces = fs::exists(path, error);
  // What is no file, such as /dev/stdout, cannot be moved over.
  const bool special = replaces && !fs::is_regular_file(path, error);
  const fs::path real = replaces ? fs::canonical(path, error) : fs::path(path);
  const fs::path fresh = special ? real : fs::path(real.string() + ".new");
  if (!special) fs::remove(fresh, error);
  std::ofstream file(fresh, std::ios::binary);
  file << text;
  file.close();
  error.clear();
  if (replaces && !special) fs::permissions(fresh, fs::status(real, error).permissions(), error);
  if (file && !special) fs::rename(fresh, real, error);
  if (file && !error) return;
  std::error_code ignored;
  if (!special) fs::remove(fresh, ignored);
  throw InputError(path, 0, "cannot be written");
}

}  // namespace quotawatch
