#include "os/loop/child_process.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <map>
#include <memory>

#include "os/loop/descendants.h"
#include "os/loop/file_descriptor.h"
#include "os/loop/spawn.h"
#include "os/loop/timer.h"

namespace quotawatch::os {
namespace {

// How often a process group that was asked to end is checked, and how many checks there are between
// searches for new descendants.
constexpr Milliseconds group_look_interval{10};
constexpr int looks_a_search = 10;

// A bound for reading after the program's end, in case its children go on writing; more than a pipe
// can hold.
constexpr int last_reads = 32;

// Our own environment with the additions, as "NAME=value".
std::vector<std::string> make_environment(const std::vector<std::pair<std::string, std::string>>& additions) {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : additions) variables.insert_or_assign(name, value);
  std::vector<std::string> lines;
  lines.reserve(variables.size());
  for (const auto& [name, value] : variables) lines.push_back(fmt::format("{}={}", name, value));
  return lines;
}

bool group_exists(pid_t group) { return ::kill(-group, 0) == 0 || errno == EPERM; }

// Real pipes, not libuv's socket pairs: a script that writes to /dev/stderr could not open a
// socket.
struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;

  int open(int read_flags, int write_flags) {
    std::array<uv_file, 2> ends{};
    const int status = uv_pipe(ends.data(), read_flags, write_flags);
    if (status < 0) return status;
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
    return 0;
  }
};

}  // namespace

std::string ChildEnd::text() const {
  return signal != 0 ? fmt::format("killed by signal {}", signal) : fmt::format("exit status {}", exit_status);
}

struct ChildProcess::Handles {
  Handles(EventLoop& event_loop, Handlers child_handlers)
      : loop(event_loop.handle()), handlers(std::move(child_handlers)), looks(event_loop), grace_over(event_loop) {}

  uv_loop_t* loop;
  Handlers handlers;
  std::string failure;
  std::optional<ChildEnd> end;
  bool keep_input_open = false;

  pid_t process = 0;
  uv_signal_t child_signal;  // SIGCHLD
  uv_pipe_t input, output, error_output;
  int open_handles = 0;
  bool dropped = false;  // by its owner: no handler is called any more
  std::array<char, 65536> buffer;

  bool is_hook = false;
  bool ending = false;
  bool group_gone = false;
  Timer looks;  // checks a group that is ending
  int looked = 0;
  Timer grace_over;
  std::optional<Descendants> descendants;  // of a hook that is ending

  int start(Command& command);
  int spawn(Command& command, const std::array<int, 3>& ends);
  int open_pipe(uv_pipe_t& pipe, FileDescriptor& descriptor);
  void write_input(std::string bytes);
  void read(uv_pipe_t& pipe);
  void read_rest(uv_pipe_t& pipe);
  void deliver_bytes(const uv_pipe_t* pipe, std::string_view bytes);
  void look_for_end();
  void report_end(ChildEnd child_end);
  void end_group();
  void look_at_group();
  void kill_group();
  void drop();

  template <typename Handle>
  void close(Handle& handle) {
    auto* base = reinterpret_cast<uv_handle_t*>(&handle);
    // not initialised, or closed already
    if (base->data == nullptr || uv_is_closing(base) != 0) return;
    uv_close(base, [](uv_handle_t* closed) {
      auto* self = static_cast<Handles*>(closed->data);
      --self->open_handles;
      self->free_if_done();
    });
  }

  template <typename Handle>
  void opened(Handle& handle) {
    handle.data = this;
    ++open_handles;
  }

  void free_if_done() {
    if (dropped && open_handles == 0) delete this;
  }
};

int ChildProcess::Handles::open_pipe(uv_pipe_t& pipe, FileDescriptor& descriptor) {
  uv_pipe_init(loop, &pipe, 0);
  opened(pipe);
  const int status = uv_pipe_open(&pipe, descriptor.get());
  if (status == 0) descriptor.release();
  return status;
}

// Each ChildProcess reaps only its own process.
int ChildProcess::Handles::spawn(Command& command, const std::array<int, 3>& ends) {
  uv_signal_init(loop, &child_signal);
  opened(child_signal);  // must be closed even if the program cannot be started
  // Before spawning: the program may end at once.
  const int status = uv_signal_start(
      &child_signal, [](uv_signal_t* signal, int) { static_cast<Handles*>(signal->data)->look_for_end(); }, SIGCHLD);
  if (status < 0) return status;
  const pid_t started =
      os::spawn({std::move(command.arguments), make_environment(command.environment), ends, command.is_hook});
  if (started < 0) {
    close(child_signal);
    return started;
  }
  process = started;
  return 0;
}

int ChildProcess::Handles::start(Command& command) {
  child_signal.data = input.data = output.data = error_output.data = nullptr;
  Pipe to_input, from_output, from_error;
  for (const int status : {to_input.open(0, UV_NONBLOCK_PIPE), from_output.open(UV_NONBLOCK_PIPE, 0),
                           from_error.open(UV_NONBLOCK_PIPE, 0)}) {
    if (status < 0) return status;
  }

  // Open our ends first: nothing may fail once the program runs.
  for (auto [pipe, descriptor] : {std::pair{&input, &to_input.write_end},
                                  {&output, &from_output.read_end},
                                  {&error_output, &from_error.read_end}}) {
    if (const int status = open_pipe(*pipe, *descriptor); status < 0) return status;
  }
  const std::array ends{to_input.read_end.get(), from_output.write_end.get(), from_error.write_end.get()};
  if (const int status = spawn(command, ends); status < 0) return status;
  keep_input_open = command.keep_input_open;
  is_hook = command.is_hook;
  if (!command.input.empty() || !keep_input_open) write_input(std::move(command.input));
  read(output);
  read(error_output);
  return 0;
}

void ChildProcess::Handles::write_input(std::string bytes) {
  struct Write {
    uv_write_t request;
    std::string bytes;
    Handles* self;
  };
  auto* write = new Write{{}, std::move(bytes), this};
  write->request.data = write;
  const auto chunk = uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  // A program may ignore its input: close the pipe whatever the result.
  const int status =
      uv_write(&write->request, reinterpret_cast<uv_stream_t*>(&input), &chunk, 1, [](uv_write_t* done, int result) {
        const std::unique_ptr<Write> ended(static_cast<Write*>(done->data));
        Handles* self = ended->self;
        if (result < 0 || !self->keep_input_open) self->close(self->input);
      });
  if (status >= 0) return;
  delete write;
  close(input);
}

void ChildProcess::Handles::read(uv_pipe_t& pipe) {
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&pipe),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* room) {
        auto& space = static_cast<Handles*>(handle->data)->buffer;
        *room = uv_buf_init(space.data(), static_cast<unsigned>(space.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* bytes) {
        auto* self = static_cast<Handles*>(stream->data);
        auto* pipe_read = reinterpret_cast<uv_pipe_t*>(stream);
        if (count < 0) self->close(*pipe_read);
        if (count > 0) self->deliver_bytes(pipe_read, {bytes->base, static_cast<std::size_t>(count)});
      });
}

// Reads what the program left in a pipe when it ended, without waiting for end-of-file: its
// children may keep the pipe open forever.
void ChildProcess::Handles::read_rest(uv_pipe_t& pipe) {
  uv_os_fd_t descriptor = -1;
  for (int i = 0; i < last_reads && !dropped; ++i) {
    if (uv_fileno(reinterpret_cast<uv_handle_t*>(&pipe), &descriptor) < 0) return;
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count <= 0) return;  // libuv sees the same result and handles it
    deliver_bytes(&pipe, {buffer.data(), static_cast<std::size_t>(count)});
  }
}

void ChildProcess::Handles::deliver_bytes(const uv_pipe_t* pipe, std::string_view bytes) {
  if (dropped) return;
  const auto& handler = pipe == &output ? handlers.output : handlers.error_output;
  if (handler) handler(bytes);
}

void ChildProcess::Handles::look_for_end() {
  assert(process > 0);  // else it would wait for any of our children
  int status = 0;
  if (end || ::waitpid(process, &status, WNOHANG) != process) return;
  report_end(WIFSIGNALED(status) ? ChildEnd{0, WTERMSIG(status)} : ChildEnd{WEXITSTATUS(status), 0});
}

void ChildProcess::Handles::report_end(ChildEnd child_end) {
  read_rest(output);
  read_rest(error_output);
  assert(!end);
  end = child_end;
  close(child_signal);
  if (ending) look_at_group();
  if (!dropped && handlers.end) handlers.end(child_end);
}

void ChildProcess::Handles::end_group() {
  assert(process > 0);  // else it would be our own group
  ending = true;
  if (is_hook) descendants.emplace(process);
  ::kill(-process, SIGTERM);
  if (descendants) descendants->signal_outside(process, SIGTERM);
  looks.start_repeating(group_look_interval, [this] { look_at_group(); });
  grace_over.start_timeout(grace, [this] { kill_group(); });
}

void ChildProcess::Handles::look_at_group() {
  assert(ending);
  if (descendants && ++looked % looks_a_search == 0) descendants->refresh();
  // Once the program is reaped, its process number only identifies its group.
  if (!end || group_exists(process) || (descendants && descendants->any_left())) return;
  group_gone = true;
  looks.stop();
  grace_over.stop();
}

void ChildProcess::Handles::kill_group() {
  assert(process > 0);
  if (is_hook && !descendants) descendants.emplace(process);
  if (descendants) descendants->kill();
  ::kill(-process, SIGKILL);
  group_gone = true;
  looks.stop();
  grace_over.stop();
}

void ChildProcess::Handles::drop() {
  assert(!dropped);
  dropped = true;
  close(input);
  close(output);
  close(error_output);
  const bool started = failure.empty();
  if (started && (!end || (ending && !group_gone))) kill_group();
  // A running program's signal handle stays in the loop until it is reaped; report_end() closes it.
  if (!started || end) close(child_signal);
  free_if_done();
}

ChildProcess::ChildProcess(EventLoop& loop, Command command, Handlers handlers)
    : handles_(new Handles(loop, std::move(handlers))) {
  if (command.arguments.empty()) command.arguments.emplace_back();
  if (const int status = handles_->start(command); status < 0) handles_->failure = error_text(-status);
}

ChildProcess::~ChildProcess() { handles_->drop(); }

const std::string& ChildProcess::failure() const { return handles_->failure; }

int ChildProcess::process_id() const {
  assert(failure().empty());
  return handles_->process;
}

const std::optional<ChildEnd>& ChildProcess::end() const { return handles_->end; }

void ChildProcess::write(std::string bytes) {
  const auto* input = reinterpret_cast<const uv_handle_t*>(&handles_->input);
  if (input->data != nullptr && uv_is_closing(input) == 0) handles_->write_input(std::move(bytes));
}

void ChildProcess::close_input() { handles_->close(handles_->input); }

void ChildProcess::end_group() {
  if (handles_->failure.empty() && !handles_->end && !handles_->ending) handles_->end_group();
}

bool ChildProcess::group_gone() const { return handles_->group_gone; }

}  // namespace quotawatch::os
