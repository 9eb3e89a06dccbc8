#include "decider.h"

#include <algorithm>
#include <utility>

namespace quotawatch::tests {

Reading reading_of(const Screen& screen) {
  Reading reading;
  reading.verdict = screen.verdict;
  reading.context = screen.context;
  if (screen.banner.empty()) return reading;
  reading.rule = rule_of(screen);
  reading.line = screen.banner;
  reading.snippet = screen.banner;
  reading.row = 1;
  const bool block = screen.context == Context::block;
  reading.limit = Occurrence{Fingerprint::of(screen.banner), {{Fingerprint::of(screen.text).low}, true, block}};
  reading.window = screen.window;
  if (!screen.reset_text.empty()) {
    reading.reset = ResetTime{screen.reset_text, screen.reset_clock, screen.reset_after, std::nullopt};
  }
  return reading;
}

std::optional<Testimony> with_use(std::optional<Testimony> testimony, const Pane& pane) {
  if (!testimony || !pane.used_percent) return testimony;
  testimony->use = {{std::chrono::hours{5}, *pane.used_percent, pane.use_resets}};
  testimony->use_at = pane.used_at;
  return testimony;
}

// A refusal's time is the same for as long as its screen is.
std::optional<Testimony> testimony_of(const Pane& pane, WallTime now) {
  using Says = Testimony::Says;
  constexpr Milliseconds believed = std::chrono::minutes{5};
  const auto identity = Fingerprint::of(pane.screen.banner + "/" + pane.screen.text).low % 1'000'000;
  const WallTime refused_at =
      reset_in_record() - std::chrono::hours{24} - Milliseconds{static_cast<std::int64_t>(identity)};
  switch (pane.record) {
    case Pane::Record::fine:
      return Testimony{Says::fine, now - std::chrono::hours{1}};
    case Pane::Record::under_way:
      return Testimony{Says::under_way, now - believed + Milliseconds{1}};
    case Pane::Record::silent:
      return Testimony{Says::under_way, now - believed};
    case Pane::Record::refused:
      return Testimony{Says::refused, refused_at};
    case Pane::Record::refused_until:
      return Testimony{Says::refused, refused_at, reset_in_record()};
    default:
      return std::nullopt;
  }
}

Outcome Decider::poll(const std::vector<Pane>& panes, Moment now) {
  std::vector<Reading> readings;
  readings.reserve(panes.size());
  std::vector<Observation> observations;
  for (const auto& pane : panes) {
    if (pane.kind == Pane::Kind::absent) continue;
    const bool seen = pane.kind == Pane::Kind::screen;
    const bool ended = pane.kind == Pane::Kind::ended;
    if (seen) readings.push_back(reading_of(pane.screen));
    observations.push_back({pane.session, pane.pool, seen ? &readings.back() : nullptr,
                            seen    ? ""
                            : ended ? "ended"
                                    : "timed out",
                            ended, seen && pane.shared ? "another" : "", seen && pane.went_on, pane.started,
                            seen ? with_use(testimony_of(pane, now.wall), pane) : std::nullopt});
  }
  auto [remembered, evidence] = fold(rules_, state_, observations, now);
  evidence_ = std::move(evidence);
  auto [next, decision] = step(rules_, std::move(remembered), evidence_, now);
  state_ = std::move(next);
  return outcome_of(decision);
}

Outcome Decider::end(const std::string& id, bool done, Moment now, const std::string& why) {
  SwitchReport report{id, done, done ? "" : why};
  if (id.starts_with('#')) report.id = ids_.at(std::stoul(id.substr(1)) - 1);
  auto [next, decision] = end_switch(rules_, state_, report, now);
  state_ = std::move(next);
  return outcome_of(decision);
}

Outcome Decider::obey(const AccountCommand& command, Moment now) {
  auto [next, event, answer] = quotawatch::obey(rules_, state_, command, now);
  state_ = std::move(next);
  answer_ = std::move(answer);
  Decision decision;
  if (event) decision.events.push_back(std::move(*event));
  return outcome_of(decision);
}

Outcome Decider::restart(Moment now) {
  state_ = start_state(parse_state(to_json(state_), "saved state"), "nobody", now);
  return outcome_of(resume_switch(state_, now));
}

std::string Decider::standing(WallTime now) const {
  std::string text;
  for (const auto& hit : evidence_.hits) {
    if (hit.charged) text += hit.session + " is charged to " + hit.account + "; ";
  }
  for (const auto& [account, until] : state_.limited_until) {
    if (now < until) text += account + " is limited until " + format_wall_ms(until) + "; ";
  }
  return text;
}

// A repeated id keeps its number, which the model will not expect.
std::string Decider::number_of(const std::string& id) {
  auto found = std::find(ids_.begin(), ids_.end(), id);
  if (found == ids_.end()) found = ids_.insert(ids_.end(), id);
  return "#" + std::to_string(found - ids_.begin() + 1);
}

Outcome Decider::outcome_of(const Decision& decision) {
  raw_events_ = decision.events;
  Outcome outcome{decision.events, decision.request};
  for (auto& event : outcome.events) {
    event.why.reset();
    if (event.id) event.id = number_of(*event.id);
  }
  if (outcome.request) outcome.request->id = number_of(outcome.request->id);
  return outcome;
}

}  // namespace quotawatch::tests
