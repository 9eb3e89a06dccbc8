#include "os/loop/spawn.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <csignal>

#include "os/loop/file_descriptor.h"

namespace quotawatch::os {
namespace {

// The pointer array for exec; valid as long as `texts`.
std::vector<char*> make_pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec, our signal handlers would write to pipes that the child shares with us.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) {
    if (number != SIGKILL && number != SIGSTOP) std::signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

// Runs in the child: must not allocate. Returns only on failure, with errno set.
void become(const SpawnRequest& request, char** arguments, char** environment, pid_t parent) {
  reset_signals();
  ::setsid();
  if (request.is_hook) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);  // the parent died before PDEATHSIG was set
  }
  for (int i = 0; i < static_cast<int>(request.streams.size()); ++i) {
    if (::dup2(request.streams.at(static_cast<std::size_t>(i)), i) < 0) return;
  }
  environ = environment;
  ::execvp(arguments[0], arguments);
}

}  // namespace

pid_t spawn(SpawnRequest request) {
  assert(!request.arguments.empty());
  for (const int stream : request.streams) assert(stream > STDERR_FILENO);
  const auto arguments = make_pointers(request.arguments);
  const auto environment = make_pointers(request.environment);
  auto [report, reporting] = make_pipe();
  if (!report) return -errno;
  const pid_t parent = ::getpid();
  pid_t child = -1;
  {
    const SignalsBlocked blocked;
    child = ::fork();
    if (child == 0) {
      become(request, const_cast<char**>(arguments.data()), const_cast<char**>(environment.data()), parent);
      const int error = errno;
      static_cast<void>(::write(reporting.get(), &error, sizeof error));
      ::_exit(1);
    }
  }
  if (child < 0) return -errno;
  reporting.reset(-1);
  int error = 0;
  ssize_t count = 0;
  while ((count = ::read(report.get(), &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (count == 0) return child;  // exec succeeded (the pipe was closed), or the child died
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return -error;
}

}  // namespace quotawatch::os
