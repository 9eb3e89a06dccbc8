#include "sim/harness/fake_keyboard.h"

namespace quotawatch::sim {

std::string FakeKeyboard::send(const Stroke& stroke) {
  if (!server_.answers()) return "no server";
  const PaneCapture* const pane = panes_.find_pane(stroke.pane);
  if (pane == nullptr) return "can't find pane: " + stroke.pane;
  const bool into_program = stroke.kind == Stroke::Kind::text || stroke.kind == Stroke::Kind::key;
  const bool takes_keys = pane->status == PaneCapture::Status::screen && !pane->in_mode;
  if (into_program && !takes_keys) return "the pane is in a mode, or its program has ended";
  const PaneCapture before = *pane;
  if (stroke.kind == Stroke::Kind::text) panes_.type(stroke.pane, stroke.text);
  if (listener_) listener_(stroke, before);
  return "";
}

std::optional<std::string> FakeKeyboard::read_typed(const std::string& pane) {
  const PaneCapture* const found = server_.answers() ? panes_.find_pane(pane) : nullptr;
  if (found == nullptr || found->status != PaneCapture::Status::screen) return std::nullopt;
  return *found->text;
}

}  // namespace quotawatch::sim
