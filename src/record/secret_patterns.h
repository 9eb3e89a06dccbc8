// Finds secrets and names in a text. For Redactor only.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "record/redaction.h"

namespace quotawatch {

// Bytes to be replaced.
struct SecretSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  SecretKind kind = SecretKind::secret;
};

// Findings recognised by their form alone, which may be longer than a row: to be searched for in
// the joined rows, too.
std::vector<SecretSpan> find_tokens(std::string_view text);

// Findings recognised by the text around them, within a row.
std::vector<SecretSpan> find_names(std::string_view text, const OwnNames& own);

}  // namespace quotawatch
