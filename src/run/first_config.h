// A first config from what runs on this host: for `quotawatch init`.
//
// Finding looks only; first_config() is pure.
#pragma once

#include <string>
#include <vector>

namespace quotawatch {

// A tmux session in which an agent was recognised.
struct FoundAgent {
  std::string socket;
  std::string session;
  std::string pack;
};

struct FoundHost {
  std::vector<std::string> sockets;  // on which a server answers
  std::vector<FoundAgent> agents;
  std::vector<std::string> accounts;  // by the names of their folders and files
  std::string active;                 // the account that ~/.claude-current leads to; empty if not known
};

FoundHost look_for_agents();

// The text of the config, with comments. `agents` are of one server; `active`: empty if not known.
std::string first_config(const std::vector<FoundAgent>& agents, const std::vector<std::string>& accounts,
                         const std::string& active);

}  // namespace quotawatch
