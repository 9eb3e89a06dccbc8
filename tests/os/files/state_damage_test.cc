// How FileStateStore handles damaged, missing and invalid files.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "os/files/file_state_store.h"
#include "quotawatch/input_error.h"
#include "tests/contracts/state_store_contract.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using contracts::make_state;
using os::FileStateStore;
using Access = FileStateStore::Access;

class DamagedState : public testing::Test {
 protected:
  FileStateStore open(Access access = Access::read_write) {
    notes_.clear();
    return {path_, access, [this](std::string_view note) { notes_.emplace_back(note); }};
  }

  // Saves states 1 and 2.
  void save_two() {
    auto store = open();
    ASSERT_EQ(store.save(make_state(1)), std::nullopt);
    ASSERT_EQ(store.save(make_state(2)), std::nullopt);
  }

  // Expects an error about `file` that contains `part`, and no change to the files.
  void expect_error(const std::string& file, const std::string& part) {
    const std::string before = read_file(path_) + "|" + read_file(path_ + ".previous");
    auto store = open();
    try {
      store.load();
      ADD_FAILURE() << "no error";
    } catch (const InputError& error) {
      EXPECT_EQ(error.file(), file);
      EXPECT_NE(error.problem().find(part), std::string::npos) << error.problem();
    }
    EXPECT_EQ(read_file(path_) + "|" + read_file(path_ + ".previous"), before);
    EXPECT_TRUE(notes_.empty());
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "state.json";
  std::vector<std::string> notes_;
};

// Damage during a run must not become the generation to fall back to.
TEST_F(DamagedState, WhatIsDamagedBetweenTwoSavesIsNotKept) {
  auto store = open();
  ASSERT_EQ(store.save(make_state(1)), std::nullopt);
  ASSERT_EQ(store.save(make_state(2)), std::nullopt);
  write_file(path_, "{\"quotawatch_state\": 1, \"act");
  ASSERT_EQ(store.save(make_state(3)), std::nullopt);
  write_file(path_, "torn again");
  const auto loaded = store.load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->switches_asked, 1U);
}

// Whatever part of the file survives, the result is this state or the previous one.
TEST_F(DamagedState, AFileTornAnywhereFallsBack) {
  save_two();
  const std::string whole = read_file(path_);
  auto store = open();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    notes_.clear();
    write_file(path_, whole.substr(0, length));
    const auto state = store.load();
    ASSERT_TRUE(state);
    if (length + 1 == whole.size()) {  // only the last newline is missing
      EXPECT_EQ(state->switches_asked, 2);
    } else {
      ASSERT_EQ(state->switches_asked, 1) << length;
      ASSERT_EQ(notes_.size(), 1);
      ASSERT_EQ(read_file(path_ + ".damaged-1"), whole.substr(0, length));
      ASSERT_FALSE(file_exists(path_));
      std::filesystem::remove(path_ + ".damaged-1");
    }
  }
}

TEST_F(DamagedState, SaysWhatItDid) {
  save_two();
  write_file(path_, "{\n  \"quotawatch_state\": 1,\n");
  auto store = open();
  EXPECT_EQ(store.load()->switches_asked, 1);
  ASSERT_EQ(notes_.size(), 1);
  EXPECT_TRUE(notes_[0].starts_with("the state \"" + path_ + "\" is damaged (line ")) << notes_[0];
  EXPECT_TRUE(notes_[0].ends_with(") and set aside as \"" + path_ +
                                  ".damaged-1\"; going on with the one before it, \"" + path_ + ".previous\""))
      << notes_[0];
}

TEST_F(DamagedState, FindsAFreeNameForWhatItSetsAside) {
  save_two();
  write_file(path_ + ".damaged-1", "older");
  std::filesystem::create_symlink("nowhere", path_ + ".damaged-2");
  write_file(path_, "damaged");
  auto store = open();
  store.load();
  EXPECT_EQ(read_file(path_ + ".damaged-1"), "older");
  EXPECT_EQ(read_file(path_ + ".damaged-3"), "damaged");
}

TEST_F(DamagedState, AMissingFileFallsBack) {
  save_two();
  std::filesystem::remove(path_);
  auto store = open();
  EXPECT_EQ(store.load()->switches_asked, 1);
  ASSERT_EQ(notes_.size(), 1);
  EXPECT_EQ(notes_[0],
            "the state \"" + path_ + "\" is missing; going on with the one before it, \"" + path_ + ".previous\"");
}

TEST_F(DamagedState, AfterAFallBackTheGoodGenerationIsKept) {
  save_two();
  write_file(path_, "damaged");
  auto store = open();
  store.load();
  ASSERT_EQ(store.save(make_state(3)), std::nullopt);
  EXPECT_EQ(read_file(path_), to_json(make_state(3)));
  EXPECT_EQ(read_file(path_ + ".previous"), to_json(make_state(1)));
}

// Not even if the damaged file could not be moved away.
TEST_F(DamagedState, ADamagedFileNeverTakesThePlaceOfAGoodOne) {
  save_two();
  write_file(path_, "damaged");
  for (int i = 1; i <= 1000; ++i) {
    std::filesystem::create_symlink("x", path_ + ".damaged-" + std::to_string(i));
  }
  auto store = open();
  EXPECT_EQ(store.load()->switches_asked, 1);
  EXPECT_EQ(read_file(path_), "damaged");
  ASSERT_EQ(store.save(make_state(3)), std::nullopt);
  EXPECT_EQ(read_file(path_), to_json(make_state(3)));
  EXPECT_EQ(read_file(path_ + ".previous"), to_json(make_state(1)));
  ASSERT_EQ(store.save(make_state(4)), std::nullopt);
  EXPECT_EQ(read_file(path_ + ".previous"), to_json(make_state(3)));
}

TEST_F(DamagedState, ADryRunSetsNothingAside) {
  save_two();
  write_file(path_, "damaged");
  auto store = open(Access::read_only);
  EXPECT_EQ(store.load()->switches_asked, 1);
  EXPECT_EQ(read_file(path_), "damaged");
  EXPECT_FALSE(file_exists(path_ + ".damaged-1"));
  EXPECT_EQ(notes_.size(), 1);
}

TEST_F(DamagedState, WithNoGoodGenerationItIsAnErrorThatSaysWhatToDo) {
  write_file(path_, "{\n\n  damaged");
  expect_error(path_, "there is none before it; move it away to start with nothing known");
  write_file(path_ + ".previous", "damaged too");
  expect_error(path_, "the one before it is damaged as well; move it away");
  std::filesystem::remove(path_);
  expect_error(path_ + ".previous", "there is no newer one; move it away");
}

TEST_F(DamagedState, TheErrorNamesTheLine) {
  write_file(path_, "{\n\n\n  damaged");
  auto store = open();
  try {
    store.load();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.line(), 4);
  }
}

TEST_F(DamagedState, BinaryAndHugeFilesAreDamaged) {
  save_two();
  const std::string good = read_file(path_);
  for (const std::string& text : {std::string(100, '\0'), std::string("\xff\xfe{}"), std::string(), good + good,
                                  good + std::string(17'000'000, ' ')}) {
    write_file(path_, text);
    auto store = open();
    EXPECT_EQ(store.load()->switches_asked, 1);
    EXPECT_EQ(notes_.size(), 1);
  }
}

TEST_F(DamagedState, WhatCannotBeReadIsAnErrorAndNoDamage) {
  write_file(path_ + ".previous", to_json(make_state(1)));
  std::filesystem::create_directory(path_);
  expect_error(path_, "is not a file");
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  auto store = open();
  EXPECT_THROW(store.load(), InputError);
}

}  // namespace
}  // namespace quotawatch
