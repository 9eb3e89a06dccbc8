#include "tests/soak/asked.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "quotawatch/resume.h"

namespace quotawatch::soak {

// The attempt was saved before it was journalled, and typed for after that.
void AskedChecker::begin(const Life& life, const State& state) {
  for (const auto& [session, resumption] : state.resumptions) {
    const auto known = attempts_.find(session);
    if (known == attempts_.end() || !resumption.tried_at || !life.whole) continue;
    if (*resumption.tried_at >= known->second.back().at) continue;
    violate_("typing", life.began,
             fmt::format("life {} forgets attempt {} on {}", life.number, known->second.back().number, session));
  }
}

void AskedChecker::take(const Event& event, bool in_flight) {
  const std::string session = event.session.value_or("");
  const int number = event.attempt.value_or(0);
  if (in_flight) violate_("typing", event.at, session + " is asked to go on while a switch is under way");
  if (number < 1 || number > most_resume_attempts) {
    violate_("typing", event.at, fmt::format("{} is asked for the {}th time", session, number));
  }
  attempts_[session].push_back({event.at, number});
}

void AskedChecker::take_keys(const TypedKeys& keys) {
  const std::string& text = rules_.way_of(keys.session).text;
  const bool chooses = keys.keys.size() == 1 && is_digit(keys.keys.front());
  const std::string kind = keys.keys == text ? "text" : keys.keys == "\r" ? "Enter" : chooses ? "menu" : "";
  if (kind.empty()) {
    return violate_("typing", keys.at,
                    fmt::format("{} was typed into {}, which nobody asked for", in_quotes(escape_controls(keys.keys)),
                                keys.session));
  }
  auto& attempts = attempts_[keys.session];
  const auto next = std::ranges::upper_bound(attempts, keys.at, {}, &Attempt::at);
  if (next == attempts.begin()) {
    return violate_("typing", keys.at, fmt::format("{} was typed into {} for no attempt", kind, keys.session));
  }
  const auto attempt = std::prev(next);
  if (attempt->used.insert(kind).second) return;
  violate_("typing", keys.at,
           fmt::format("{} was typed twice into {} for attempt {}", kind, keys.session, attempt->number));
}

void AskedChecker::end() {
  for (const auto& keys : keys_) take_keys(keys);
}

}  // namespace quotawatch::soak
