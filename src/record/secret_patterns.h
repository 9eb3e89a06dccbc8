// What secrets and names look like. For secret_search.cc only.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/redaction.h"

namespace quotawatch {

// A second check of what a pattern matched.
using SecretCheck = bool (*)(std::string_view);

struct SecretPattern {
  SecretPattern(SecretKind of, const std::string& text, SecretCheck check, bool rows);

  SecretKind kind;
  RE2 expression;  // its groups are replaced; at most six
  SecretCheck holds;
  bool of_rows;  // what it matches consists of rows, which need not look cut
};

using SecretPatterns = std::vector<std::unique_ptr<const SecretPattern>>;

// In order of precedence. Rows that may continue are apart by "\f" or by nothing, others by "\n".
const SecretPatterns& secret_patterns();

}  // namespace quotawatch
