#include "os/pane_watch.h"

#include <sys/inotify.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cstring>
#include <map>

#include "os/file_descriptor.h"
#include "os/timer.h"

namespace quotawatch::os {
namespace {

struct Terminal {
  std::vector<std::string> sessions;  // that show its pane; more than one where they share it
  int watch = -1;                     // inotify's number; -1 while it is not watched
  bool drawn = false;                 // since the last tick
  bool dirty = false;                 // since it was told of last
};

// The first write is told and no other until it is asked for again.
constexpr std::uint32_t first_write = IN_MODIFY | IN_ONESHOT;

}  // namespace

struct PaneWatch::Watcher {
  Watcher(EventLoop& event_loop, std::function<void()> on_quiet)
      : loop(event_loop), quiet(std::move(on_quiet)), ticks(event_loop) {
    inotify.reset(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify) return;
    poll = new uv_poll_t;
    uv_poll_init(loop.handle(), poll, inotify.get());
    poll->data = this;
    wait_for_drawing();
  }

  ~Watcher() {
    if (poll == nullptr) return;
    uv_poll_stop(poll);
    uv_close(reinterpret_cast<uv_handle_t*>(poll),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_poll_t*>(closed); });
  }

  void wait_for_drawing();
  void arm(const std::string& path, Terminal& terminal);
  void disarm(Terminal& terminal);
  void read_events();
  void on_tick();

  EventLoop& loop;
  std::function<void()> quiet;
  FileDescriptor inotify;
  uv_poll_t* poll = nullptr;                  // frees itself once libuv has closed it
  Timer ticks;                                // runs while a pane is dirty
  std::map<std::string, Terminal> terminals;  // by path
  std::map<int, std::string> path_of_watch;   // by inotify's number
  std::vector<std::string> told;
};

// While ticks go on, they read the events: a busy fleet wakes nobody in between.
void PaneWatch::Watcher::wait_for_drawing() {
  uv_poll_start(poll, UV_READABLE, [](uv_poll_t* handle, int, int) {
    auto* self = static_cast<Watcher*>(handle->data);
    self->read_events();
    uv_poll_stop(handle);
    self->ticks.start_repeating(tick, [self] { self->on_tick(); });
  });
}

void PaneWatch::Watcher::arm(const std::string& path, Terminal& terminal) {
  terminal.watch = ::inotify_add_watch(inotify.get(), path.c_str(), first_write);
  if (terminal.watch >= 0) path_of_watch[terminal.watch] = path;
}

void PaneWatch::Watcher::disarm(Terminal& terminal) {
  if (terminal.watch < 0) return;
  ::inotify_rm_watch(inotify.get(), terminal.watch);
  path_of_watch.erase(terminal.watch);
}

// One that was written to, or whose terminal has gone: both are worth a look.
void PaneWatch::Watcher::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t count = ::read(inotify.get(), buffer.data(), buffer.size());
    if (count <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      at += sizeof event + event.len;
      const auto watched = path_of_watch.find(event.wd);
      if (watched == path_of_watch.end()) continue;
      Terminal& terminal = terminals[watched->second];
      terminal.drawn = terminal.dirty = true;
      terminal.watch = -1;
      path_of_watch.erase(watched);
    }
  }
}

void PaneWatch::Watcher::on_tick() {
  read_events();
  bool any_dirty = false;
  const std::size_t told_before = told.size();
  for (auto& [path, terminal] : terminals) {
    if (!terminal.dirty) continue;
    if (terminal.drawn) {
      terminal.drawn = false;
      arm(path, terminal);
      any_dirty = true;
    } else {
      terminal.dirty = false;
      told.insert(told.end(), terminal.sessions.begin(), terminal.sessions.end());
    }
  }
  if (!any_dirty) {
    ticks.stop();
    wait_for_drawing();
  }
  if (told.size() > told_before) quiet();
}

PaneWatch::PaneWatch(EventLoop& loop, std::function<void()> quiet)
    : watcher_(std::make_unique<Watcher>(loop, std::move(quiet))) {}

PaneWatch::~PaneWatch() = default;

void PaneWatch::watch(const std::vector<std::pair<std::string, std::string>>& terminals) {
  Watcher& watcher = *watcher_;
  if (!watcher.inotify) return;
  std::map<std::string, Terminal> before = std::exchange(watcher.terminals, {});
  for (const auto& [session, path] : terminals) {
    Terminal& terminal = watcher.terminals[path];
    if (terminal.sessions.empty()) {
      if (const auto known = before.extract(path)) {
        terminal = std::move(known.mapped());
        terminal.sessions.clear();
      }
      // Anew where that failed before: its terminal may be another one of the same name.
      if (terminal.watch < 0 && !terminal.drawn) watcher.arm(path, terminal);
    }
    terminal.sessions.push_back(session);
  }
  for (auto& [path, terminal] : before) watcher.disarm(terminal);
}

std::vector<std::string> PaneWatch::take_quiet() { return std::exchange(watcher_->told, {}); }

}  // namespace quotawatch::os
