// Plain packs: the last rows of a screen as one text, the first rule in the pack's
// order decides, a server error vetoes. The seed's way.
//
// Used by Judge where a session is given a plain pack by name.
#pragma once

#include <string_view>

#include "judge/rules/scanner.h"
#include "quotawatch/judge.h"
#include "quotawatch/pack.h"

namespace quotawatch {

class BlockJudge {
 public:
  // Throws InputError for an expression that cannot be used. `pack` must outlive it.
  explicit BlockJudge(const Pack& pack);

  Reading read(std::string_view text);
  Explanation explain(std::string_view text);

  // True if the rule at `index` matches in the judged part of `text`, whatever
  // else does.
  bool matches(std::size_t index, std::string_view text);

 private:
  const Pack* pack_;
  Scanner scanner_;
};

}  // namespace quotawatch
