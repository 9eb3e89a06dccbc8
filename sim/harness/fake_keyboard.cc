#include "sim/harness/fake_keyboard.h"

#include <array>
#include <string_view>

namespace quotawatch::sim {

std::string without_suggestions(std::string screen) {
  constexpr std::array<std::string_view, 2> suggestions{"Ask Codex to do anything",
                                                        "Type your message or @path/to/file"};
  for (const auto words : suggestions) {
    for (auto at = screen.find(words); at != std::string::npos; at = screen.find(words, at + words.size())) {
      screen.replace(at, words.size(), words.size(), ' ');
    }
  }
  return screen;
}

std::string FakeKeyboard::why_not(const Stroke& stroke) {
  const Says& says = says_[stroke.pane];
  if (says.busy) return "the agent says that it works";
  const bool needs_id = stroke.kind == Stroke::Kind::restart && names_conversation(stroke);
  return needs_id && says.conversation.empty() ? "the id of its conversation is not known" : "";
}

std::string FakeKeyboard::send(const Stroke& stroke) {
  if (!server_.answers()) return "no server";
  const PaneCapture* const pane = panes_.find_pane(stroke.pane);
  if (pane == nullptr) return "can't find pane: " + stroke.pane;
  const bool into_program = stroke.kind == Stroke::Kind::text || stroke.kind == Stroke::Kind::key;
  const bool takes_keys = pane->status == PaneCapture::Status::screen && !pane->in_mode;
  if (into_program && !takes_keys) return "the pane is in a mode, or its program has ended";
  const std::string& conversation = says_[stroke.pane].conversation;
  const bool needs_id = stroke.kind == Stroke::Kind::restart && names_conversation(stroke);
  if (needs_id && conversation.empty()) return "the id of its conversation is not known";
  const PaneCapture before = *pane;
  if (stroke.kind == Stroke::Kind::text) panes_.type(stroke.pane, stroke.text);
  if (listener_) listener_(needs_id ? with_conversation(stroke, conversation) : stroke, before);
  return "";
}

std::optional<std::string> FakeKeyboard::read_typed(const std::string& pane) {
  const PaneCapture* const found = server_.answers() ? panes_.find_pane(pane) : nullptr;
  if (found == nullptr || found->status != PaneCapture::Status::screen) return std::nullopt;
  return without_suggestions(*found->text);
}

}  // namespace quotawatch::sim
