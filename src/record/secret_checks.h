// Second looks at what a pattern of secret_patterns.cc matched.
#pragma once

#include <string_view>

namespace quotawatch {

// Words and numbers, and no part of a token.
bool is_prose(std::string_view text);

// Common words on screens are not redacted, even if a user or host has such a name.
bool is_common(std::string_view name);

bool any(std::string_view found);
bool has_digit(std::string_view found);
bool is_no_mask(std::string_view found);
bool is_no_word(std::string_view found);
bool is_random(std::string_view found);
bool is_licence(std::string_view found);
bool is_card(std::string_view found);
bool is_foreign_address(std::string_view found);
bool is_address(std::string_view found);
bool is_argument(std::string_view found);
bool is_login(std::string_view found);
bool is_uncommon(std::string_view found);
bool is_host(std::string_view found);

}  // namespace quotawatch
