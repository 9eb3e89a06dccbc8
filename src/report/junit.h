// Results as JUnit XML, for CI.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/time.h"

namespace quotawatch {

struct JunitCase {
  std::string name;
  std::string file;                  // that the case is about; empty: none
  std::optional<Milliseconds> took;  // empty: not measured
  std::string message;               // of its failure; empty: it passed
  std::string failure;               // in full
};

struct JunitSuite {
  std::string command;  // "replay"
  Milliseconds took{0};
  std::vector<JunitCase> cases;
};

// Throws InputError if the file cannot be written.
void write_junit(const std::string& path, const JunitSuite& suite);

}  // namespace quotawatch
