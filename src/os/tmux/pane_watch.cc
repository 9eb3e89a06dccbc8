#include "os/tmux/pane_watch.h"

#include <sys/inotify.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "os/loop/file_descriptor.h"
#include "os/loop/timer.h"

namespace quotawatch::os {
namespace {

struct Terminal {
  std::vector<std::string> sessions;  // that show its pane; more than one where they share it
  int watch = -1;                     // inotify's number; -1 while it is not watched
  int writes = 0;                     // since the last tick, as far as the kernel told of them
  bool dirty = false;                 // since it was told of last
  bool floods = false;                // and is told of by its first write of each tick alone
};

// What spinners write is cheaper read than asked for again each time; only one that writes
// more than they do could fill the kernel's queue.
constexpr int most_writes_a_tick = 64;
constexpr std::uint32_t each_write = IN_MODIFY;
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
  void arm(const std::string& path, Terminal& terminal, std::uint32_t what);
  void disarm(Terminal& terminal);
  void read_events();
  void take_event(const inotify_event& event);
  void take_overflow();
  static void note_write(Terminal& terminal);
  void on_tick();

  EventLoop& loop;
  std::function<void()> quiet;
  FileDescriptor inotify;
  uv_poll_t* poll = nullptr;                   // frees itself once libuv has closed it
  Timer ticks;                                 // runs while a pane is dirty
  std::map<std::string, Terminal> terminals;   // by path
  std::map<int, Terminal*> terminal_of_watch;  // by inotify's number
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

void PaneWatch::Watcher::arm(const std::string& path, Terminal& terminal, std::uint32_t what) {
  terminal.watch = ::inotify_add_watch(inotify.get(), path.c_str(), what);
  if (terminal.watch >= 0) terminal_of_watch[terminal.watch] = &terminal;
}

void PaneWatch::Watcher::disarm(Terminal& terminal) {
  if (terminal.watch >= 0) ::inotify_rm_watch(inotify.get(), terminal.watch);
  // Of numbers that it had before, too: the kernel may still have something to say of them.
  std::erase_if(terminal_of_watch, [&](const auto& one) { return one.second == &terminal; });
}

void PaneWatch::Watcher::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t count = ::read(inotify.get(), buffer.data(), buffer.size());
    if (count <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      at += sizeof event + event.len;
      take_event(event);
    }
  }
}

// One that was written to, or whose terminal has gone: both are worth a look.
void PaneWatch::Watcher::take_event(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return take_overflow();
  const auto watched = terminal_of_watch.find(event.wd);
  if (watched == terminal_of_watch.end()) return;
  Terminal& terminal = *watched->second;
  note_write(terminal);
  if ((event.mask & IN_IGNORED) == 0) return;
  if (terminal.watch == event.wd) terminal.watch = -1;
  terminal_of_watch.erase(watched);
}

// Whatever was said of any of them may have been lost: that it is gone, too.
void PaneWatch::Watcher::take_overflow() {
  for (auto& [path, terminal] : terminals) {
    note_write(terminal);
    arm(path, terminal, terminal.floods ? first_write : each_write);
  }
}

void PaneWatch::Watcher::note_write(Terminal& terminal) {
  ++terminal.writes;
  terminal.dirty = true;
}

void PaneWatch::Watcher::on_tick() {
  read_events();
  bool any_dirty = false;
  const std::size_t told_before = told.size();
  for (auto& [path, terminal] : terminals) {
    if (!terminal.dirty) continue;
    const int writes = std::exchange(terminal.writes, 0);
    if (writes > 0) {
      any_dirty = true;
      terminal.floods = terminal.floods || writes > most_writes_a_tick;
      if (terminal.floods) arm(path, terminal, first_write);
    } else {
      terminal.dirty = false;
      if (std::exchange(terminal.floods, false)) arm(path, terminal, each_write);
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
    if (auto known = before.extract(path)) {
      known.mapped().sessions.clear();
      watcher.terminals.insert(std::move(known));  // it stays where it is in memory
    }
    Terminal& terminal = watcher.terminals[path];
    // Anew where that failed before: its terminal may be another one of the same name.
    if (terminal.watch < 0) watcher.arm(path, terminal, each_write);
    terminal.sessions.push_back(session);
  }
  for (auto& [path, terminal] : before) watcher.disarm(terminal);
}

std::vector<std::string> PaneWatch::take_quiet() { return std::exchange(watcher_->told, {}); }

}  // namespace quotawatch::os
