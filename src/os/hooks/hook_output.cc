#include "os/hooks/hook_output.h"

#include <utf8.h>

#include <algorithm>

namespace quotawatch::os {

void HookOutput::feed(Stream stream, std::string_view bytes) {
  std::string& line = lines_[static_cast<std::size_t>(stream)];
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    // Keep one byte more than is logged, to know that the line is longer.
    const std::size_t room = longest_line + 1 - std::min(line.size(), longest_line + 1);
    line += bytes.substr(0, std::min(end, room));
    if (end < bytes.size()) end_line(line);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
}

void HookOutput::finish() {
  for (auto& line : lines_) {
    if (!line.empty()) end_line(line);
  }
}

void HookOutput::end_line(std::string& line) {
  if (logged_ < most_lines) {
    if (line.size() > longest_line) {
      line.resize(longest_line);
      // Do not cut within a UTF-8 character.
      const auto whole = utf8::find_invalid(line.begin(), line.end());
      if (line.end() - whole < 4) line.erase(whole, line.end());
      line += "…";
    }
    log_(line);
  } else if (logged_ == most_lines) {
    log_("(what the hook says after this is not logged)");
  }
  logged_ = std::min(logged_ + 1, most_lines + 1);
  line.clear();
}

}  // namespace quotawatch::os
