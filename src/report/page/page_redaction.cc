#include "report/page/page_redaction.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/text.h"

namespace quotawatch {

void redact_run(Transcript& transcript, std::vector<sim::JournalEntry>& journal, Redactor& redactor) {
  for (auto& event : transcript.events) {
    auto* const screen = std::get_if<ShowScreen>(&event.action);
    if (screen == nullptr) continue;
    const std::string text = redactor.screen(fmt::format("{}", fmt::join(screen->lines, "\n")), screen->columns);
    const auto lines = split_lines(text);
    screen->lines.assign(lines.begin(), lines.end());
  }
  for (auto& entry : journal) entry.event = without_secrets(std::move(entry.event), redactor);
}

}  // namespace quotawatch
