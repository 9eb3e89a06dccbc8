// The rules of quota.switch_at, from what passes through the seams: a switch before the wall is for a limit that the
// account in use comes near, goes to an account that is known to be lower, and comes once for one window.
//
// Owned by RunChecker. Uses none of the decision code.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/state.h"
#include "quotawatch/tmux.h"
#include "sim/check/journal_checker.h"

namespace quotawatch::sim {

class EarlyChecker {
 public:
  explicit EarlyChecker(const Config& config);

  void captured(const TmuxCapture& capture, const JournalChecker& journal, Moment began);
  void take(const Event& event, const JournalChecker& journal, Milliseconds at);
  // A run begins: it knows what was saved.
  void loaded(const std::optional<State>& state);
  // The clock was set back, so it is not known what was said when.
  void doubt() { doubtful_ = true; }

  std::vector<Violation>& violations() { return violations_; }

 private:
  struct Known {
    int percent = 0;
    std::optional<WallTime> reset_at;
    WallTime at;
  };

  void require(bool holds, std::string_view invariant, Milliseconds at, const std::string& what);
  bool is_of_account_now(const JournalChecker& journal, WallTime said) const;
  void check_switch(const Event& event, const JournalChecker& journal, Milliseconds at);
  using Uses = std::map<std::string, std::map<Milliseconds, Known>>;  // by account and window
  static int use_of(const Uses& uses, const std::string& account, WallTime now);

  const Config& config_;
  const std::vector<std::string> names_;
  std::map<std::string, std::vector<WindowUse>> said_;  // by session, at the last capture, if about its account now
  Uses known_;
  Uses warned_;                                        // as screens said it
  std::map<std::string, std::vector<WallTime>> left_;  // by account: the resets of windows for which it was left
  std::optional<Event> asked_;                         // the last switch, if it was before the wall
  std::vector<Violation> violations_;
  bool doubtful_ = false;
};

}  // namespace quotawatch::sim
