// Finds secrets and names on a screen, also where they go on in the next row. For Redactor only.
#pragma once

#include <string_view>
#include <vector>

#include "record/joined_rows.h"
#include "record/redaction.h"

namespace quotawatch {

struct SecretFinding {
  std::vector<RowPiece> pieces;  // in order
  SecretKind kind = SecretKind::secret;
};

// Findings may overlap; earlier ones take precedence.
std::vector<SecretFinding> find_secrets(std::string_view screen, int columns, const OwnNames& own);

}  // namespace quotawatch
