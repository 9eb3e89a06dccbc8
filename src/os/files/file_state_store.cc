#include "os/files/file_state_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "os/files/durable_file.h"
#include "os/files/output_file.h"
#include "os/files/trusted_path.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// A state takes a few kilobytes; anything larger is not a state.
constexpr std::size_t size_limit = std::size_t{16} << 20U;
constexpr int most_damaged_files = 1000;

// "process 123", as recorded in the lock file.
std::string read_owner(int lock) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(lock, text.data(), text.size(), 0);
  int owner = 0;
  if (length > 0) std::from_chars(text.data(), text.data() + length, owner);
  return owner > 0 ? fmt::format("process {}", owner) : std::string("another process");
}

}  // namespace

// What one of the files contains.
struct FileStateStore::Generation {
  std::string path;
  bool exists = false;
  std::string text;
  std::optional<State> state;
  std::optional<InputError> damage;
};

// Resolve links first: a save renames a new file over the old one and would replace the link.
FileStateStore::FileStateStore(const std::string& path, Access access, Log log)
    : access_(access), log_(std::move(log)) {
  const auto followed = follow_trusted(path);
  path_ = followed.end;
  in_shared_folder_ = followed.in_shared_folder;
  for (const char* ending : {".previous", ".lock"}) follow_trusted(path_ + ending);
  if (access_ == Access::read_only) return;
  if (followed.error != 0) {
    throw InputError(path_ + ".lock", 0, "cannot be opened: " + error_text(followed.error));
  }
  lock();
}

// The lock file is never removed: otherwise two processes could each lock a different file of that
// name.
void FileStateStore::lock() {
  const std::string path = path_ + ".lock";
  lock_ = open_private(path, O_RDWR, in_shared_folder_, "cannot be opened");
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw InputError(path, 0, "cannot be locked: " + error_text(errno));
    throw InputError(
        path_, 0,
        fmt::format("{} is using this state; end it first, or set another state.path", read_owner(lock_.get())));
  }
  const bool empty = ::ftruncate(lock_.get(), 0) == 0;
  const int error = empty ? write_all(lock_.get(), fmt::format("{}\n", ::getpid())).error : errno;
  if (error != 0) throw InputError(path, 0, "cannot be written: " + error_text(error));
}

// Tries everything a save does, short of saving: a new file can be created and the existing ones
// can be replaced.
void FileStateStore::require_savable() const {
  Problem problem;
  for (const auto& path : {path_, path_ + ".previous"}) {
    if (!problem) problem = why_not_replaceable(path, in_shared_folder_);
  }
  const std::string fresh = path_ + ".new";
  if (!problem) problem = write_new_file(fresh, "");
  if (!problem && ::unlink(fresh.c_str()) != 0) problem = describe_problem("remove", fresh, errno);
  if (!problem) return;
  throw InputError(path_, 0,
                   fmt::format("the state cannot be saved here: {}; give state.path a folder in "
                               "which this user, and nobody else, can make files",
                               *problem));
}

// Parse errors count as damage. I/O errors are thrown: falling back to the previous generation
// would hide them.
FileStateStore::Generation FileStateStore::read(const std::string& path) {
  Generation generation{path, false, "", std::nullopt, std::nullopt};
  const auto text = read_if_exists(path, size_limit);
  if (!text) return generation;
  generation.text = *text;
  generation.exists = true;
  try {
    if (text->size() > size_limit) throw InputError(path, 0, "is larger than any state, 16 MiB");
    generation.state = parse_state(*text, path);
  } catch (const NewerStateError&) {
    throw;  // an I/O error is not damage: set nothing aside
  } catch (const InputError& damage) {
    generation.damage = damage;
  }
  return generation;
}

std::optional<State> FileStateStore::load() {
  const Generation present = read(path_);
  present_is_good_ = !present.damage;
  present_text_.reset();
  if (present.state) {
    present_text_ = present.text;
    return present.state;
  }
  const Generation previous = read(path_ + ".previous");
  if (!present.exists && !previous.exists) return std::nullopt;
  return fall_back(present, previous);
}

State FileStateStore::fall_back(const Generation& present, const Generation& previous) {
  assert(!present.state && (present.exists || previous.exists));
  assert(present.exists == present.damage.has_value());
  if (!previous.state) {
    const InputError& damage = present.damage ? *present.damage : *previous.damage;
    const std::string_view other = !present.damage   ? "there is no newer one"
                                   : previous.damage ? "the one before it is damaged as well"
                                                     : "there is none before it";
    throw InputError(damage.file(), damage.line(),
                     fmt::format("{} (the saved state is damaged and {}; move it away to start "
                                 "with nothing known)",
                                 damage.problem(), other));
  }
  std::string what = fmt::format("the state {} is missing", in_quotes(path_));
  if (present.damage) {
    what = fmt::format("the state {} is damaged (line {}: {})", in_quotes(path_), present.damage->line(),
                       present.damage->problem());
    if (access_ == Access::read_write) what += set_aside();
  }
  log_(fmt::format("{}; going on with the one before it, {}", what, in_quotes(previous.path)));
  return *previous.state;
}

// Returns what was done, as the end of a sentence.
std::string FileStateStore::set_aside() {
  assert(lock_ && !present_is_good_);
  for (int i = 1; i <= most_damaged_files; ++i) {
    const std::string aside = fmt::format("{}.damaged-{}", path_, i);
    std::error_code error;
    if (std::filesystem::symlink_status(aside, error).type() != std::filesystem::file_type::not_found) {
      continue;
    }
    std::filesystem::rename(path_, aside, error);
    if (error) return fmt::format(", cannot be set aside ({})", error.message());
    present_is_good_ = true;  // there is none now
    return " and set aside as " + in_quotes(aside);
  }
  return " and left where it is, too many being set aside already";
}

// A file that was damaged since it was written, or that cannot be read any more, must not replace
// the last good generation.
bool FileStateStore::is_worth_keeping() const {
  if (!present_is_good_ || !present_text_) return present_is_good_;
  try {
    return read_if_exists(path_, size_limit) == present_text_;
  } catch (const InputError&) {
    return false;
  }
}

std::optional<std::string> FileStateStore::save(const State& state) {
  if (access_ == Access::read_only) return std::nullopt;
  assert(lock_);
  const std::string fresh = path_ + ".new";
  std::string text = to_json(state);
  if (auto problem = write_new_file(fresh, text)) return problem;
  if (is_worth_keeping()) {
    if (auto problem = keep_as(path_, path_ + ".previous")) return problem;
  }
  if (auto problem = replace_file(fresh, path_)) return problem;
  present_is_good_ = true;
  present_text_ = std::move(text);
  return std::nullopt;
}

}  // namespace quotawatch::os
