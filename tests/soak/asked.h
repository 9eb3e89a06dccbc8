// Checks what was typed in a soak against its journal and its saved states: for each attempt that the
// journal names, at most one text and one Enter, never before a switch was done, and no attempt is
// forgotten.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/event.h"
#include "quotawatch/state.h"
#include "tests/soak/lives.h"

namespace quotawatch::soak {

class AskedChecker {
 public:
  using Violate = std::function<void(std::string_view invariant, WallTime at, const std::string& what)>;

  // `keys`: in order of time.
  AskedChecker(const std::vector<TypedKeys>& keys, const ResumeRules& rules, Violate violate)
      : keys_(keys), rules_(rules), violate_(std::move(violate)) {}

  // A life begins with this state.
  void begin(const Life& life, const State& state);
  // A `resume` of the journal; `in_flight`: a switch is under way.
  void take(const Event& event, bool in_flight);
  // Nothing more will come.
  void end();

 private:
  struct Attempt {
    WallTime at;
    int number = 0;
    std::set<std::string> used = {};  // "text", "Enter", "menu"
  };

  void take_keys(const TypedKeys& keys);

  const std::vector<TypedKeys>& keys_;
  const ResumeRules& rules_;
  Violate violate_;
  std::map<std::string, std::vector<Attempt>> attempts_;  // by session, in order of time
};

}  // namespace quotawatch::soak
