#include "judge/rules/scanner.h"

#include <hs.h>

#include <new>
#include <stdexcept>

namespace quotawatch {
namespace {

struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchDeleter {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

}  // namespace

struct WordScanner::Parts {
  std::unique_ptr<hs_database_t, DatabaseDeleter> database;
  std::unique_ptr<hs_scratch_t, ScratchDeleter> scratch;
};

WordScanner::WordScanner(const std::vector<std::string>& words) : parts_(std::make_unique<Parts>()) {
  std::vector<const char*> pointers;
  std::vector<std::size_t> lengths;
  for (const auto& word : words) {
    pointers.push_back(word.c_str());
    lengths.push_back(word.size());
  }
  const std::vector<unsigned> flags(words.size(), HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(pointers.data(), flags.data(), nullptr, lengths.data(), static_cast<unsigned>(words.size()),
                           HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
    const std::string why = error->message;
    hs_free_compile_error(error);
    throw std::runtime_error("the words of the packs cannot be looked for: " + why);
  }
  parts_->database.reset(database);
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) throw std::bad_alloc();
  parts_->scratch.reset(scratch);
}

WordScanner::WordScanner(WordScanner&&) noexcept = default;
WordScanner& WordScanner::operator=(WordScanner&&) noexcept = default;
WordScanner::~WordScanner() = default;

bool WordScanner::any(std::string_view text) {
  const auto stop = [](unsigned, unsigned long long, unsigned long long, unsigned, void*) { return 1; };
  const auto result = hs_scan(parts_->database.get(), text.data(), static_cast<unsigned>(text.size()), 0,
                              parts_->scratch.get(), stop, nullptr);
  if (result != HS_SUCCESS && result != HS_SCAN_TERMINATED) {
    throw std::runtime_error("the scan for words failed");
  }
  return result == HS_SCAN_TERMINATED;
}

}  // namespace quotawatch
