// Preloaded into quotawatch by the soak: kills the process, like SIGKILL, at a named point of its
// lasting actions.
//
//   QUOTAWATCH_CRASH_AT      "before rename-state 2": before, half-way through or after a step, the
//                            second time the process reaches it
//   QUOTAWATCH_CRASH_STATE   names of the files and the program that the steps are about
//   QUOTAWATCH_CRASH_JOURNAL
//   QUOTAWATCH_CRASH_HOOK
//   QUOTAWATCH_CRASH_LOG     receives the name of the point when it is reached
//
// The steps, in the order of a switch: make-state, write-state, sync-state, link-previous,
// rename-previous, rename-state, sync-folder, write-journal, start-hook, reap-hook; and type, each
// time that tmux is given keys for a pane. They are recognised by calls of the C library, so the
// program itself is not changed.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace {

// Shared between the process that becomes the hook and its parent.
struct Shared {
  int passages = 0;        // until the step's kill; 0: no kill
  pid_t hook_process = 0;  // that has reached exec
};

struct Plan {
  std::string timing;
  std::string step;
  pid_t process = ::getpid();  // the one to kill
  Shared* shared = nullptr;
  std::string state;
  std::string journal;
  std::string hook;
  std::string log;
};

bool hook_runs = false;

// Removed from the environment, so that the hook and tmux run without this library.
std::string take_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
  return text;
}

Plan read_plan() {
  ::unsetenv("LD_PRELOAD");  // NOLINT(concurrency-mt-unsafe)
  Plan plan;
  plan.shared = new (::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Shared;
  const std::string at = take_variable("QUOTAWATCH_CRASH_AT");
  plan.state = take_variable("QUOTAWATCH_CRASH_STATE");
  plan.journal = take_variable("QUOTAWATCH_CRASH_JOURNAL");
  plan.hook = take_variable("QUOTAWATCH_CRASH_HOOK");
  plan.log = take_variable("QUOTAWATCH_CRASH_LOG");
  const auto first = at.find(' ');
  const auto second = at.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos) return plan;
  plan.timing = at.substr(0, first);
  plan.step = at.substr(first + 1, second - first - 1);
  plan.shared->passages = std::atoi(at.c_str() + second);
  return plan;
}

// Initialised on first use: other libraries open files before our constructor runs.
Plan& plan() {
  static Plan made = read_plan();
  return made;
}

// At the latest before the program starts another one.
__attribute__((constructor)) void prepare() { plan(); }

// The C library's own function of this name.
template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void die() {
  using Open = int(const char*, int, ...);
  using Write = ssize_t(int, const void*, std::size_t);
  const std::string line = plan().timing + " " + plan().step + "\n";
  const int log = real<Open>("open64")(plan().log.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  real<Write>("write")(log, line.data(), line.size());
  ::kill(plan().process, SIGKILL);
  if (::getpid() != plan().process) ::_exit(1);
  for (;;) ::pause();
}

// True if the process must be killed now. Half-way through a write, that is left to the caller.
bool reach(std::string_view timing, std::string_view step) {
  if (plan().shared->passages == 0 || timing != plan().timing || step != plan().step) return false;
  return --plan().shared->passages == 0;
}

void pass(std::string_view timing, std::string_view step) {
  if (reach(timing, step)) die();
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// The path of an open descriptor.
std::string path_of(int descriptor) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

// A generation of the state, but not its lock.
bool is_state(std::string_view path) {
  const auto name = name_of(path);
  return !plan().state.empty() && name.starts_with(plan().state) && !name.ends_with(".lock");
}

bool is_previous(std::string_view path) { return is_state(path) && name_of(path) == plan().state + ".previous"; }

bool is_folder(int descriptor) { return (::fcntl(descriptor, F_GETFL) & O_DIRECTORY) != 0; }

// What tmux gets to read when keys go to a pane.
constexpr std::string_view typing = "send-keys -t %";

// The step that a write to this descriptor belongs to; empty for any other one.
std::string_view step_of_write(int descriptor, std::string_view bytes) {
  if (plan().shared->passages == 0) return "";
  if (bytes.find(typing) != std::string_view::npos) return "type";
  const std::string path = path_of(descriptor);
  if (is_state(path)) return "write-state";
  return name_of(path) == plan().journal ? "write-journal" : "";
}

// The step that this fsync is.
std::string_view step_of_sync(int descriptor) {
  if (plan().shared->passages == 0) return "";
  if (is_folder(descriptor)) return "sync-folder";
  return is_state(path_of(descriptor)) ? "sync-state" : "";
}

template <typename Call>
auto around(std::string_view step, Call call) {
  if (step.empty()) return call();
  pass("before", step);
  const auto result = call();
  pass("after", step);
  return result;
}

std::string_view step_of_open(const char* path, int flags) {
  return (flags & O_CREAT) != 0 && is_state(path) ? "make-state" : "";
}

std::string_view step_of_rename(const char* to) {
  if (is_previous(to)) return "rename-previous";
  return !plan().state.empty() && name_of(to) == plan().state ? "rename-state" : "";
}

mode_t mode_of(int flags, va_list more) { return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(more, int)) : 0; }

using OpenAt = int(int, const char*, int, ...);

int open_at(int folder, const char* path, int flags, mode_t mode) {
  return around(step_of_open(path, flags), [&] { return real<OpenAt>("openat64")(folder, path, flags, mode); });
}

}  // namespace

// Assembler labels give these the names that the program calls: the headers declare some of the
// functions with attributes that a definition could not repeat.
extern "C" {

int shim_open(const char* path, int flags, ...) __asm__("open");
int shim_open64(const char* path, int flags, ...) __asm__("open64");
int shim_openat(int folder, const char* path, int flags, ...) __asm__("openat");
int shim_openat64(int folder, const char* path, int flags, ...) __asm__("openat64");
ssize_t shim_write(int descriptor, const void* bytes, std::size_t count) __asm__("write");
int shim_fsync(int descriptor) __asm__("fsync");
int shim_fdatasync(int descriptor) __asm__("fdatasync");
int shim_link(const char* from, const char* to) __asm__("link");
int shim_linkat(int, const char* from, int, const char* to, int flags) __asm__("linkat");
int shim_rename(const char* from, const char* to) __asm__("rename");
int shim_renameat(int, const char* from, int, const char* to) __asm__("renameat");
pid_t shim_waitpid(pid_t process, int* status, int options) __asm__("waitpid");
int shim_execvp(const char* file, char* const* arguments) __asm__("execvp");
ssize_t shim_read(int descriptor, void* bytes, std::size_t count) __asm__("read");

int shim_open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}

int shim_open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}

int shim_openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at(folder, path, flags, mode);
}

int shim_openat64(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at(folder, path, flags, mode);
}

ssize_t shim_write(int descriptor, const void* bytes, std::size_t count) {
  using Write = ssize_t(int, const void*, std::size_t);
  static auto* const write = real<Write>("write");
  const auto step = step_of_write(descriptor, {static_cast<const char*>(bytes), count});
  if (!step.empty() && reach("half", step)) {
    write(descriptor, bytes, count / 2);
    die();
  }
  return around(step, [&] { return write(descriptor, bytes, count); });
}

int shim_fsync(int descriptor) {
  return around(step_of_sync(descriptor), [&] { return real<int(int)>("fsync")(descriptor); });
}

int shim_fdatasync(int descriptor) {
  return around(step_of_sync(descriptor), [&] { return real<int(int)>("fdatasync")(descriptor); });
}

int shim_link(const char* from, const char* to) {
  using Link = int(const char*, const char*);
  return around(is_state(to) ? "link-previous" : "", [&] { return real<Link>("link")(from, to); });
}

int shim_linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  using LinkAt = int(int, const char*, int, const char*, int);
  return around(is_state(to) ? "link-previous" : "",
                [&] { return real<LinkAt>("linkat")(from_folder, from, to_folder, to, flags); });
}

int shim_rename(const char* from, const char* to) {
  using Rename = int(const char*, const char*);
  return around(step_of_rename(to), [&] { return real<Rename>("rename")(from, to); });
}

int shim_renameat(int from_folder, const char* from, int to_folder, const char* to) {
  using RenameAt = int(int, const char*, int, const char*);
  return around(step_of_rename(to), [&] { return real<RenameAt>("renameat")(from_folder, from, to_folder, to); });
}

// Called for each child whenever one has ended; only the hook's end counts.
pid_t shim_waitpid(pid_t process, int* status, int options) {
  using Wait = pid_t(pid_t, int*, int);
  siginfo_t ended{};
  const bool is_hook = hook_runs && process == plan().shared->hook_process &&
                       ::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                       ended.si_pid == process;
  if (is_hook) hook_runs = false;
  return around(is_hook ? "reap-hook" : "", [&] { return real<Wait>("waitpid")(process, status, options); });
}

// In the child that becomes the hook.
int shim_execvp(const char* file, char* const* arguments) {
  using Exec = int(const char*, char* const*);
  if (!plan().hook.empty() && file == plan().hook) {
    pass("before", "start-hook");
    plan().shared->hook_process = ::getpid();
  }
  return real<Exec>("execvp")(file, arguments);
}

// The parent reads nothing from the pipe, which means that the child has become the hook.
ssize_t shim_read(int descriptor, void* bytes, std::size_t count) {
  using Read = ssize_t(int, void*, std::size_t);
  static auto* const read = real<Read>("read");
  static pid_t known = 0;
  const ssize_t result = read(descriptor, bytes, count);
  const pid_t hook = plan().shared->hook_process;
  if (result == 0 && hook != known && ::getpid() == plan().process) {
    known = hook;
    hook_runs = true;
    pass("after", "start-hook");
  }
  return result;
}

}  // extern "C"
