#include "os/tmux/tmux_batch.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "os/tmux/tmux_names.h"

namespace quotawatch::os {
namespace {

PaneCapture failed(std::string why) { return {PaneCapture::Status::failed, nullptr, 0, 0, std::move(why)}; }

std::optional<int> to_count(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

}  // namespace

// Enough for the widest common screens (200 by 50 cells of a letter with many accents), and for one
// very large pane.
std::size_t tmux_output_limit(std::size_t screens) {
  constexpr std::size_t base = std::size_t{8} << 20U;
  constexpr std::size_t a_screen = std::size_t{256} << 10U;
  return base + a_screen * screens;
}

PaneCapture read_screen(std::string_view text, int columns, int rows, std::string_view pane) {
  if (find_invalid_utf8(text) != std::string_view::npos) return failed("not valid UTF-8");
  return {PaneCapture::Status::screen, std::make_shared<const std::string>(text), columns, rows, "", std::string(pane)};
}

PaneCapture ended_pane(std::string_view pane) {
  return {PaneCapture::Status::ended, nullptr, 0, 0, "", std::string(pane)};
}

std::string TmuxBatch::make_nonce() {
  std::array<std::uint64_t, 2> random{};
  while (::getrandom(random.data(), sizeof random, 0) != sizeof random) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return fmt::format("{:016x}{:016x}", random[0], random[1]);
}

TmuxBatch::TmuxBatch(std::vector<std::string> sessions, std::string nonce, std::vector<std::string> further)
    : nonce_(std::move(nonce)), sessions_(std::move(sessions)), further_(std::move(further)) {
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    for (auto& name : possible_names(sessions_[i])) asked_.push_back({i, std::move(name)});
  }
  assert(!nonce_.empty());
}

std::string TmuxBatch::marker(std::size_t index) const { return fmt::format("{} {} ", nonce_, index); }

// `display-message` does not fail for a session that does not exist: its variables expand to
// nothing, which tells a missing session from an error.
std::string TmuxBatch::script() const {
  std::string script;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const std::string target = quote_argument(pane_target(asked_[i].name));
    script += fmt::format(
        "display-message -p -t {0} "
        "'{1}#{{session_id}} #{{pane_width}} #{{pane_height}} #{{pane_id}} "
        "#{{pane_dead}} #{{session_name}}'\n"
        "capture-pane -p -t {0}\n",
        target, marker(i));
  }
  for (std::size_t i = 0; i < further_.size(); ++i) {
    script += fmt::format("display-message -p '{}'\ncapture-pane -p -t {}\n", marker(asked_.size() + i),
                          quote_argument(further_[i]));
  }
  return script +
         fmt::format("display-message -p '{}#{{version}} {}'\n", marker(last_section()), pane_listing_format());
}

std::size_t TmuxBatch::output_limit() const { return tmux_output_limit(last_section()); }

// The text between each marker line and the next. Empty if the last marker is missing: tmux did not
// finish.
std::vector<TmuxBatch::Section> TmuxBatch::split(std::string_view output) const {
  std::vector<Section> sections(last_section() + 1);
  Section* open = nullptr;  // the section being read
  const char* text_begin = output.data();
  std::size_t next = 0;
  while (!output.empty() && next <= last_section()) {
    std::string_view line = take_until(output, '\n');
    const char* line_begin = line.data();
    if (!line.starts_with(nonce_)) continue;
    line.remove_prefix(std::min(nonce_.size() + 1, line.size()));
    const std::string_view number = take_until(line, ' ');
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(number.begin(), number.end(), index);
    if (error != std::errc{} || end != number.end() || index < next || index > last_section()) {
      continue;
    }
    if (open != nullptr) {
      open->text = {text_begin, static_cast<std::size_t>(line_begin - text_begin)};
      open->whole = index == next;
    }
    open = &sections[index];
    open->head = line;
    text_begin = output.data();
    next = index + 1;
  }
  if (next <= last_section()) return {};
  assert(next == sections.size() && open == &sections.back());
  return sections;
}

PaneCapture TmuxBatch::read_section(const Section& section, std::string_view name) {
  if (!section.whole) return failed("the answer of tmux is not whole");
  std::string_view head = section.head;
  const std::string_view id = take_until(head, ' ');
  const auto columns = to_count(take_until(head, ' '));
  const auto rows = to_count(take_until(head, ' '));
  const std::string_view pane = take_until(head, ' ');
  const bool dead = take_until(head, ' ') == "1";
  if (id.empty() || head != name) return {};  // no such session, or a different one matched
  if (dead) return ended_pane(pane);
  if (!columns || !rows) return failed("tmux names no size of the pane");
  if (section.text.empty()) return failed("tmux gives no screen");
  return read_screen(section.text, *columns, *rows, pane);
}

void TmuxBatch::read_sessions(const std::vector<Section>& sections, TmuxAnswer& answer) const {
  answer.panes.resize(sessions_.size());
  answer.session_ids.resize(sessions_.size());
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const std::size_t session = asked_[i].session;
    if (answer.panes[session].status != PaneCapture::Status::absent) continue;
    answer.panes[session] = read_section(sections[i], asked_[i].name);
    std::string_view head = sections[i].head;
    const bool there = answer.panes[session].status != PaneCapture::Status::absent;
    if (there) answer.session_ids[session] = take_until(head, ' ');
  }
}

// A pane that is gone leaves its section empty.
void TmuxBatch::read_further(const std::vector<Section>& sections, TmuxAnswer& answer) const {
  for (std::size_t i = 0; i < further_.size(); ++i) {
    const Section& section = sections[asked_.size() + i];
    if (!section.whole || section.text.empty()) continue;
    answer.further.emplace(further_[i], read_screen(section.text, 0, 0, further_[i]));
  }
}

std::optional<TmuxAnswer> TmuxBatch::read(std::string_view output) const {
  const auto sections = split(output);
  if (sections.empty()) return std::nullopt;
  TmuxAnswer answer;
  read_sessions(sections, answer);
  read_further(sections, answer);
  std::string_view last = sections.back().head;
  answer.version = take_until(last, ' ');
  answer.listed = read_pane_listing(last);
  return answer;
}

}  // namespace quotawatch::os
