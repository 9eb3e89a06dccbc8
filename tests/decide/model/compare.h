// Compares two outcomes, with a readable text of the difference.
#pragma once

#include <string>

#include "tests/decide/panes.h"

namespace quotawatch::tests {

inline std::string describe(const Outcome& outcome) {
  std::string text;
  for (const auto& event : outcome.events) text += "  " + to_json(event) + "\n";
  if (!outcome.request) return text;
  const auto& request = *outcome.request;
  return text + "  request " + request.id + " " + request.from + ">" + request.to + " by " + request.session + " " +
         request.reset_text + " " + (request.reset_at ? format_wall_ms(*request.reset_at) : "never") + " asked " +
         format_wall_ms(request.asked_at) + "\n";
}

// Empty if they are the same.
inline std::string difference(const Outcome& wanted, const Outcome& got) {
  if (wanted.events == got.events && wanted.request == got.request) return "";
  return "the model says\n" + describe(wanted) + "the code says\n" + describe(got);
}

// The same for what both say of accounts.
inline std::string difference(const std::string& model, const std::string& code) {
  return model == code ? "" : "the model says\n  " + model + "\nthe code says\n  " + code + "\n";
}

}  // namespace quotawatch::tests
