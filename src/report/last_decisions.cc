#include "report/last_decisions.h"

#include <algorithm>
#include <utility>

namespace quotawatch {
namespace {

constexpr std::size_t most_lines = 50;     // that a screen may show
constexpr std::size_t most_read = 20'000;  // lines of the journal; most are no decisions

}  // namespace

LastDecisions::LastDecisions(const std::string& journal, Zone zone) : tail_(journal), log_({}, std::move(zone)) {
  std::deque<std::string> last;
  const auto files = journal_files(journal);
  const std::size_t first = files.size() - std::min<std::size_t>(files.size(), 2);
  for (std::size_t i = first; i < files.size(); ++i) {
    read_journal_lines(files[i], [&](std::string_view line) {
      last.emplace_back(line);
      if (last.size() > most_read) last.pop_front();
    });
  }
  for (const auto& line : last) take(line);
}

void LastDecisions::take(std::string_view line) {
  std::string text = log_.take(line);
  if (text.empty()) return;
  text.pop_back();  // its newline
  lines_.push_back(std::move(text));
  if (lines_.size() > most_lines) lines_.pop_front();
}

std::vector<std::string> LastDecisions::read() {
  tail_.read([this](std::string_view line) { take(line); });
  return {lines_.begin(), lines_.end()};
}

}  // namespace quotawatch
