// A fleet for end-to-end tests: a private tmux server, a config, and a hook that records its
// requests.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/end_to_end/program.h"
#include "tests/os/support.h"
#include "tests/os/tmux/tmux_server.h"

namespace quotawatch::testing_support {

constexpr Milliseconds one_second{1000};
constexpr const char* dated_banner = "> go on\n  You've hit your limit · resets 8pm (Europe/Paris)\n";

class Fleet {
 public:
  Fleet();

  os::testing_support::TmuxServer& tmux() { return tmux_; }
  nlohmann::json& config() { return config_; }

  // The session's 100x30 pane shows `text` at its top and nothing below.
  void show(const std::string& session, std::string text);

  // Writes the present config and returns its path.
  std::string write_config() const;
  std::string config_path() const { return folder_ / "config.json"; }
  std::string state_path() const { return folder_ / "state.json"; }
  std::string path(std::string_view name) const { return folder_ / name; }

  // The hook records its request and then runs `then`, a line of shell.
  void set_hook(const std::string& then);

  // The hook's requests so far: its stdin, one JSON object per request.
  std::vector<nlohmann::json> requests() const;

  // `quotawatch run --config …` with further arguments.
  std::vector<std::string> run_arguments(std::vector<std::string> more = {}) const;

 private:
  os::testing_support::TemporaryFolder folder_;
  os::testing_support::TmuxServer tmux_;
  nlohmann::json config_;
};

}  // namespace quotawatch::testing_support
