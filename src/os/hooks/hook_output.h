// Splits a hook's output into lines for the log, limited in length and number. Used by HookRun, one
// object for each run.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "os/log.h"

namespace quotawatch::os {

class HookOutput {
 public:
  static constexpr std::size_t longest_line = 1000;  // bytes
  static constexpr int most_lines = 200;

  enum class Stream { output, error_output };

  // `log` receives each line unescaped and without its newline; it may not be UTF-8.
  explicit HookOutput(Log log) : log_(std::move(log)) {}

  void feed(Stream stream, std::string_view bytes);

  // Logs the last lines if they have no newline.
  void finish();

 private:
  void end_line(std::string& line);

  Log log_;
  std::array<std::string, 2> lines_;  // the incomplete line of each stream
  int logged_ = 0;
};

}  // namespace quotawatch::os
