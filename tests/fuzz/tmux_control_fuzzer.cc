// Output of `tmux -C`. Each input is used twice: as tmux's whole output after a request, and as a
// pane's content within a valid reply.
#include <fmt/format.h>

#include <algorithm>

#include "fuzzing.h"
#include "os/tmux/tmux_control_reader.h"

namespace quotawatch::fuzzing {
namespace {

using Reader = os::TmuxControlReader;

std::string block(int number, std::string_view content, int flags) {
  return fmt::format("%begin 7 {0} {2}\n{1}%end 7 {0} {2}\n", number, content, flags);
}

Reader asked_reader() {
  Reader reader("HELLO");
  reader.feed(block(1, "HELLO\n", 1));
  check(reader.ready(), "tmux has said hello");
  reader.ask("own", {"$1", "%3", "$2"});
  return reader;
}

void check_reply(const os::TmuxReply& reply) {
  for (const auto& [id, screen] : reply.screens) {
    const auto session = std::ranges::find(reply.sessions, id, &os::ListedSession::id);
    const auto pane = std::ranges::find(reply.panes, id, &os::ListedPane::pane);
    check(session != reply.sessions.end() || pane != reply.panes.end(), "a screen is one of those that are listed");
    const int rows = pane != reply.panes.end() ? pane->rows : session->rows;
    check(std::ranges::count(screen, '\n') == rows, "a screen has its rows");
  }
}

void check_anything(std::string_view input) {
  Reader at_once = asked_reader();
  at_once.feed(input);
  Reader byte_by_byte = asked_reader();
  for (const char byte : input) byte_by_byte.feed({&byte, 1});
  check(at_once.broken() == byte_by_byte.broken(), "it does not matter how it is cut");
  check(at_once.problem() == byte_by_byte.problem(), "nor for what is wrong");
  const auto reply = at_once.take_reply();
  const auto other = byte_by_byte.take_reply();
  check(reply.has_value() == other.has_value(), "nor for whether there is a reply");
  if (!reply) return;
  check_reply(*reply);
  check(reply->screens == other->screens, "nor for what it is");
}

// Whatever the pane draws is returned as its content, and does not affect the next pane.
void check_pane(std::string_view input) {
  std::string screen(input);
  if (!screen.ends_with('\n')) screen += '\n';
  const auto rows = std::ranges::count(screen, '\n');
  Reader reader = asked_reader();
  reader.feed(block(1, "", 1) + block(2, "", 1) + block(3, "", 0) +
              block(4, fmt::format("$1 80 {0} %1 0 1 a $2 80 1 %2 0 1 b ;%3 $1 0.1 9 80 {0} 0 0 0 1 .\n", rows), 0) +
              block(5, screen, 0) + block(6, screen, 0) + block(7, "honest\n", 0) + block(8, "", 1));
  const auto reply = reader.take_reply();
  check(reply.has_value(), "a whole answer is one");
  check(reply->screens.at("$1") == screen, "a screen is read exactly");
  check(reply->screens.at("%3") == screen, "and so is a further pane's");
  check(reply->screens.at("$2") == "honest\n", "and so is the one after it");
}

}  // namespace

void try_input(std::string_view input) {
  check_anything(input);
  check_pane(input);
}

}  // namespace quotawatch::fuzzing
