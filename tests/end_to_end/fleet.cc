#include "tests/end_to_end/fleet.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/text.h"

namespace quotawatch::testing_support {

using os::testing_support::write_file;
using os::testing_support::write_script;

Fleet::Fleet() {
  tmux_.start();
  config_ = {{"quota", {{"poll_interval", "100ms"}}},
             {"pool", {{"autonomous", {{"start_index", 1}, {"max", 2}}}, {"dedicated", {{{"name", "main"}}}}}},
             {"accounts", {{{"name", "a"}}, {{"name", "b"}}}},
             {"active_account", "a"},
             {"pack", "seed"},
             {"tmux", {{"socket_name", tmux_.socket_name()}}},
             {"state", {{"path", "state.json"}}}};
  set_hook("");
}

void Fleet::show(const std::string& session, std::string text) {
  constexpr int columns = 100;
  constexpr std::size_t rows = 30;
  text.append(rows - split_lines(text).size(), '\n');
  tmux_.show(session, text, columns, static_cast<int>(rows));
}

std::string Fleet::write_config() const {
  // Replaced in one step, because a program may be reading the old file; with the permissions that
  // a test has set.
  const std::string fresh = config_path() + ".new";
  write_file(fresh, config_.dump(2));
  if (std::filesystem::exists(config_path())) {
    std::filesystem::permissions(fresh, std::filesystem::status(config_path()).permissions());
  }
  std::filesystem::rename(fresh, config_path());
  return config_path();
}

void Fleet::set_hook(const std::string& then) {
  write_script(path("hook"), fmt::format("cat >> '{0}'; echo >> '{0}'\n{1}\n", path("requests"), then));
  config_["switch"] = {{"command", {path("hook")}}};
}

std::vector<nlohmann::json> Fleet::requests() const {
  std::vector<nlohmann::json> requests;
  if (!os::testing_support::file_exists(path("requests"))) return requests;
  const std::string text = os::testing_support::read_file(path("requests"));
  for (const auto line : split_lines(text)) {
    if (!trim(line).empty()) requests.push_back(nlohmann::json::parse(line));
  }
  return requests;
}

std::vector<std::string> Fleet::run_arguments(std::vector<std::string> more) const {
  std::vector<std::string> arguments{"run", "--config", write_config()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace quotawatch::testing_support
