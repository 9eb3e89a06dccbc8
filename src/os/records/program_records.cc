#include "os/records/program_records.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "os/host/program_list.h"
#include "os/loop/process_status.h"
#include "os/records/conversation_entry.h"
#include "os/records/record_file.h"

namespace quotawatch::os {
namespace {

// Between the end of a conversation and its last turn may stand what tools printed.
constexpr std::size_t farthest_back = std::size_t{16} << 20U;
constexpr std::size_t longest_first_line = std::size_t{1} << 20U;

}  // namespace

std::optional<Testimony> read_claude_code_record(const std::string& path) {
  std::optional<Testimony> found;
  read_lines_backwards(path, farthest_back, [&](std::string_view line) {
    found = read_claude_code_entry(line);
    return found.has_value();
  });
  return found;
}

std::optional<Testimony> read_codex_record(const std::string& path) {
  if (!codex_says_how_turns_end(read_first_line(path, longest_first_line))) return std::nullopt;
  std::optional<Testimony> found;
  std::optional<WallTime> reset;
  std::vector<WindowUse> use;
  WallTime use_at;
  read_lines_backwards(path, farthest_back, [&](std::string_view line) {
    auto [entry, reset_here, use_here, use_here_at] = read_codex_line(line);
    if (!reset) reset = reset_here;
    if (use.empty() && !use_here.empty()) {
      use = std::move(use_here);
      use_at = use_here_at;
    }
    if (!entry) return false;
    // A turn that ended without a word of an error may have had one before.
    const bool turn_begins = entry->says == Testimony::Says::under_way;
    if (!found) {
      found = entry;
    } else if (!turn_begins && found->says == Testimony::Says::fine) {
      found = entry;
    }
    return turn_begins || found->says == Testimony::Says::failed || (found->says == Testimony::Says::refused && reset);
  });
  if (found && found->says == Testimony::Says::refused) found->reset_at = reset;
  if (found && !use.empty()) {
    found->use = std::move(use);
    found->use_at = use_at;
  }
  return found;
}

void ProgramRecords::configure(const std::vector<std::string>& programs, std::string tmux_server) {
  tmux_server_ = std::move(tmux_server);
  claude_code_ = std::ranges::find(programs, claude_code_witness) != programs.end();
  codex_ = std::ranges::find(programs, codex_witness) != programs.end();
  records_.clear();
  asked_.clear();
}

std::string ProgramRecords::find_claude_code(int process) const {
  if (!claude_code_) return "";
  const auto listed = listed_program(process);
  return listed ? listed->conversation_file() : "";
}

std::string ProgramRecords::find_codex(int process) const {
  if (!codex_) return "";
  const auto program = find_open_conversation(process);
  return program ? program->conversation_file() : "";
}

bool ProgramRecords::is_changed(Record& record) const {
  struct stat now {};
  if (::stat(record.path.c_str(), &now) != 0) return std::exchange(record.size, -1) != -1;
  const std::int64_t changed_ns = std::int64_t{now.st_mtim.tv_sec} * 1'000'000'000 + now.st_mtim.tv_nsec;
  const bool same = record.device == now.st_dev && record.inode == now.st_ino && record.size == now.st_size &&
                    record.changed_ns == changed_ns;
  record.device = now.st_dev;
  record.inode = now.st_ino;
  record.size = now.st_size;
  record.changed_ns = changed_ns;
  return !same;
}

// By the programs' own list of what runs, else by the pane that the hook names, else by the folder.
ProgramRecords::AskedPanes::iterator ProgramRecords::find_pane(const HookMessage& message) {
  std::erase_if(asked_, [](const auto& pane) { return !read_process_status(pane.second.process); });
  auto listed = asked_.end();
  auto in_folder = asked_.end();
  int conversations = 0;
  int folders = 0;
  bool named_pane_is_anothers = false;
  for (auto pane = asked_.begin(); pane != asked_.end(); ++pane) {
    if (const auto program = listed_program(pane->second.process)) {
      named_pane_is_anothers = named_pane_is_anothers || pane->first == message.pane;
      if (program->conversation != message.conversation) continue;
      listed = pane;
      ++conversations;
    } else if (working_folder_of(pane->second.process) == message.folder) {
      in_folder = pane;
      ++folders;
    }
  }
  if (conversations > 0) return conversations == 1 ? listed : asked_.end();
  if (!message.pane.empty()) {
    const bool elsewhere = message.server != tmux_server_ || named_pane_is_anothers;
    return elsewhere ? asked_.end() : asked_.find(message.pane);
  }
  return folders == 1 ? in_folder : asked_.end();
}

void ProgramRecords::hear(const HookMessage& message, WallTime at) {
  if (!claude_code_) return;
  const auto pane = find_pane(message);
  if (pane != asked_.end()) pane->second.heard = Testimony{says(message), at};
}

std::optional<Testimony> ProgramRecords::ask(const std::string& session, const PaneCapture& pane) {
  if ((!claude_code_ && !codex_) || pane.program_process == 0 || pane.at_shell) return std::nullopt;
  Asked& asked = asked_[pane.pane];
  if (asked.process != pane.program_process) asked = {pane.program_process, std::nullopt};
  return last_word(ask_record(session, pane), asked.heard);
}

std::optional<Testimony> ProgramRecords::ask_record(const std::string& session, const PaneCapture& pane) {
  std::string path = find_claude_code(pane.program_process);
  const bool codex = path.empty();
  if (codex) path = find_codex(pane.program_process);
  if (path.empty()) {
    records_.erase(pane.pane);
    return std::nullopt;
  }
  Record& record = records_[pane.pane];
  if (record.path != path) {
    record = Record();
    record.path = path;
  }
  if (!is_changed(record)) return record.testimony;
  record.testimony = codex ? read_codex_record(path) : read_claude_code_record(path);
  if (record.size == -1 && !std::exchange(record.reported, true)) {
    log_(fmt::format("{}: its program's record cannot be read: {}", session, path));
  }
  return record.testimony;
}

}  // namespace quotawatch::os
