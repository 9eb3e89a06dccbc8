#include <algorithm>
#include <chrono>

#include "model.h"

namespace quotawatch::tests {

// The model of rules A2 to A4: what a screen shows, since when, and whether it already did when a switch was asked for.

std::vector<const Model::Seen*> Model::looks_at(const std::string& session) const {
  std::vector<const Seen*> looks;
  for (const auto& seen : history_) {
    if (seen.session == session) looks.push_back(&seen);
  }
  return looks;
}

// True if nothing of the shown conversation is visible although it may continue: in a shell, in a
// program that has just started, or if the session is gone.
bool Model::hides(const Screen& shown, const Seen& look) {
  if (shown.context != Context::conversation) return false;
  return !look.screen || (look.screen->banner.empty() && look.screen->context != Context::conversation);
}

// The look at which the present banner appeared in its conversation.
const Model::Seen* Model::first_seen(const std::string& session) const {
  const auto looks = looks_at(session);
  const Screen& now = *looks.back()->screen;
  const Seen* first = looks.back();
  for (auto look = looks.rbegin(); look != looks.rend(); ++look) {
    if (hides(now, **look)) continue;
    const auto& then = (*look)->screen;
    if (!then || then->banner != now.banner || then->context != now.context) break;
    if (now.context == Context::conversation && then->text != now.text) break;
    first = *look;
  }
  return first;
}

bool Model::was_seen_coming(const Seen& first) const {
  for (const auto* look : looks_at(first.session)) {
    if (look->screen && look->poll > run_began_ && look->poll < first.poll &&
        look->at.steady >= first.at.steady - std::chrono::minutes{5}) {
      return true;
    }
  }
  return false;
}

// The record says the same as the screen (W1).
bool Model::is_refused(const Pane& pane) {
  const bool says_so = pane.record == Pane::Record::refused || pane.record == Pane::Record::refused_until;
  return says_so && pane.screen.verdict == Verdict::exhausted;
}

// The record's reset counts.
Model::Reset Model::reset_of(const Pane& pane, WallTime now) const {
  Reset reset = reset_on_screen(pane, now);
  if (pane.record != Pane::Record::refused_until || !is_refused(pane)) return reset;
  reset.at = reset_in_record();
  reset.expired = now >= *reset.at && !reset.retry_at;
  return reset;
}

Model::Reset Model::reset_on_screen(const Pane& pane, WallTime now) const {
  constexpr Milliseconds day = std::chrono::hours{24};
  const Screen& screen = pane.screen;
  const Seen& first = *first_seen(pane.session);
  const WallTime seen = first.at.wall;
  const Milliseconds longest = screen.window ? *screen.window + std::chrono::minutes{30} : Milliseconds{day * 32};
  if (screen.reset_after) {
    const WallTime end = seen + *screen.reset_after;
    if (end > seen + longest) return {};
    return {end, now >= end, std::nullopt};
  }
  if (!screen.reset_clock) return {};
  WallTime candidate{*screen.reset_clock};  // on the first day of 1970
  while (candidate + day * 366 <= seen) candidate += day * 366;
  while (candidate <= seen) candidate += day;
  const bool beyond = candidate > seen + longest;
  const bool just_before = candidate - day >= seen - std::chrono::minutes{5};
  const bool may_be_tomorrow = screen.context == Context::block && !beyond;
  if (just_before && !may_be_tomorrow && seen_coming_.at(first.poll).contains(pane.session)) {
    return {candidate - day, false, seen + std::chrono::minutes{1}};
  }
  return {candidate, beyond || now >= candidate, std::nullopt};
}

bool Model::is_hit(const Pane& pane, WallTime now) const {
  // W2.
  if (pane.record == Pane::Record::fine) return false;
  if (pane.record == Pane::Record::under_way && pane.screen.verdict == Verdict::exhausted) return false;
  if (pane.screen.unknown_wording && !is_refused(pane) && !quota_.count_unknown_wording) return false;
  const bool limit = pane.screen.verdict == Verdict::exhausted ||
                     (pane.screen.verdict == Verdict::throttled && quota_.count_throttled);
  return limit && !reset_of(pane, now).expired;
}

// The last look at the banner that the session shows, or would show if its hidden conversation
// became visible again.
const Model::Seen* Model::last_banner(const std::string& session) const {
  const Seen* shown = nullptr;
  for (const auto* look : looks_at(session)) {
    if (shown != nullptr && hides(*shown->screen, *look)) continue;
    const bool banner = look->screen && !look->screen->banner.empty();
    shown = banner ? look : nullptr;
  }
  return shown;
}

// What the session showed when the switch was requested, as far as known.
std::optional<Screen> Model::shown_at(const Asked& asked, const std::string& session) const {
  if (const auto then = asked.shown.find(session); then != asked.shown.end()) return then->second;
  const auto banner = asked.banners.find(session);
  if (banner == asked.banners.end()) return std::nullopt;
  for (const auto* look : looks_at(session)) {
    if (look->poll <= asked.poll || !look->screen) continue;
    const bool same = look->screen->banner == banner->second;
    return same && look->screen->context == Context::block ? look->screen : std::nullopt;
  }
  return std::nullopt;
}

// A3.
bool Model::is_stale(const Pane& pane, WallTime now) const {
  if (!last_done_) return false;
  const Asked& last = switches_[*last_done_];
  const auto then = shown_at(last, pane.session);
  bool changed = false;
  for (const auto* look : looks_at(pane.session)) {
    if (look->poll <= last.poll || !then || !look->screen) continue;
    if (hides(*then, *look)) continue;
    const bool same = look->screen->banner == then->banner && look->screen->text == then->text &&
                      look->screen->context == then->context;
    changed = changed || !same;
  }
  if (then && !changed) return true;
  const auto reset = reset_of(pane, now).at;
  return reset && reset == last.request.reset_at && first_seen(pane.session)->under_way == last_done_;
}

}  // namespace quotawatch::tests
