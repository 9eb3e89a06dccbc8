// What the unit tests share: errors as values to expect, and a folder of their own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "quotawatch/input_error.h"

namespace quotawatch::tests {

// Whether `action` throws an InputError at this line whose problem has `part` in it.
template <typename Action>
testing::AssertionResult fails(Action action, std::size_t line, std::string_view part) {
  try {
    action();
  } catch (const InputError& error) {
    if (error.line() == line && error.problem().find(part) != std::string::npos) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "wanted line " << line << " and \"" << part << "\", got " << error.what();
  }
  return testing::AssertionFailure() << "nothing was thrown; wanted \"" << part << "\"";
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = testing::TempDir() + "quotawatch-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }

  // Writes a file and returns its path.
  std::string write(const std::string& name, std::string_view text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    write_file(file, text);
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace quotawatch::tests
