// Takes secrets and names of people and machines out of what is recorded of panes.
//
// Used by whatever writes recordings: `record` and the flight recorder. Each thing found
// is replaced by a placeholder of its own width and shape, so that rows end where they
// ended; the same thing by the same one throughout a recording, so that a screen that
// stayed the same still does. Time is linear in the text, whatever stands in it.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

enum class SecretKind {
  secret,   // keys, tokens, passwords, private keys, what looks as random as these
  mail,     // addresses of people
  home,     // the name in a home folder's path, and of the user wherever it stands
  host,     // this host's name, names of inner networks, prompts
  address,  // IPv4 and IPv6
};
constexpr std::size_t secret_kind_count = static_cast<std::size_t>(SecretKind::address) + 1;

// Names that no pattern can tell, as the system knows them.
struct OwnNames {
  std::vector<std::string> users;
  std::vector<std::string> hosts;
};

class Redactor {
 public:
  explicit Redactor(OwnNames own = {});

  // A screen of this many columns (0: unknown): rows ended by newlines. What is wrapped
  // onto the next row at the right edge is one piece.
  std::string screen(std::string_view text, int columns);

  // One text, such as a reason.
  std::string line(std::string_view text) { return screen(text, 0); }

  // How many different things of each kind were replaced.
  const std::array<std::size_t, secret_kind_count>& counts() const { return counts_; }

 private:
  // Of what was found, which may have been split over rows: a character a cell.
  const std::string& placeholder(SecretKind kind, const std::string& found);

  OwnNames own_;
  std::map<std::string, std::string> placeholders_;
  std::map<std::string, std::size_t> found_of_shape_;
  std::array<std::size_t, secret_kind_count> counts_{};
};

// "3 secrets, 1 mail address"; "nothing".
std::string describe_redactions(const std::array<std::size_t, secret_kind_count>& counts);

}  // namespace quotawatch
