#include "os/files/trusted_path.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <filesystem>
#include <string_view>

#include "base/text.h"
#include "os/files/access_list.h"
#include "os/files/descriptor_path.h"
#include "os/host/users.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

constexpr int most_links = 40;
constexpr mode_t kept_bits = 07777;

std::string_view kind_name(PathPart::Kind kind) {
  switch (kind) {
    case PathPart::Kind::folder:
      return "the folder";
    case PathPart::Kind::link:
      return "the link";
    case PathPart::Kind::device:
      return "the device";
    case PathPart::Kind::file:
      break;
  }
  return "the file";
}

PathPart make_part(const std::string& path, const struct stat& status) {
  const auto kind = S_ISDIR(status.st_mode)   ? PathPart::Kind::folder
                    : S_ISLNK(status.st_mode) ? PathPart::Kind::link
                    : S_ISCHR(status.st_mode) ? PathPart::Kind::device
                                              : PathPart::Kind::file;
  return {path, kind, status.st_uid, status.st_gid, status.st_mode & kept_bits, false};
}

// Which others have write permission, as the end of "can be written by".
std::string find_writers(const PathPart& part, const Trust& trust) {
  const bool shared = part.kind == PathPart::Kind::folder && (part.mode & S_ISVTX) != 0;
  if (part.kind == PathPart::Kind::link || part.kind == PathPart::Kind::device || shared) return "";
  if ((part.mode & S_IWOTH) != 0) return "everybody";
  if ((part.mode & S_IWGRP) == 0) return "";
  if (part.has_access_list) return "those in its access list";
  if (trust.group_is_private(part.group)) return "";
  return "the group " + group_name(part.group);
}

// Follows a path one component at a time, as the kernel does.
class Follower {
 public:
  explicit Follower(const std::string& path) {
    std::error_code error;
    const auto start = std::filesystem::absolute(path, error);
    if (error) {
      result_.error = error.value();
      result_.end = path;
      return;
    }
    enter(start);
  }

  FollowedPath follow() {
    while (result_.error == 0 && !rest_.empty() && !result_.is_descriptor) step();
    if (result_.end.empty()) result_.end = place_.string();
    return std::move(result_);
  }

 private:
  // Puts the components of `path` before the remaining ones.
  void enter(const std::filesystem::path& path) {
    std::deque<std::filesystem::path> first;
    for (const auto& name : path.relative_path()) {
      if (!name.empty() && name != ".") first.push_back(name);
    }
    rest_.insert(rest_.begin(), first.begin(), first.end());
    if (path.is_relative()) return;
    place_ = "/";
    look_at(place_);
  }

  void step() {
    const auto name = rest_.front();
    rest_.pop_front();
    if (name == "..") {
      place_ = place_.parent_path();  // `place_` contains no links
      look_at(place_);
      return;
    }
    const auto next = place_ / name;
    const auto kind = look_at(next);
    if (!kind) return;
    if (*kind == PathPart::Kind::link) return follow_link(next);
    place_ = next;
    if (rest_.empty() || *kind == PathPart::Kind::folder) return;
    fail(ENOTDIR, next);
  }

  // Records what exists at `path`; empty if nothing does, which ends the walk.
  std::optional<PathPart::Kind> look_at(const std::filesystem::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
      const bool only_missing = errno == ENOENT && rest_.empty();
      fail(only_missing ? 0 : errno, path);
      return std::nullopt;
    }
    PathPart part = make_part(path, status);
    part.has_access_list = has_access_list(path);
    part.has_second_name = part.kind == PathPart::Kind::link && others_make_files_ && status.st_nlink > 1;
    if (!rest_.empty() && part.kind == PathPart::Kind::folder) {
      others_make_files_ = (part.mode & (S_IWGRP | S_IWOTH)) != 0;
      result_.in_shared_folder = others_make_files_ && (part.mode & S_ISVTX) != 0;
    }
    result_.exists = rest_.empty() && part.kind != PathPart::Kind::link;
    result_.parts.push_back(part);
    return part.kind;
  }

  void follow_link(const std::filesystem::path& link) {
    if (rest_.empty() && leads_to_descriptor(link)) {
      result_.is_descriptor = true;
      result_.exists = true;
      result_.end = link;
      return;
    }
    std::error_code error;
    const auto target = std::filesystem::read_symlink(link, error);
    if (error) return fail(error.value(), link);
    if (++links_ > most_links) return fail(ELOOP, link);
    enter(target);
  }

  void fail(int error, const std::filesystem::path& at) {
    result_.error = error;
    auto end = at;
    for (const auto& name : rest_) end /= name;
    result_.end = end;
    rest_.clear();
  }

  std::filesystem::path place_;  // the current folder
  std::deque<std::filesystem::path> rest_;
  FollowedPath result_;
  bool others_make_files_ = false;  // in the current folder
  int links_ = 0;
};

}  // namespace

Trust own_trust() {
  const uid_t user = ::geteuid();
  return {user, [user](gid_t group) { return is_private_group(group, user); }};
}

std::optional<std::string> find_danger(const PathPart& part, const Trust& trust) {
  const std::string what = fmt::format("{} {}", kind_name(part.kind), in_quotes(part.path));
  const std::string path = escape_controls(part.path);
  if (part.owner != trust.user && part.owner != 0) {
    const std::string_view option = part.kind == PathPart::Kind::link ? "-h " : "";
    return fmt::format(
        "{} belongs to the user {}, who could change it; take it over (`chown {}{} {}`) "
        "or choose a place of your own",
        what, user_name(part.owner), option, user_name(trust.user), path);
  }
  if (part.has_second_name) {
    return fmt::format(
        "{} has a second name, which somebody else may have given it, for its folder is shared; "
        "remove it or choose a folder of your own",
        what);
  }
  const std::string writers = find_writers(part, trust);
  if (writers.empty()) return std::nullopt;
  return fmt::format("{} can be written by {}; `chmod go-w {}` ends that", what, writers, path);
}

FollowedPath follow(const std::string& path) { return Follower(path).follow(); }

void require_safe(const std::string& path, const PathPart& part) {
  if (const auto danger = find_danger(part, own_trust())) {
    throw InputError(path, 0, "others could change what stands there: " + *danger);
  }
}

FollowedPath follow_trusted(const std::string& path) {
  auto followed = follow(path);
  for (const auto& part : followed.parts) require_safe(path, part);
  return followed;
}

void require_trusted(int descriptor, const std::string& path, bool in_shared_folder) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    throw InputError(path, 0, "cannot be examined: " + error_text(errno));
  }
  PathPart part = make_part(path, status);
  part.has_access_list = has_access_list(path);
  require_safe(path, part);
  if (in_shared_folder && S_ISREG(status.st_mode) && status.st_nlink > 1) {
    throw InputError(path, 0,
                     "has a second name, which somebody else may have given it, for its folder is "
                     "shared; remove it or choose a folder of your own");
  }
}

}  // namespace quotawatch::os
