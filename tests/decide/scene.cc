#include "scene.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace quotawatch::tests {

DecisionRules rules_with_accounts(std::vector<std::string> accounts) {
  return {QuotaRules{}, std::move(accounts), Zone::utc()};
}

DecisionRules usual_rules() { return rules_with_accounts({"a", "b"}); }

WallTime noon() { return *parse_wall("2026-11-23T12:00:00Z"); }

Scene::Scene(DecisionRules rules, const std::string& active_account)
    : now_{SteadyTime{std::chrono::hours{1000}}, noon()}, decider_(std::move(rules), active_account, now_) {}

Pane& Scene::pane(const std::string& session) {
  const auto found =
      std::find_if(panes_.begin(), panes_.end(), [&](const Pane& known) { return known.session == session; });
  if (found != panes_.end()) return *found;
  return panes_.emplace_back(Pane{session, session.starts_with("pool"), Pane::Kind::absent, Screen{}});
}

void Scene::show(const std::string& session, Screen screen) {
  Pane& shown = pane(session);
  shown.went_on = shown.kind == Pane::Kind::screen && shown.screen.text != screen.text;
  shown.kind = Pane::Kind::screen;
  shown.screen = std::move(screen);
  shown.shared = false;
  if (!shown.started) shown.started = now_.wall;
}

void Scene::share(const std::string& session, Screen screen) {
  show(session, std::move(screen));
  pane(session).shared = true;
}

void Scene::record_use(const std::string& session, int percent, std::optional<WallTime> resets) {
  Pane& speaks = pane(session);
  speaks.record = Pane::Record::fine;
  speaks.used_percent = percent;
  speaks.use_resets = resets;
  speaks.used_at = now_.wall;
}

void Scene::start(const std::string& session) { pane(session).started = now_.wall; }

void Scene::fail(const std::string& session) { pane(session).kind = Pane::Kind::failed; }

void Scene::end_program(const std::string& session) { pane(session).kind = Pane::Kind::ended; }

void Scene::remove(const std::string& session) {
  pane(session).kind = Pane::Kind::absent;
  pane(session).started.reset();
}

void Scene::wait(Milliseconds time) {
  now_.steady += time;
  now_.wall += time;
}

std::string Scene::poll() { return poll_after(interval); }

std::string Scene::poll_after(Milliseconds time) {
  wait(time);
  const auto panes = panes_;
  for (auto& pane : panes_) pane.went_on = false;
  return describe(decider_.poll(panes, now_));
}

std::string Scene::end(bool done, const std::string& id) {
  return describe(decider_.end(id.empty() ? request().id : id, done, now_, "the hook says no"));
}

std::string Scene::restart(Milliseconds down) {
  wait(down);
  now_.steady = SteadyTime{std::chrono::hours{7}};  // another origin, as after a reboot
  return describe(decider_.restart(now_));
}

std::string Scene::free(const std::string& account) {
  return describe(decider_.obey({AccountCommand::Kind::free, account}, now_));
}

std::string Scene::use(const std::string& account) {
  return describe(decider_.obey({AccountCommand::Kind::use, account}, now_));
}

void Scene::switch_once() {
  const std::string first = poll();
  const std::string second = first.ends_with("switch") ? first : poll();
  if (!second.ends_with("switch") || end(true) != "switch_done") {
    throw std::logic_error("no switch, but: " + first + ", " + second);
  }
}

std::string Scene::describe(Outcome outcome) {
  std::string words;
  for (auto& event : outcome.events) {
    if (!words.empty()) words += ' ';
    words += event_name(event.kind);
    if (event.reason) words += ":" + *event.reason;
    events_.push_back(std::move(event));
  }
  if (outcome.request) requests_.push_back(*outcome.request);
  return words;
}

const Event& Scene::last(EventKind kind) const {
  const auto found =
      std::find_if(events_.rbegin(), events_.rend(), [kind](const Event& event) { return event.kind == kind; });
  if (found == events_.rend()) throw std::logic_error("no such event happened");
  return *found;
}

}  // namespace quotawatch::tests
