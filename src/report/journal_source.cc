#include "report/journal_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

constexpr int most_files = 10'000;
constexpr std::size_t longest_line = std::size_t{1} << 20U;

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Calls `take` with the whole lines of `text` and leaves what follows the last one.
void take_lines(std::string& text, const std::function<void(std::string_view line)>& take) {
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', begin)) {
    take(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  text.erase(0, begin);
  if (text.size() > longest_line) text.clear();  // no line of a journal
}

}  // namespace

std::vector<std::string> journal_files(const std::string& path) {
  std::vector<std::string> files;
  for (int i = 1; i < most_files; ++i) {
    const std::string rotated = fmt::format("{}.{}", path, i);
    if (is_file(rotated)) {
      files.push_back(rotated);
    } else if (is_file(rotated + ".gz")) {
      files.push_back(rotated + ".gz");
    } else if (i > 1) {
      break;  // the first may be missing: it is being rotated
    }
  }
  std::ranges::reverse(files);
  if (is_file(path)) files.push_back(path);
  return files;
}

void read_journal_lines(const std::string& path, const std::function<void(std::string_view line)>& take) {
  // Reads what is not compressed as it is.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(::gzopen(path.c_str(), "rbe"), ::gzclose);
  if (!file) throw InputError(path, 0, fmt::format("cannot be read: {}", std::generic_category().message(errno)));
  std::string text;
  std::array<char, 1U << 16U> buffer{};
  for (;;) {
    const int count = ::gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    if (count < 0) throw InputError(path, 0, "is damaged");
    if (count == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    take_lines(text, take);
  }
}

JournalTail::JournalTail(std::string path) : path_(std::move(path)) {
  open();
  if (file_ >= 0) ::lseek(file_, 0, SEEK_END);
}

JournalTail::~JournalTail() {
  if (file_ >= 0) ::close(file_);
}

void JournalTail::open() { file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); }

void JournalTail::read(const std::function<void(std::string_view line)>& take) {
  if (file_ >= 0) read_open(take);
  struct stat here {};
  struct stat there {};
  if (::stat(path_.c_str(), &there) != 0) return;
  if (file_ >= 0 && ::fstat(file_, &here) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev) return;
  if (file_ >= 0) {
    read_open(take);  // what came before it was rotated
    ::close(file_);
  }
  rest_.clear();
  open();
  if (file_ >= 0) read_open(take);
}

void JournalTail::read_open(const std::function<void(std::string_view line)>& take) {
  std::array<char, 1U << 16U> buffer{};
  for (;;) {
    const auto count = ::read(file_, buffer.data(), buffer.size());
    if (count <= 0) return;
    rest_.append(buffer.data(), static_cast<std::size_t>(count));
    take_lines(rest_, take);
  }
}

}  // namespace quotawatch
