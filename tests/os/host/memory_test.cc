// give_back_memory(): freed memory, and pages used only at startup, are no longer resident.
#include "os/host/memory.h"

#include <gtest/gtest.h>
#include <link.h>

#include <fstream>
#include <string>
#include <vector>

namespace quotawatch::os {
namespace {

// A value from /proc/self/status, in KiB.
long resident_kib(const std::string& wanted) {
  std::ifstream status("/proc/self/status");
  for (std::string key; status >> key;) {
    long kib = 0;
    if (key == wanted && status >> kib) return kib;
  }
  return -1;
}

constexpr long mib = 1024;  // KiB

TEST(GiveBackMemory, GivesBackWhatWasFreed) {
  std::vector<std::string> pieces;
  constexpr int kib_of_pieces = 32 * mib;
  for (int i = 0; i < kib_of_pieces; ++i) pieces.emplace_back(1000, 'x');
  // The last piece keeps the heap from shrinking by itself.
  std::string last = std::move(pieces.back());
  const long full = resident_kib("RssAnon:");
  pieces.clear();
  give_back_memory();
  EXPECT_LT(resident_kib("RssAnon:"), full - 24 * mib);
  EXPECT_EQ(last, std::string(1000, 'x'));
}

// Reads a byte of each read-only page, as startup does with many of them.
int touch_code(dl_phdr_info* object, std::size_t /*size*/, void* /*context*/) {
  constexpr std::size_t page = 4096;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto* bytes = reinterpret_cast<const volatile char*>(object->dlpi_addr + segment.p_vaddr);
    for (std::size_t at = 0; at < segment.p_filesz; at += page) static_cast<void>(bytes[at]);
  }
  return 0;
}

TEST(GiveBackMemory, GivesBackPagesOfTheProgram) {
  ::dl_iterate_phdr(touch_code, nullptr);
  const long before = resident_kib("RssFile:");
  give_back_memory();
  const long after = resident_kib("RssFile:");
  EXPECT_GT(before, 4 * mib);
  EXPECT_LT(after, before - 2 * mib);
}

TEST(GiveBackMemory, LeavesTheProgramAsItWas) {
  static const std::string constant = "a constant";
  static int variable = 7;
  give_back_memory();
  EXPECT_EQ(constant, "a constant");
  EXPECT_EQ(variable, 7);
  EXPECT_THROW(throw std::runtime_error("unwinds"), std::runtime_error);
}

}  // namespace
}  // namespace quotawatch::os
