// Where secrets and names stand in a text. For Redactor only.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "record/redaction.h"

namespace quotawatch {

// Bytes of a text that are to be replaced.
struct SecretSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  SecretKind kind = SecretKind::secret;
};

// What tells itself by its form alone, however long: to be looked for where rows that
// were wrapped are joined, too.
std::vector<SecretSpan> find_tokens(std::string_view text);

// What is told by what stands around it, within a row.
std::vector<SecretSpan> find_names(std::string_view text, const OwnNames& own);

}  // namespace quotawatch
