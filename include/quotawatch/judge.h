// A pack made ready to read screens: one scan for all its rules.
//
// Made once from a Pack, then asked once for every screen that changed. The same
// text always gives the same reading; not const because the scan needs room of
// its own to work in, so a Judge is for one thread at a time.
#pragma once

#include <memory>
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
  std::size_t row = 0;  // where it matched, from 1
  bool decided = false;
  std::string reason;  // why it decided, or why it was refused
};

// A reading with everything that led to it.
struct Explanation {
  Screen screen;
  Reading reading;
  std::vector<RuleFinding> findings;  // rules that matched, in the pack's order
};

class Judge {
 public:
  // Compiles the pack and checks every rule's examples with what it compiled.
  // Throws InputError with the pack's file, the rule's line and the reason.
  explicit Judge(Pack pack);
  ~Judge();
  Judge(Judge&&) noexcept;
  Judge& operator=(Judge&&) noexcept;

  const Pack& pack() const;

  // What the screen says. `text`: valid UTF-8, rows ended by newlines.
  Reading read(std::string_view text);

  // The same reading, with its reasons. The screen's rows view into `text`.
  Explanation explain(std::string_view text);

  // True if the rule at `index` of the pack matches anywhere in the judged part
  // of `text`, whatever else does. For linting.
  bool rule_matches(std::size_t index, std::string_view text);

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace quotawatch
