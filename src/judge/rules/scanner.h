// Words looked for in the raw text of a screen, in one pass: the first thing that a Judge asks of
// every screen, and for most screens the last. Vectorscan does it in a tenth of the time that RE2
// takes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

class WordScanner {
 public:
  // At least one word, each of small letters and digits (see Pack::words).
  explicit WordScanner(const std::vector<std::string>& words);
  WordScanner(WordScanner&&) noexcept;
  WordScanner& operator=(WordScanner&&) noexcept;
  ~WordScanner();

  // True if any of the words stands anywhere in `text`, in either case. Not const because the scan
  // needs room of its own to work in.
  bool any(std::string_view text);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace quotawatch
