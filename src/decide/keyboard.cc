#include "quotawatch/keyboard.h"

namespace quotawatch {
namespace {

constexpr std::string_view placeholder = "{session_id}";

}  // namespace

bool names_conversation(const Stroke& stroke) {
  for (const auto& argument : stroke.arguments) {
    if (argument.find(placeholder) != std::string::npos) return true;
  }
  return false;
}

Stroke with_conversation(Stroke stroke, std::string_view id) {
  for (auto& argument : stroke.arguments) {
    for (auto at = argument.find(placeholder); at != std::string::npos;
         at = argument.find(placeholder, at + id.size())) {
      argument.replace(at, placeholder.size(), id);
    }
  }
  return stroke;
}

}  // namespace quotawatch
