// A pack made ready to read screens.
//
// Made once from one or more packs, then asked once for every screen that changed. The same
// text always gives the same reading; not const because readings are remembered, so a Judge is for
// one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/pack.h"
#include "quotawatch/screen.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

// What one rule had to do with a screen, for `explain`.
struct RuleFinding {
  std::string rule;
  Verdict verdict = Verdict::clear;
  std::size_t row = 0;     // where it matched, from 1
  std::size_t column = 0;  // from 1; 0 on plain screens, which are matched as one block
  bool decided = false;
  std::string reason;  // why it decided, or why it was refused
};

// A reading with everything that led to it.
struct Explanation {
  Screen screen;
  Reading reading;
  std::vector<RuleFinding> findings;  // rules that matched, as they were met
  std::string pack;                   // the pack that judged it
  std::size_t rules = 0;              // how many it has
};

class Judge {
 public:
  // Checks the expressions and examples of every rule, unless the pack is built in.
  // Throws InputError with the pack's file, the rule's line and the reason.
  explicit Judge(Pack pack);

  // Of several, one for each program: each screen is judged by the pack of the
  // program that seems to have drawn it, one of no known program by all of them
  // and a plain one, with care (`auto`).
  explicit Judge(std::vector<Pack> packs);
  ~Judge();
  Judge(Judge&&) noexcept;
  Judge& operator=(Judge&&) noexcept;

  const std::vector<Pack>& packs() const;

  // What the screen says. `text`: valid UTF-8, rows ended by newlines.
  Reading read(std::string_view text);

  // What the screen shows of a conversation, also where nothing on it speaks of limits, of which
  // read() leaves that open (Context::unread).
  Context context(std::string_view text);

  // The same reading, with its reasons. The screen's rows view into `text`.
  Explanation explain(std::string_view text);

  // True if the expression of the rule at `index` of the first pack matches `text`,
  // a message (plain packs: a screen), whatever else does. For linting.
  bool rule_matches(std::size_t index, std::string_view text);

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

// Judges by the name of their pack, each made once and used for every session and
// transcript that names it.
class JudgeCache {
 public:
  // `pack`: as load_packs() takes it. Throws InputError if it cannot be used.
  Judge& find(const std::string& pack);

 private:
  std::map<std::string, std::unique_ptr<Judge>> judges_;
};

}  // namespace quotawatch
