#include "os/host/program_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/file_reader.h"
#include "base/json_document.h"
#include "base/text.h"
#include "os/loop/process_status.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

constexpr std::size_t largest_file = 64U << 10U;
constexpr int most_ancestors = 50;
constexpr std::size_t longest_first_line = 1U << 20U;  // it holds the program's instructions

std::optional<std::string> read(const std::string& path, std::size_t limit) {
  try {
    return read_file(path, limit);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool descends_from(int process, int ancestor) {
  for (int step = 0; step < most_ancestors && process > 1; ++step) {
    if (process == ancestor) return true;
    const auto status = read_process_status(process);
    if (!status) return false;
    process = status->parent;
  }
  return false;
}

bool is_id(std::string_view id) {
  return id.size() >= 8 && id.size() <= 64 && id.front() != '-' &&
         std::ranges::all_of(id, [](char c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '-'; });
}

std::optional<ListedProgram> read_program(const std::string& path, int pane_process) {
  const auto text = read(path, largest_file);
  if (!text) return std::nullopt;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto process = json.find("pid");
  if (process == json.end() || !process->is_number_integer()) return std::nullopt;
  const ListedProgram program{process->get<int>(), text_of(json, "sessionId"), text_of(json, "status") == "busy",
                              text_of(json, "cwd")};
  const auto status = read_process_status(program.process);
  const std::string start = text_of(json, "procStart");
  const bool lives = status && (start.empty() || start == std::to_string(status->started_ticks));
  if (!lives || !is_id(program.conversation) || !descends_from(program.process, pane_process)) return std::nullopt;
  return program;
}

// CLAUDE_CONFIG_DIR of a process, if it has one.
std::string folder_of(int process) {
  const std::string environment = read_process_file(process, "environ");
  std::string_view rest = environment;
  constexpr std::string_view name = "CLAUDE_CONFIG_DIR=";
  while (!rest.empty()) {
    const auto variable = take_until(rest, '\0');
    if (variable.starts_with(name)) return std::string(variable.substr(name.size()));
  }
  return "";
}

// The id of the conversation that a file of Codex, "…/sessions/2026/11/30/rollout-TIME-ID.jsonl", begins
// with; empty if it is no such file, or a sub-agent's.
std::string conversation_in(const std::string& path) {
  const std::filesystem::path file(path);
  const std::string name = file.stem().string();
  if (!name.starts_with("rollout-") || file.extension() != ".jsonl") return "";
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return "";
  std::string first;
  try {
    if (!FileReader(path).next_line(first, longest_first_line)) return "";
  } catch (const InputError&) {
    return "";
  }
  const auto json = nlohmann::json::parse(first, nullptr, false);
  if (!json.is_object() || text_of(json, "type") != "session_meta") return "";
  const auto meta = json.value("payload", nlohmann::json());
  if (!meta.is_object()) return "";
  const auto source = meta.find("source");
  const bool own = source == meta.end() || source->is_string();  // else {"subagent": …}
  const auto id = text_of(meta, "id");
  return own && is_id(id) && name.ends_with("-" + id) ? id : "";
}

}  // namespace

std::optional<ListedProgram> find_listed_program(int pane_process, const std::vector<std::string>& folders) {
  std::optional<ListedProgram> found;
  for (const auto& folder : folders) {
    std::error_code error;
    std::filesystem::directory_iterator files(folder + "/sessions", error);
    for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
      if (files->path().extension() != ".json") continue;
      const auto program = read_program(files->path().string(), pane_process);
      if (!program) continue;
      if (found && found->conversation != program->conversation) return std::nullopt;
      found = program;
    }
  }
  return found;
}

// Of every character that is not a letter or a digit the program makes a dash.
std::string ListedProgram::conversation_file() const {
  if (folder.empty()) return open_file;
  std::string name = folder;
  std::ranges::replace_if(
      name, [](char c) { return !is_digit(c) && !is_lower(c) && !is_upper(c); }, '-');
  return config_folder + "/projects/" + name + "/" + conversation + ".jsonl";
}

std::optional<ListedProgram> listed_program(int process) {
  std::string config_folder = folder_of(process);
  const char* const home = std::getenv("HOME");
  if (config_folder.empty() && home != nullptr) config_folder = std::string(home) + "/.claude";
  auto program = read_program(config_folder + "/sessions/" + std::to_string(process) + ".json", process);
  if (!program || program->process != process) return std::nullopt;
  program->config_folder = std::move(config_folder);
  return program;
}

std::optional<ListedProgram> find_open_conversation(int pane_process) {
  std::optional<ListedProgram> found;
  for (const int process : processes_below(pane_process)) {
    for (auto& file : open_files(process)) {
      const std::string conversation = conversation_in(file);
      if (conversation.empty()) continue;
      if (found && found->conversation != conversation) return std::nullopt;
      found = ListedProgram{process, conversation};
      found->open_file = std::move(file);
    }
  }
  return found;
}

std::optional<ListedProgram> find_program(int pane_process) {
  std::vector<std::string> folders;
  const auto add = [&](const std::string& folder) {
    if (!folder.empty() && std::ranges::find(folders, folder) == folders.end()) folders.push_back(folder);
  };
  add(folder_of(pane_process));
  if (const char* own = std::getenv("CLAUDE_CONFIG_DIR")) add(own);
  if (const char* home = std::getenv("HOME")) add(std::string(home) + "/.claude");
  const auto listed = find_listed_program(pane_process, folders);
  return listed ? listed : find_open_conversation(pane_process);
}

}  // namespace quotawatch::os
