// Removes secrets and names of people and machines from recorded screens.
//
// Used by `record` and write_recording(). Each finding is replaced by a placeholder of the same width
// and format, so that rows keep their layout. Within a recording, equal findings get equal
// placeholders, so that an unchanged screen stays unchanged. Linear in the length of the text.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/event.h"

namespace quotawatch {

enum class SecretKind {
  secret,   // keys, tokens, passwords, private keys, and text that looks as random
  mail,     // addresses of people
  home,     // the name in a home folder's path, and the user's name anywhere
  host,     // this host's name, names of inner networks, prompts
  address,  // IPv4 and IPv6
};
constexpr std::size_t secret_kind_count = static_cast<std::size_t>(SecretKind::address) + 1;

// Names that no pattern can recognise.
struct OwnNames {
  std::vector<std::string> users;
  std::vector<std::string> hosts;
};

class Redactor {
 public:
  explicit Redactor(OwnNames own = {});

  // A screen with this many columns (0: unknown). Text that wraps at the right edge is joined.
  std::string screen(std::string_view text, int columns);

  std::string line(std::string_view text) { return screen(text, 0); }

  // How many different findings of each kind were replaced.
  const std::array<std::size_t, secret_kind_count>& counts() const { return counts_; }

 private:
  // One character for each cell of `found`, which may have been split over rows.
  const std::string& placeholder(SecretKind kind, const std::string& found);

  OwnNames own_;
  std::map<std::string, std::string> placeholders_;
  std::map<std::string, std::size_t> found_of_shape_;
  std::array<std::size_t, secret_kind_count> counts_{};
};

// An event as others may read it: without secrets in what it quotes from a pane or a program.
Event without_secrets(Event event, Redactor& redactor);

// "3 secrets, 1 mail address"; "nothing".
std::string describe_redactions(const std::array<std::size_t, secret_kind_count>& counts);

}  // namespace quotawatch
