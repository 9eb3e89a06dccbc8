// How stopped sessions are asked to go on: the settings under "resume" in the config.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/time.h"

namespace quotawatch {

enum class ResumeHow {
  off,      // nobody asks
  type,     // a text is typed at the program's prompt
  restart,  // the program in the pane is replaced by `command`
  command,  // the user's program is run, which knows how
};

// "off", "type", …
std::string_view resume_how_name(ResumeHow how);
std::optional<ResumeHow> find_resume_how(std::string_view name);
std::vector<std::string> resume_how_names();

struct ResumeWay {
  ResumeHow how = ResumeHow::off;
  std::string text = "continue";
  std::vector<std::string> command = {};  // for `restart` and `command`

  bool operator==(const ResumeWay&) const = default;
};

struct ResumeRules {
  ResumeWay usual = {};
  std::map<std::string, ResumeWay> sessions = {};  // those with a way of their own

  Milliseconds settle{std::chrono::seconds{1}};     // how long nothing may move on the screen
  Milliseconds quiet{std::chrono::seconds{60}};     // how long nobody may have used the session
  Milliseconds patience{std::chrono::seconds{60}};  // how long a session may take to go on
  Milliseconds spacing{std::chrono::seconds{1}};    // between two sessions
  bool move_conversations = false;                  // whether a dialog about the owner is answered

  // `session` may be one of several panes of a session: "main:1.0".
  const ResumeWay& way_of(const std::string& session) const {
    const auto own = sessions.find(session.substr(0, session.find(':')));
    return own == sessions.end() ? usual : own->second;
  }

  // False: no session is ever asked.
  bool any() const {
    if (usual.how != ResumeHow::off) return true;
    for (const auto& [session, way] : sessions) {
      if (way.how != ResumeHow::off) return true;
    }
    return false;
  }

  bool operator==(const ResumeRules&) const = default;
};

}  // namespace quotawatch
