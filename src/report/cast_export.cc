#include "report/cast_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "quotawatch/event.h"
#include "quotawatch/input_error.h"
#include "record/asciicast.h"
#include "report/shown_screens.h"

namespace quotawatch {
namespace {

std::vector<std::string> sessions_shown(const Transcript& transcript) {
  std::vector<std::string> names;
  for (const auto& event : transcript.events) {
    const auto session = session_of(event.action);
    const bool shows =
        std::holds_alternative<ShowScreen>(event.action) || std::holds_alternative<LinkSession>(event.action);
    if (shows && session && std::ranges::find(names, *session) == names.end()) names.push_back(*session);
  }
  return names;
}

std::string choose_session(const Transcript& transcript, const std::string& session) {
  const auto names = sessions_shown(transcript);
  if (names.empty()) throw InputError(transcript.path, 0, "shows no screen");
  if (session.empty()) return names.front();
  if (std::ranges::find(names, session) != names.end()) return session;
  throw InputError(
      "--session", 0,
      fmt::format("{} is no session of {}{}", in_quotes(session), in_quotes(transcript.path), suggest(session, names)));
}

// Draws over what was there. A row may hold what a terminal would obey.
std::string drawing(const ShowScreen* screen) {
  std::string text = "\x1b[H\x1b[2J";
  if (screen == nullptr) return text;
  for (std::size_t i = 0; i < screen->lines.size(); ++i) {
    text += (i > 0 ? "\r\n" : "") + escape_controls(screen->lines[i]);
  }
  return text;
}

// "switch main a -> b"
std::string marker(const Event& event) {
  std::string text(event_name(event.kind));
  for (const char* field : {"group", "session", "account"}) {
    if (const auto value = field_text(event, field)) text += " " + *value;
  }
  const auto from = field_text(event, "from");
  const auto to = field_text(event, "to");
  if (from && to) text += fmt::format(" {} -> {}", *from, *to);
  return make_snippet(text);
}

class CastWriter {
 public:
  CastWriter(const Transcript& transcript, std::string session)
      : transcript_(transcript), session_(std::move(session)) {}

  std::string write(const std::vector<sim::JournalEntry>& journal) {
    auto entry = journal.begin();
    for (const auto& event : transcript_.events) {
      for (; entry != journal.end() && entry->offset < event.offset; ++entry) mark(*entry);
      shown_.take(event.action);
      show(event.offset);
    }
    for (; entry != journal.end(); ++entry) mark(*entry);
    if (transcript_.until > last_) add({transcript_.until, 'o', ""});
    return std::move(text_);
  }

 private:
  void show(Milliseconds at) {
    const ShowScreen* screen = shown_.find(session_);
    if (screen == drawn_) return;
    drawn_ = screen;
    if (screen != nullptr) fit({screen->columns, screen->rows}, at);
    if (size_) add({at, 'o', drawing(screen)});
  }

  // The recording begins with the size of the first screen.
  void fit(TerminalSize size, Milliseconds at) {
    if (size_ == size) return;
    if (!std::exchange(size_, size)) {
      text_ =
          write_cast_header({2, size, transcript_.start, fmt::format("{} of a transcript of quotawatch", session_)}) +
          text_;
    } else {
      add({at, 'r', format_terminal_size(size)});
    }
  }

  void mark(const sim::JournalEntry& entry) {
    if (is_decision(entry.event.kind)) add({entry.offset, 'm', marker(entry.event)});
  }

  void add(CastEvent event) {
    last_ = event.at;
    text_ += write_cast_event(event);
  }

  const Transcript& transcript_;
  std::string session_;
  ShownScreens shown_;
  const ShowScreen* drawn_ = nullptr;
  std::optional<TerminalSize> size_;
  Milliseconds last_{0};
  std::string text_;
};

}  // namespace

std::string cast_of(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal, std::string session) {
  return CastWriter(transcript, choose_session(transcript, session)).write(journal);
}

}  // namespace quotawatch
