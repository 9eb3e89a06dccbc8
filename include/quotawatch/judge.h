// Packs that are compiled and ready to read screens.
//
// Created once from one or more packs, then called for every screen that changed. The same text
// always gives the same reading. Not const because readings are cached, so a Judge must be used by
// one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/pack.h"
#include "quotawatch/posture.h"
#include "quotawatch/screen.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

// What a screen shows of what was answered and done, whatever clocks and spinners do.
struct Progress {
  ConversationTrace conversation;
  // The last thing in the conversation is an answer or an action, not a request. (Plain screens:
  // always, because nobody can tell.)
  bool answered = false;
};

// True if something was answered or done between two screens of a session. A request alone is
// nothing: it may be refused in a moment.
bool went_on(const Progress& before, const Progress& now);

// How one rule matched a screen, for `explain`.
struct RuleFinding {
  std::string rule;
  Verdict verdict = Verdict::clear;
  std::size_t row = 0;     // where it matched, from 1
  std::size_t column = 0;  // from 1; 0 on plain screens, which are matched as one block
  bool decided = false;
  std::string reason;  // why it decided, or why it did not
};

// A reading with its reasons.
struct Explanation {
  Screen screen;
  Reading reading;
  std::vector<RuleFinding> findings;  // matching rules, in the order found
  std::string pack;                   // the pack that judged the screen
  std::size_t rules = 0;              // how many it has
};

class Judge {
 public:
  // Checks the expressions and examples of all rules, unless the pack is built in. Throws
  // InputError with the pack's file, the rule's line and the reason.
  explicit Judge(Pack pack);

  // With several packs, one per program: each screen is judged by the pack of the program that
  // seems to have drawn it. A screen of no known program is judged by all of them and a plain one,
  // conservatively (`auto`).
  explicit Judge(std::vector<Pack> packs);
  ~Judge();
  Judge(Judge&&) noexcept;
  Judge& operator=(Judge&&) noexcept;

  const std::vector<Pack>& packs() const;

  // The reading of a screen. `text`: valid UTF-8, rows ended by newlines.
  Reading read(std::string_view text);

  // The conversation shown on the screen, even if nothing on it is about limits; in that case
  // read() returns Context::unread.
  Context context(std::string_view text);

  // How the program on the screen stands towards somebody who wants to type. Not cached: asked for
  // only where a session may have to be resumed.
  Posture posture(std::string_view text) const;

  Progress progress(std::string_view text);

  // True if the screen is one of a program that the packs know, whatever it says; a plain pack alone
  // knows none.
  bool shows_program(std::string_view text) const;

  // True if a pack calls this process its program's.
  bool is_program(std::string_view name) const;

  // The same reading with its reasons. The screen's rows are views into `text`.
  Explanation explain(std::string_view text);

  // True if the expression of rule `index` of the first pack matches `text`, which is a message
  // (for plain packs: a screen), regardless of other rules. For linting.
  bool rule_matches(std::size_t index, std::string_view text);

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

// Judges by the name of their pack, each created once and shared by all sessions and transcripts.
class JudgeCache {
 public:
  // `pack`: as for load_packs(). Throws InputError if it cannot be used.
  Judge& find(const std::string& pack);

 private:
  std::map<std::string, std::unique_ptr<Judge>> judges_;
};

}  // namespace quotawatch
