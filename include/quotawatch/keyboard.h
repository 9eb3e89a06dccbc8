// The seam to the keyboards of panes: types into exactly one pane, or starts its program again.
//
// Used by Resumer (src/monitor) alone, which has made sure of what is on the screen. Real:
// TmuxKeyboard (src/os), and DryRunKeyboard (src/run), which only says so. Fake: FakeKeyboard (sim/).
// All fulfil tests/contracts/keyboard_contract.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// One thing that is done to a pane.
struct Stroke {
  enum class Kind {
    text,     // typed literally, without Enter
    key,      // one key: "Enter", "Up" and "Down", or a digit of a menu
    restart,  // the program in the pane ends, and `arguments` run there in the pane's folder; in them,
              // "{session_id}" stands for the id of the program's conversation
    command,  // the user's program is run beside the pane
  };
  Kind kind = Kind::text;
  std::string session;                      // for messages and the user's program
  std::string pane;                         // tmux's id of the pane, "%12", never reused
  std::string text = {};                    // of `text` and `key`
  std::vector<std::string> arguments = {};  // of `restart` and `command`
  std::string account = {};                 // for the user's program
  std::string reason = {};                  // likewise

  bool operator==(const Stroke&) const = default;
};

// True if the stroke asks for the conversation's id; and the stroke with it.
bool names_conversation(const Stroke& stroke);
Stroke with_conversation(Stroke stroke, std::string_view id);

class Keyboard {
 public:
  virtual ~Keyboard() = default;

  // Why it should not be done now, by what the pane's program says of itself (that it works) and, for a
  // restart, by what is known of its conversation; an empty text if nothing speaks against it.
  virtual std::string why_not(const Stroke& stroke) = 0;

  // Does it, and returns why it could not be done; an empty text if it was. Nothing is done to any
  // other pane than the one with exactly this id. Never retries, never throws for errors of tmux.
  virtual std::string send(const Stroke& stroke) = 0;

  // The text of a pane without what its program only suggests (drawn faint in an empty prompt); the
  // rows are those of a capture. Empty if the pane cannot be read.
  virtual std::optional<std::string> read_typed(const std::string& pane) = 0;
};

}  // namespace quotawatch
