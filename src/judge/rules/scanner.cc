#include "judge/rules/scanner.h"

#include <hs.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace quotawatch {
namespace {

struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchDeleter {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

using Database = std::unique_ptr<hs_database_t, DatabaseDeleter>;
using Scratch = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

[[noreturn]] void refuse(hs_compile_error_t* error) {
  const std::string why = error->message;
  const int culprit = error->expression;
  hs_free_compile_error(error);
  throw BadExpression{culprit < 0 ? std::string::npos : static_cast<std::size_t>(culprit), why};
}

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> all;
  all.reserve(texts.size());
  for (const auto& text : texts) all.push_back(text.c_str());
  return all;
}

std::vector<unsigned> numbers(std::size_t count) {
  std::vector<unsigned> all;
  for (unsigned i = 0; i < count; ++i) all.push_back(i);
  return all;
}

// Single match: the first place is all that is asked.
constexpr unsigned expression_flags =
    HS_FLAG_CASELESS | HS_FLAG_MULTILINE | HS_FLAG_UTF8 | HS_FLAG_SINGLEMATCH;
constexpr unsigned word_flags = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;

}  // namespace

struct Scanner::Parts {
  Database database;
  Scratch scratch;
  std::vector<Match> matches;

  explicit Parts(Database compiled) : database(std::move(compiled)) {
    hs_scratch_t* room = nullptr;
    if (hs_alloc_scratch(database.get(), &room) != HS_SUCCESS) throw std::bad_alloc();
    scratch.reset(room);
  }

  void run(std::string_view text, match_event_handler take) {
    matches.clear();
    const auto result = hs_scan(database.get(), text.data(), static_cast<unsigned>(text.size()), 0,
                                scratch.get(), take, &matches);
    if (result != HS_SUCCESS && result != HS_SCAN_TERMINATED) {
      throw std::runtime_error("the pattern scan failed");
    }
  }
};

Scanner::Scanner(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Scanner::Scanner(Scanner&&) noexcept = default;
Scanner& Scanner::operator=(Scanner&&) noexcept = default;
Scanner::~Scanner() = default;

Scanner Scanner::for_expressions(const std::vector<std::string>& expressions) {
  const std::vector<unsigned> flags(expressions.size(), expression_flags);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(pointers(expressions).data(), flags.data(),
                       numbers(expressions.size()).data(),
                       static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK, nullptr, &database,
                       &error) != HS_SUCCESS) {
    refuse(error);
  }
  return Scanner(std::make_unique<Parts>(Database(database)));
}

Scanner Scanner::for_words(const std::vector<std::string>& words) {
  const std::vector<unsigned> flags(words.size(), word_flags);
  std::vector<std::size_t> lengths;
  lengths.reserve(words.size());
  for (const auto& word : words) lengths.push_back(word.size());
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(pointers(words).data(), flags.data(), numbers(words.size()).data(),
                           lengths.data(), static_cast<unsigned>(words.size()), HS_MODE_BLOCK,
                           nullptr, &database, &error) != HS_SUCCESS) {
    refuse(error);
  }
  return Scanner(std::make_unique<Parts>(Database(database)));
}

const std::vector<Scanner::Match>& Scanner::scan(std::string_view text) {
  parts_->run(text, [](unsigned id, unsigned long long /*from*/, unsigned long long to,
                       unsigned /*flags*/, void* context) {
    static_cast<std::vector<Match>*>(context)->push_back({id, to - 1});
    return 0;
  });
  auto& matches = parts_->matches;
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return std::pair(a.expression, a.last_byte) < std::pair(b.expression, b.last_byte);
  });
  const auto same = [](const Match& a, const Match& b) { return a.expression == b.expression; };
  matches.erase(std::unique(matches.begin(), matches.end(), same), matches.end());
  return matches;
}

bool Scanner::any(std::string_view text) {
  parts_->run(text, [](unsigned id, unsigned long long /*from*/, unsigned long long to,
                       unsigned /*flags*/, void* context) {
    static_cast<std::vector<Match>*>(context)->push_back({id, to - 1});
    return 1;
  });
  return !parts_->matches.empty();
}

}  // namespace quotawatch
