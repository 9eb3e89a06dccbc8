// Kinds of secrets and names as they stand on panes, with random contents, and the layouts in which panes show
// them.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::testing_support {

struct SecretLine {
  std::string text;
  std::vector<bool> secret;  // for each byte
};

// "curl -u me:«{p12}»": what is between « and » is the secret; {p12} is a random password of 12 characters.
SecretLine draw_secret(std::string_view kind, std::mt19937& random);

const std::vector<std::string>& secret_kinds();

enum class SecretLayout { wide, usual, narrow, gutter, hard_wrapped, boxed };
inline constexpr int secret_layout_count = 6;

struct SecretScreen {
  std::string text;
  std::vector<bool> secret;  // for each byte
  int columns = 0;
};

SecretScreen lay_out(const SecretLine& line, SecretLayout layout, std::mt19937& random);

// The longest part of the secret that stands unchanged on the redacted screen.
std::string longest_leak(const SecretScreen& screen, std::string_view redacted);

}  // namespace quotawatch::testing_support
